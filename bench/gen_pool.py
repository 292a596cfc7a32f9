#!/usr/bin/env python3
"""Write a workspace of N made-up requirements, with all that stands around them.

    python bench/gen_pool.py N OUT [--seed S] [--near-duplicates SHARE]

The company sells software for maintaining machines: work orders, spare parts, contracts. Half of its people write
Chinese, half English. All eight kinds are there, the pool has no errors, and the same arguments give the same bytes on
every machine: all chance comes from one generator with a fixed seed, and nothing asks the clock.

`OUT/truth.json` knows what a search for duplicates should find: `near_duplicates` are pairs of requirements that ask for
the same in other words, `decided` those which the pool has already merged. No other two requirements ask for the same.

Only the standard library, so that it runs before anything is installed.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
FIRST_DAY = date(2025, 1, 6)
LAST_DAY = date(2026, 6, 30)

# ---- what people talk about ------------------------------------------------------------------------------------------
# One idea is a wish for a thing, on an occasion, for a reason, at a size. Everything that can be said has three wordings
# a language; two requirements are near-duplicates when their ideas are one and their wordings differ.

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Words:
    """The same thing said three times over in each language."""

    zh: tuple[str, str, str]
    en: tuple[str, str, str]

    def say(self, language: str, wording: int) -> str:
        return (self.zh if language == "zh" else self.en)[wording % 3]


def words(zh: str, en: str) -> Words:
    """Words from lists of three with bars between."""
    first, second, third = zh.split(" | ")
    one, two, three = en.split(" | ")
    return Words((first, second, third), (one, two, three))


MODULES: dict[str, tuple[Words, tuple[Words, ...]]] = {
    "dispatch": (
        words("派工 | 派单 | 调度", "Dispatch | Scheduling | Dispatching"),
        (
            words("工单 | 派工单 | 服务单", "work orders | job tickets | service orders"),
            words("技师排班 | 工程师班表 | 外勤排班", "technician rosters | engineer shifts | field rotas"),
            words("上门时间窗 | 预约时段 | 到场时间", "visit windows | appointment slots | arrival times"),
            words("派工规则 | 分单规则 | 自动分配规则", "assignment rules | routing rules | dispatch rules"),
        ),
    ),
    "contracts": (
        words("维保合同 | 服务合同 | 保养协议", "Contracts | Service contracts | Maintenance agreements"),
        (
            words("合同续签提醒 | 到期续约通知 | 续签预警", "renewal reminders | expiry notices | renewal alerts"),
            words("服务级别 | SLA 条款 | 响应时限", "service levels | SLA terms | response times"),
            words("合同附件 | 协议扫描件 | 签署文件", "contract files | signed scans | agreement documents"),
            words("保养计划 | 定期维护计划 | 预防性维护日程", "maintenance plans | service schedules | upkeep plans"),
        ),
    ),
    "spare-parts": (
        words("备件 | 配件 | 零配件", "Spare parts | Parts | Spares"),
        (
            words("备件库存 | 配件存量 | 零件结存", "parts stock | spares inventory | stock of parts"),
            words("领料单 | 出库单 | 备件申领", "parts requests | issue slips | pick lists"),
            words("安全库存 | 最低库存线 | 补货点", "reorder points | minimum stock levels | safety stock"),
            words("替代料关系 | 可替换件清单 | 通用件对照", "substitute parts | interchange lists | alternative parts"),
        ),
    ),
    "assets": (
        words("设备台账 | 资产 | 设备档案", "Assets | Equipment | Installed base"),
        (
            words("设备档案 | 机台资料 | 资产卡片", "machine records | asset cards | equipment files"),
            words("铭牌二维码 | 设备标签 | 机身条码", "nameplate codes | machine labels | asset tags"),
            words("维修履历 | 历史维修记录 | 检修档案", "repair history | past repairs | service records"),
            words("设备层级 | 上下级设备树 | 部件结构", "asset trees | equipment hierarchy | component structure"),
        ),
    ),
    "mobile-app": (
        words("移动端 | 手机端 | 外勤 App", "Mobile app | Phone app | Field app"),
        (
            words("现场照片 | 维修拍照 | 工单图片", "site photos | repair pictures | job photos"),
            words("客户签名 | 电子签字 | 现场签收", "customer signatures | sign-offs | on-site signing"),
            words("检查表 | 点检清单 | 巡检表单", "checklists | inspection forms | check sheets"),
            words("语音记录 | 口述备注 | 录音说明", "voice notes | spoken remarks | dictated notes"),
        ),
    ),
    "settlement": (
        words("结算 | 费用结算 | 对账", "Settlement | Charging | Job costing"),
        (
            words("工时费用 | 人工费 | 服务工时", "labour charges | billed hours | working time"),
            words("差旅费 | 路费补贴 | 交通费用", "travel costs | mileage claims | trip expenses"),
            words(
                "服务商对账单 | 外包结算单 | 合作方账单", "partner statements | subcontractor bills | vendor accounts"
            ),
            words("质保判定 | 保内保外判断 | 保修归属", "warranty decisions | warranty checks | cover rulings"),
        ),
    ),
    "knowledge": (
        words("知识库 | 维修知识 | 技术文档", "Knowledge base | Repair guides | Know-how"),
        (
            words("故障代码说明 | 报警代码解释 | 错误码手册", "fault codes | alarm code guides | error code pages"),
            words("维修案例 | 排障经验 | 故障处理案例", "repair cases | troubleshooting stories | fix write-ups"),
            words("操作视频 | 培训录像 | 维修教学片", "how-to videos | training clips | repair films"),
            words("装配图纸 | 爆炸图 | 零件图册", "exploded views | assembly drawings | parts diagrams"),
        ),
    ),
    "portal": (
        words("客户门户 | 报修入口 | 客户自助", "Customer portal | Self-service | Client portal"),
        (
            words("在线报修 | 自助报障 | 网上提单", "online fault reports | repair requests | self-service tickets"),
            words("进度查询 | 维修状态页 | 工单跟踪", "progress pages | status tracking | order tracking"),
            words("满意度回访 | 服务评价 | 客户打分", "satisfaction surveys | service ratings | customer feedback"),
            words("门户账号 | 客户子账号 | 登录用户", "portal accounts | customer logins | sub-accounts"),
        ),
    ),
    "telemetry": (
        words("物联监测 | 远程监控 | 传感数据", "Telemetry | Remote monitoring | Sensors"),
        (
            words("振动曲线 | 震动数据 | 振动趋势", "vibration curves | vibration data | vibration trends"),
            words("报警阈值 | 告警门限 | 预警线", "alarm limits | alert thresholds | warning levels"),
            words("停机时长 | 宕机时间 | 停线记录", "downtime figures | stoppage records | standstill times"),
            words("能耗读数 | 用电数据 | 耗电量", "energy readings | power use | consumption data"),
        ),
    ),
    "reports": (
        words("报表 | 统计分析 | 经营看板", "Reports | Analytics | Dashboards"),
        (
            words(
                "首次修复率 | 一次修好率 | 首修成功率",
                "first-time fix rate | fixed-first-visit share | one-visit repairs",
            ),
            words(
                "月度服务报告 | 每月维保总结 | 月报", "monthly service reports | month-end summaries | monthly reviews"
            ),
            words("技师绩效 | 工程师产出 | 人员效率", "technician performance | engineer output | crew efficiency"),
            words("客户利润 | 单客毛利 | 客户贡献", "customer margins | profit by account | account profitability"),
        ),
    ),
}
RETIRED_MODULE = "fax-gateway"

WISHES = (
    words("批量修改{} | 一次改完多条{} | 成批调整{}", "change many {} at once | edit {} in bulk | mass-edit {}"),
    words(
        "把{}导出成 Excel | 下载{}的表格 | {}导出到电子表格",
        "export {} to Excel | download {} as a sheet | get {} into a spreadsheet",
    ),
    words(
        "离线也能看{} | 没有网络时打开{} | 断网查看{}",
        "open {} offline | read {} without a network | have {} when disconnected",
    ),
    words(
        "按角色限制{} | {}分权限查看 | 给{}设访问权限",
        "limit {} by role | restrict who sees {} | set permissions on {}",
    ),
    words(
        "{}有变动时通知我 | {}更新后推送消息 | {}变化及时提醒",
        "be told when {} change | get notified about {} | receive alerts on {}",
    ),
    words("撤销对{}的改动 | {}改错了能退回 | 恢复{}的旧版本", "undo changes to {} | roll {} back | restore earlier {}"),
    words(
        "用接口同步{} | 通过 API 读写{} | {}和我们的系统打通",
        "sync {} by API | read and write {} from our systems | integrate {} with our ERP",
    ),
    words(
        "自定义{}的字段 | 给{}加自己的栏位 | {}字段可配置",
        "add our own fields to {} | configure the columns of {} | customise {}",
    ),
    words("快速查到{} | 搜索{}要更快 | 一搜就出{}", "find {} faster | search {} at once | look up {} quickly"),
    words("合并重复的{} | {}去重 | 清理重复{}", "merge duplicate {} | clean up doubled {} | de-duplicate {}"),
    words(
        "定时汇总{} | 每周自动发{} | {}按周期推送",
        "get {} every week by mail | schedule a digest of {} | have {} sent periodically",
    ),
    words("多语言显示{} | {}支持英文界面 | {}提供双语", "show {} in two languages | translate {} | have bilingual {}"),
)
OCCASIONS = (
    words(
        "在地下机房检修时 | 人在地下室机房时 | 地下设备间作业时",
        "while working in a basement | down in the plant room | at machines below ground",
    ),
    words(
        "月底结账前 | 每到月末关账 | 月结那几天",
        "before the month-end close | at the end of each month | during closing week",
    ),
    words(
        "客户打电话来催的时候 | 用户来电追问时 | 接到催单电话时",
        "when the customer calls to ask | while a caller is waiting | with a client on the phone",
    ),
    words("交接班的时候 | 换班时 | 早晚班交接时", "at shift change | when shifts hand over | between two shifts"),
    words(
        "年度审核时 | 外部审计期间 | 迎检的时候",
        "during the yearly audit | when auditors visit | in an external review",
    ),
    words(
        "新分公司上线时 | 开新网点的时候 | 给新区域开通时",
        "when a new branch starts | on opening a new site | while onboarding a region",
    ),
    words(
        "大面积停机时 | 多台设备同时故障时 | 批量报障时",
        "when many machines stop | in a large outage | with a wave of faults",
    ),
    words(
        "老员工离职以后 | 骨干走了以后 | 资深技师离开后",
        "after a senior engineer leaves | once veterans have left | when experience walks out",
    ),
    words(
        "和外包服务商协作时 | 与合作方配合时 | 第三方上门时",
        "when working with subcontractors | together with partner crews | if a third party visits",
    ),
    words("夏季高峰期 | 旺季忙的时候 | 高温季节", "in the summer peak | during high season | in the busy months"),
)
REASONS = (
    words(
        "现在全靠人工登记，经常漏 | 目前手工记，老是漏掉 | 靠手写登记，容易遗漏",
        "it is all kept by hand and gets lost | we write it down and miss some | manual notes go missing",
    ),
    words(
        "要开好几个页面来回切 | 得在多个界面间跳转 | 来回切换太多页面",
        "it takes too many screens | people jump between pages | one has to switch views all the time",
    ),
    words(
        "合同里写了要做到，做不到要扣款 | 协议有罚则，达不到会被扣钱 | 不满足合同就要赔付",
        "the contract has a penalty for it | we pay if it is missed | it is agreed in writing, with fines",
    ),
    words(
        "客户已经投诉过两次 | 用户投诉不止一次了 | 为这事被客户说了两回",
        "the client has complained twice | there were two complaints | the customer raised it repeatedly",
    ),
    words(
        "页面会卡死 | 系统会没有反应 | 界面直接转圈不动",
        "the page hangs | the screen freezes | the system stops responding",
    ),
    words(
        "总部要求统一口径 | 集团要统一标准 | 上级要求数据一致",
        "head office wants one standard | the group asks for the same figures | headquarters demands consistency",
    ),
    words(
        "新人学不会 | 培训新员工太费劲 | 新来的上手慢",
        "new people can't learn it | training takes too long | beginners get stuck",
    ),
    words(
        "每周要多花一天 | 一周白搭一天时间 | 每星期浪费一个工作日",
        "it costs a day every week | we lose one day a week | a working day is wasted weekly",
    ),
    words(
        "数据对不上，谁也说不清 | 数字不一致，责任不清 | 两边数对不齐",
        "the numbers don't match | nobody can explain the difference | figures disagree",
    ),
    words(
        "旧系统本来就有，换过来反而没了 | 以前的软件有，现在没有 | 老平台支持，迁过来就缺了",
        "the old system had it | we had this before the move | it was lost in the migration",
    ),
)
SIZES = (20, 50, 120, 300, 800, 2000, 5000, 12000)
IDEAS = len(WISHES) * 4 * len(MODULES) * len(OCCASIONS) * len(REASONS) * len(SIZES)

REGIONS = ("east", "north", "south", "west", "overseas")
PEOPLE = {
    "an-ran": ("安然", "product"),
    "bo-lin": ("柏林", "product"),
    "dana-hill": ("Dana Hill", "product"),
    "fei-yu": ("费宇", "customer-success"),
    "gwen-moss": ("Gwen Moss", "customer-success"),
    "he-miao": ("何淼", "support"),
    "ivan-roth": ("Ivan Roth", "sales"),
    "jiang-tao": ("江涛", "sales"),
    "kai-wen": ("凯文", "operations"),
    "lena-voss": ("Lena Voss", "channel"),
}
SOURCES = (
    "marketing",
    "operations",
    "sales",
    "channel",
    "merchant-acquisition",
    "customer-success",
    "support",
    "product",
)
ORGANISATIONS = {
    "fixwell": ("Fixwell", "competitor"),
    "维修通": ("维修通", "competitor"),
    "servio": ("Servio Cloud", "competitor"),
    "north-bridge": ("North Bridge Consulting", "channel"),
    "联创渠道": ("联创渠道", "channel"),
    "sensorhaus": ("Sensorhaus", "partner"),
    "设备管理杂志": ("设备管理杂志", "media"),
    "liftline": ("Liftline", "prospective-partner"),
}
COMPETITORS = tuple(name for name, (_, relation) in ORGANISATIONS.items() if relation == "competitor")
CHANNELS = tuple(name for name, (_, relation) in ORGANISATIONS.items() if relation == "channel")
PLACES = (
    ("Baltic", "Castle", "Ferry", "Garden", "Harbour", "Juniper", "Lake", "Meadow", "Quarry", "River"),
    "安北成东丰广和江金南",
)
TRADES = (
    ("Elevators", "Foods", "Hospitals", "Mills", "Printing", "Pumps"),
    ("电梯", "食品", "医院", "纸业", "印务", "泵业"),
)
FORMS = (("Group", "Ltd", "Works"), ("集团", "有限公司", "股份"))
STATUSES = (
    ("new",) * 6
    + ("triaged",) * 4
    + ("accepted",) * 3
    + ("building",) * 2
    + ("delivered",) * 3
    + ("parked", "declined")
)
TAGS = (
    "audit",
    "ergonomics",
    "excel",
    "field",
    "integration",
    "migration",
    "night-shift",
    "permissions",
    "speed",
    "trial",
)


@dataclass(frozen=True)
class Idea:
    """What is asked for, apart from how it is said."""

    language: str
    module: str
    thing: Words
    wish: Words
    occasion: Words
    reason: Words
    size: int

    @classmethod
    def numbered(cls, number: int, language: str) -> "Idea":
        """The idea of a number below `IDEAS`; another number is another idea."""
        number, wish = divmod(number, len(WISHES))
        number, thing = divmod(number, 4)
        number, module = divmod(number, len(MODULES))
        number, occasion = divmod(number, len(OCCASIONS))
        size, reason = divmod(number, len(REASONS))
        name = tuple(MODULES)[module]
        return cls(
            language, name, MODULES[name][1][thing], WISHES[wish], OCCASIONS[occasion], REASONS[reason], SIZES[size]
        )


@dataclass
class Request:
    """A requirement to be written: an idea, its wording, and where it stands."""

    id: str
    idea: Idea
    wording: int
    day: date
    original: "Request | None" = None
    status: str = "new"
    merged: bool = False


@dataclass
class Truth:
    """What is known of a generated pool: its size by kind, and its duplicates."""

    near_duplicates: list[list[str]] = field(default_factory=list)
    decided: list[list[str]] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)


# ---- writing ---------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[^\W_](?:[^\x00-\x1f\x7f-\x9f:#\\\"'\u2028\u2029\ufeff]|(?<=\S):(?=\S))*(?<![\s:])")


def scalar(value: object) -> str:
    """A value as front matter: plain where that is beyond doubt, else in double quotes (JSON's are YAML's)."""
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() != "null"
    return text if plain else json.dumps(text, ensure_ascii=False)


def document(fields: Mapping[str, object], body: str = "") -> str:
    """An entry's text. Lists are written one item a line; fields without a value are left out."""
    lines = ["---"]
    for key, value in fields.items():
        if value is None or value in ("", [], ()):
            continue
        if isinstance(value, Mapping):
            lines += [f"{key}:", *(f"  {name}: {scalar(item)}" for name, item in value.items())]
        elif isinstance(value, (list, tuple)):
            lines += [f"{key}:", *(f"  - {scalar(item)}" for item in value)]
        else:
            lines.append(f"{key}: {scalar(value)}")
    lines.append("---")
    text = body.strip("\n")
    return "\n".join(lines) + ("\n\n" + text if text else "") + "\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def empty_folder(out: Path) -> None:
    """Make the folder, or refuse: nobody's files are written over."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} isn't empty: name a new folder")
    out.mkdir(parents=True, exist_ok=True)


# ---- the pool --------------------------------------------------------------------------------------------------------


class Generator:
    """One pool in the making. Every draw comes from `self.random`, in an order that the arguments alone decide."""

    def __init__(self, size: int, out: Path, seed: int, near_duplicates: float) -> None:
        self.random = random.Random(seed)
        self.out = out
        self.taken: set[str] = set()
        self.truth = Truth()
        self.requests = self.plan(size, near_duplicates)
        self.customers = [f"customer-{number:04d}" for number in range(1, max(6, size // 20) + 1)]
        self.prospects: set[str] = set()
        self.churned: set[str] = set()

    def plan(self, size: int, near_duplicates: float) -> list[Request]:
        """What is asked for, by whom-knows-whom, in order of arrival: no idea twice but in the planted pairs."""
        copies = min(int(size * near_duplicates), size // 2)
        if size - copies > IDEAS:
            raise ValueError(f"there are only {IDEAS} different ideas")
        ideas = [
            Idea.numbered(number, LANGUAGES[place % 2])
            for place, number in enumerate(self.random.sample(range(IDEAS), size - copies))
        ]
        requests = [self.request(idea, self.random.randrange(3)) for idea in ideas]
        for original in self.random.sample(requests, copies):
            copy = self.request(original.idea, original.wording + self.random.choice((1, 2)))
            copy.day = self.after(original.day, 90)
            copy.original = original
            if self.random.random() < 0.2:
                copy.merged = True
                self.truth.decided.append([copy.id, original.id])
            else:
                self.truth.near_duplicates.append([copy.id, original.id])
            requests.append(copy)
        requests.sort(key=lambda request: (request.day, request.id))
        return requests

    def request(self, idea: Idea, wording: int) -> Request:
        status = self.random.choice(STATUSES)
        return Request(self.new_id("REQ"), idea, wording, self.day(), status=status)

    def new_id(self, prefix: str) -> str:
        while True:
            name = f"{prefix}-" + "".join(self.random.choice(BASE32) for _ in range(6))
            if name not in self.taken:
                self.taken.add(name)
                return name

    def day(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
        return first + timedelta(days=self.random.randrange(max((last - first).days, 0) + 1))

    def after(self, day: date, days: int) -> date:
        """A day within so many days, but not past the last one."""
        return min(day + timedelta(days=self.random.randrange(days)), LAST_DAY)

    def maybe(self, share: float, value: str) -> str | None:
        return value if self.random.random() < share else None

    def some(self, names: Iterable[str], count: int) -> list[str]:
        """That many of the names (fewer where there are fewer), sorted."""
        pool = list(names)
        return sorted(self.random.sample(pool, min(count, len(pool))))

    def put(self, folder: str, name: str, fields: Mapping[str, object], body: str = "") -> None:
        write(self.out / "pool" / folder / f"{name}.md", document(fields, body))
        self.truth.entries[folder] = self.truth.entries.get(folder, 0) + 1

    def run(self) -> Truth:
        write(self.out / "tobkit.toml", configuration())
        write(self.out / ".gitignore", "/site/\n/.tobkit/\n")
        self.put_modules()
        self.put_organisations()
        self.put_customers()
        self.put_requirements()
        self.put_notes()
        self.put_promises()
        self.put_incidents()
        self.put_exchanges()
        write(
            self.out / "truth.json",
            json.dumps({"near_duplicates": self.truth.near_duplicates, "decided": self.truth.decided}, indent=1) + "\n",
        )
        return self.truth

    # -- the kinds --

    def put_modules(self) -> None:
        for name, (called, things) in MODULES.items():
            covers = "、".join(thing.zh[0] for thing in things)
            body = f"管{covers}。\n\nIn English: {', '.join(thing.en[0] for thing in things)}."
            fields = {
                "id": name,
                "name": called.zh[0],
                "status": "live",
                "aliases": [called.en[0]],
                "owner": self.random.choice(tuple(PEOPLE)),
            }
            self.put("modules", name, fields, body)
        fields = {"id": RETIRED_MODULE, "name": "传真网关", "status": "deprecated", "replaced_by": "portal"}
        self.put("modules", RETIRED_MODULE, fields, "Takes fault reports by fax. 已由客户门户代替。")

    def put_organisations(self) -> None:
        for name, (title, relation) in ORGANISATIONS.items():
            overlaps = self.some(MODULES, 3) if relation == "competitor" else []
            self.put("organisations", name, {"id": name, "name": title, "relation": relation, "overlaps": overlaps})

    def put_customers(self) -> None:
        for number, name in enumerate(self.customers):
            status = ("active", "active", "at-risk", "active", "prospect", "active", "churned", "active")[number % 8]
            signed = self.day(date(2021, 1, 4), date(2024, 12, 20))
            fields: dict[str, object] = {
                "id": name,
                "name": self.company(number),
                "tier": self.random.choice(("ka", "mid", "mid", "small", "small", "small")),
                "status": status,
                "region": self.random.choice(REGIONS),
                "industry": TRADES[1 - number % 2][self.random.randrange(len(TRADES[0]))],
                "channel": self.maybe(0.2, self.random.choice(CHANNELS)),
                "owner": self.random.choice(tuple(PEOPLE)),
                "uses": self.some(MODULES, 1 + self.random.randrange(4)),
            }
            if status == "prospect":
                self.prospects.add(name)
            else:
                fields |= {"arr": 5000 * (2 + self.random.randrange(160)), "since": signed}
                if status == "churned":
                    self.churned.add(name)
                    fields |= {"lost_to": self.random.choice(COMPETITORS), "lost_on": self.day()}
                else:
                    fields["renewal"] = self.day(date(2026, 3, 1), date(2027, 6, 30))
            self.put("customers", name, fields, self.portrait(number))

    def company(self, number: int) -> str:
        place, trade, form = (self.random.randrange(len(part)) for part in (PLACES[0], TRADES[0], FORMS[0]))
        if number % 2:
            return f"{PLACES[0][place]} {TRADES[0][trade]} {FORMS[0][form]} {number}"
        return f"{PLACES[1][place]}{PLACES[1][(place + 1 + number % 9) % 10]}{TRADES[1][trade]}{FORMS[1][form]}{number}"

    def portrait(self, number: int) -> str:
        machines, sites = 10 * (1 + self.random.randrange(90)), 1 + self.random.randrange(30)
        if number % 2:
            return f"Runs {machines} machines on {sites} sites and bills its own clients by uptime."
        return f"有 {machines} 台设备，分布在 {sites} 个厂区，按开机时长向自己的客户收费。"

    def put_requirements(self) -> None:
        by_day = [request for request in self.requests if not request.merged]
        for place, request in enumerate(self.requests):
            idea, status = request.idea, request.status
            impact = [
                name
                for name, share in (
                    ("blocks-use", 0.07),
                    ("earns-money", 0.1),
                    ("saves-money", 0.2),
                    ("wins-deals", 0.12),
                )
                if self.random.random() < share
            ]
            placed = status != "new" or self.random.random() < 0.6
            fields: dict[str, object] = {
                "id": request.id,
                "title": self.title(request),
                "date": request.day,
                "status": status,
                "module": idea.module if placed else None,
                "customers": self.some(self.customers, self.random.choice((1, 1, 1, 2, 2, 3))),
                "region": self.random.choice(REGIONS),
                "suggested_priority": self.random.choice(("highest", "high", "medium", "medium", "low")),
                "owner": self.random.choice(tuple(PEOPLE)) if placed else None,
                "source": self.random.choice(SOURCES),
                "type": self.random.choice(("feature", "feature", "improvement", "improvement", "defect", "stability")),
                "impact": impact,
                "competitors": self.some(COMPETITORS, 1) if "wins-deals" in impact else [],
                "scope": self.random.choice(("standard", "standard", "standard", "custom")),
                "effort": self.random.choice((0.5, 1, 2, 3, 5, 8, 13)) if placed else None,
                "planned": self.maybe(0.5, f"2026-Q{1 + self.random.randrange(4)}") if status == "accepted" else None,
                "tags": self.some(TAGS, self.random.randrange(4)),
                "audience": self.maybe(0.1, "public"),
            }
            if status in ("parked", "declined"):
                fields["reason"] = "今年不做" if idea.language == "zh" else "Not this year"
            if status == "delivered":
                fields["delivered"] = self.after(request.day, 150)
            if request.merged and request.original:
                fields["duplicate_of"] = request.original.id
            elif self.random.random() < 0.03 and place > 10:
                other = by_day[self.random.randrange(len(by_day))]
                if other is not request and request is not other.original and other is not request.original:
                    fields[self.random.choice(("related", "not_duplicate_of"))] = [other.id]
            self.put("requirements", f"{request.id}-{idea.module}", fields, self.description(request))

    def title(self, request: Request) -> str:
        idea, wording = request.idea, request.wording
        wish = self.wish(idea, wording)
        occasion = idea.occasion.say(idea.language, wording)
        if idea.language == "zh":
            return (f"{occasion}要能{wish}", f"希望{wish}（{occasion}）", f"{wish}，{occasion}用")[wording % 3]
        text = (f"{wish} {occasion}", f"we need to {wish} {occasion}", f"{occasion}: {wish}")[wording % 3]
        return text[0].upper() + text[1:]

    @staticmethod
    def wish(idea: Idea, wording: int) -> str:
        return idea.wish.say(idea.language, wording).format(idea.thing.say(idea.language, wording))

    def description(self, request: Request) -> str:
        """What is needed, and why: the idea in this request's words, with what varies from teller to teller."""
        idea, wording, language = request.idea, request.wording, request.idea.language
        reason, occasion = idea.reason.say(language, wording + 1), idea.occasion.say(language, wording + 2)
        wish, thing = self.wish(idea, wording + 1), idea.thing.say(language, wording)
        times, minutes = 2 + self.random.randrange(30), 5 * (1 + self.random.randrange(24))
        parts: list[str]
        if language == "zh":
            parts = [
                self.random.choice(("客户说", "拜访时了解到", "群里反映", "电话里提到"))
                + f"：{occasion}，{thing}大约有 {idea.size} 条，{reason}。",
                f"**希望**：{wish}。",
                f"这个月碰到 {times} 次，每次多花 {minutes} 分钟。",
            ]
            wanted = ["不需要另外培训", f"{idea.size} 条以内十秒完成", "手机和电脑都能用", "出错的那几条要列出来"]
            heading, sizes = "## 怎样算做好了", "| 场景 | 条数 | 现在 |\n| --- | ---: | ---: |\n| {} | {} | {} 分钟 |"
        else:
            parts = [
                self.random.choice(("Heard on a visit: ", "From the last call: ", "They write: ", "Support was told: "))
                + f"{occasion}, with about {idea.size} {thing}, {reason}.",
                f"**Wanted**: {wish}.",
                f"It came up {times} times this month and took {minutes} minutes each time.",
            ]
            wanted = [
                "no extra training",
                f"done in ten seconds for {idea.size}",
                "works on phone and desk alike",
                "what fails is listed",
            ]
            heading, sizes = "## Done when", "| case | size | today |\n| --- | ---: | ---: |\n| {} | {} | {} min |"
        if self.random.random() < 0.6:
            items = self.random.sample(wanted, 2 + self.random.randrange(3))
            parts += [heading, "\n".join(f"- {item}" for item in items)]
        if self.random.random() < 0.2:
            parts.append(sizes.format(thing, idea.size, minutes))
        if self.random.random() < 0.15:
            parts.append(f"```\nGET /v1/{idea.module}?limit={idea.size}  504\n```")
        if self.random.random() < 0.2:
            parts.append(f"<https://desk.example.com/t/{10000 + self.random.randrange(90000)}>")
        return "\n\n".join(parts)

    def put_notes(self) -> None:
        for _ in range(len(self.requests) // 2):
            request = self.random.choice(self.requests)
            about = None if self.random.random() < 0.12 else request
            idea = request.idea
            impact = (
                [self.random.choice(("blocks-use", "earns-money", "saves-money"))] if self.random.random() < 0.1 else []
            )
            name = self.new_id("NOTE")
            fields: dict[str, object] = {
                "id": name,
                "date": self.after(request.day, 60),
                "customer": self.random.choice(self.customers),
                "source": self.random.choice(SOURCES),
                "author": self.random.choice(tuple(PEOPLE)),
                "requirements": [about.id] if about else [],
                "impact": impact,
            }
            if self.random.random() < 0.05:
                fields["organisation"] = self.random.choice(CHANNELS)
                del fields["customer"]
            if about and about.status == "delivered" and self.random.random() < 0.5:
                fields["told"] = [about.id]
            wording = self.random.randrange(3)
            words = (
                idea.occasion.say(idea.language, wording),
                self.wish(idea, wording),
                idea.reason.say(idea.language, wording),
            )
            text = "{}，他们也要{}：{}。" if idea.language == "zh" else "They too would like to {1}, {0}: {2}."
            self.put("notes", name, fields, text.format(*words))

    def put_promises(self) -> None:
        live = [name for name in self.customers if name not in self.churned]
        open_ones = [request for request in self.requests if not request.merged]
        for _ in range(len(self.requests) // 50):
            request = self.random.choice(open_ones)
            status = {"delivered": "kept", "declined": "withdrawn", "parked": "broken"}.get(request.status, "open")
            name = self.new_id("PRM")
            made = self.after(request.day, 30)
            fields = {
                "id": name,
                "date": made,
                "by": self.random.choice(("ivan-roth", "jiang-tao", "lena-voss")),
                "customer": self.random.choice(live),
                "requirement": request.id,
                "due": made + timedelta(days=20 + self.random.randrange(200)),
                "status": status,
                "approved_by": self.random.choice([name for name, (_, team) in PEOPLE.items() if team in APPROVING]),
            }
            self.put("promises", name, fields)

    def put_incidents(self) -> None:
        for _ in range(len(self.requests) // 25):
            request = self.random.choice(self.requests)
            thing = request.idea.thing.say(request.idea.language, 0)
            name = self.new_id("INC")
            fields = {
                "id": name,
                "date": self.day(),
                "title": f"{thing}无法打开" if request.idea.language == "zh" else f"Could not open {thing}",
                "severity": self.random.choice(("sev1", "sev2", "sev2", "sev3", "sev3", "sev3")),
                "status": "resolved" if self.random.random() < 0.9 else "open",
                "minutes": 5 + self.random.randrange(400),
                "modules": [request.idea.module],
                "customers": self.some(self.customers, 1 + self.random.randrange(5)),
                "requirements": [request.id] if self.random.random() < 0.3 else [],
            }
            self.put("incidents", name, fields)

    def put_exchanges(self) -> None:
        others = [name for name, (_, relation) in ORGANISATIONS.items() if relation != "competitor"]
        for number in range(max(4, len(self.requests) // 100)):
            name = self.new_id("XCH")
            fields = {
                "id": name,
                "date": self.day(),
                "organisation": self.random.choice(others),
                "direction": ("gave", "got")[number % 2],
                "what": self.random.choice(("两条线索", "a joint talk", "展位", "three introductions", "一篇案例")),
                "value": 1000 * self.random.randrange(1, 60),
            }
            self.put("exchanges", name, fields)


APPROVING = ("product", "customer-success")


def configuration() -> str:
    lines = ["[pool]", f"regions = {json.dumps(REGIONS)}", 'currency = "EUR"', ""]
    for name, (title, team) in PEOPLE.items():
        lines += [f"[people.{name}]", f"name = {json.dumps(title, ensure_ascii=False)}", f'team = "{team}"', ""]
    lines += ["[site]", 'title = "A generated pool"', 'language = "zh"', ""]
    return "\n".join(lines)


def generate(size: int, out: Path, seed: int = 1, near_duplicates: float = 0.08) -> Truth:
    """Write the workspace into `out`, an empty or new folder, and return what is known of it."""
    if size < 1:
        raise ValueError("a pool has at least one requirement")
    if not 0 <= near_duplicates <= 0.5:
        raise ValueError("the share of near-duplicates lies between 0 and 0.5")
    generator = Generator(size, Path(out), seed, near_duplicates)
    empty_folder(Path(out))
    return generator.run()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write a made-up workspace of N requirements into an empty folder.")
    parser.add_argument("size", type=int, metavar="N", help="how many requirements")
    parser.add_argument("out", type=Path, metavar="OUT", help="the workspace's folder")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another pool (1)")
    parser.add_argument("--near-duplicates", type=float, default=0.08, metavar="SHARE", help="how many of them (0.08)")
    options = parser.parse_args(arguments)
    try:
        truth = generate(options.size, options.out, options.seed, options.near_duplicates)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    counts = ", ".join(f"{count} {kind}" for kind, count in truth.entries.items())
    print(f"{options.out}: {counts}; {len(truth.near_duplicates)} near-duplicates, {len(truth.decided)} decided")
    return 0


if __name__ == "__main__":
    sys.exit(main())
