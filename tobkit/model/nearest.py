"""What somebody probably meant: the nearest known word to one that isn't known, in Chinese and English."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

LONGEST = 80
"""Longer words (code points) are texts, not misspelt names."""

MEANS_THE_SAME = (
    # statuses of requirements
    "new 新建 新增 新提 待处理 未处理 待受理 open todo backlog created submitted",
    "triaged 待评估 评估中 评审中 待评审 triage reviewing in-review evaluating",
    "accepted 已受理 受理 已接收 已接受 接受 接收 已确认 确认 已采纳 采纳 已立项 已通过 已排期 approved confirmed planned scheduled",
    "building 开发中 进行中 研发中 实施中 处理中 已开始 开发 in-progress doing wip developing development started",
    "delivered 已交付 交付 已完成 完成 已上线 上线 已发布 发布 已关闭 done completed finished shipped released closed",
    "delivered 已解决 live resolved fixed",
    "parked 搁置 已搁置 暂缓 暂停 挂起 延期 推迟 on-hold hold paused postponed deferred later suspended",
    "declined 不做 拒绝 已拒绝 驳回 已驳回 取消 已取消 作废 rejected refused wontfix wont-do cancelled canceled",
    # priorities, tiers, severities
    "highest 最高 紧急 特急 非常高 urgent critical blocker p0",
    "high 高 较高 重要 major important p1",
    "medium 中 中等 普通 一般 normal mid p2",
    "low 低 较低 不急 minor trivial p3",
    "ka 大客户 大型 战略客户 重点客户 头部 key-account key large big enterprise vip",
    "mid 中型 中等 中型客户 腰部 medium middle",
    "small 小型 小客户 小微 长尾 tiny smb",
    "sev1 一级 严重 critical s1 p0 1",
    "sev2 二级 major s2 p1 2",
    "sev3 三级 轻微 minor s3 p2 3",
    # customers, promises, incidents, modules
    "prospect 潜在 意向 意向客户 线索 试用 lead potential trial",
    "active 合作中 已签约 签约 正式 在用 signed live",
    "at-risk 有风险 风险 预警 risk",
    "churned 已流失 流失 已解约 解约 lost gone left",
    "open 待兑现 未兑现 未完成 pending todo",
    "kept 已兑现 兑现 已完成 完成 done fulfilled met delivered closed",
    "broken 已违约 违约 已逾期 逾期 missed failed overdue",
    "withdrawn 已撤回 撤回 取消 已取消 作废 cancelled canceled",
    "open 处理中 未解决 进行中 ongoing in-progress",
    "resolved 已解决 解决 已恢复 已关闭 关闭 closed fixed done",
    "live 在用 已上线 上线 online active",
    "deprecated 将下线 弃用 停止维护 sunset legacy",
    "removed 已下线 下线 offline retired deleted",
    # departments
    "marketing 市场 市场部 品牌",
    "operations 运营 运营部 ops",
    "sales 销售 销售部 商务 bd",
    "channel 渠道 渠道部 代理 代理商 distributor reseller",
    "merchant-acquisition 招商 招商部",
    "customer-success 客户成功 客成 cs csm",
    "support 客服 客服部 售后 service helpdesk",
    "product 产品 产品部 pm",
    # type, impact, scope, audience
    "feature 新功能 功能 新需求 需求 request",
    "improvement 改进 优化 体验优化 改善 enhancement",
    "defect 缺陷 错误 故障 问题 bug issue error",
    "stability 稳定性 性能 可靠性 performance reliability",
    "blocks-use 影响使用 无法使用 不可用 阻塞 blocker blocking",
    "wins-deals 竞品抢单 竞品 抢单 赢单 competitor deal",
    "saves-money 降本 降低成本 节省成本 省钱 cost saving",
    "earns-money 增收 创收 收入 revenue income",
    "standard 标准 通用 标准化 common general",
    "custom 定制 定制化 个性化 专属 customized bespoke",
    "public 公开 外部 对外 external",
    "internal 内部 对内 保密 private confidential",
    # organisations, exchanges
    "competitor 竞争对手 竞品 对手 友商 rival",
    "partner 合作伙伴 伙伴 合作方",
    "media 媒体 press",
    "gave 给予 给 送 送出 out given",
    "got 获得 收到 得到 in received",
    # names of fields
    "title 标题 需求名称 名称 主题 summary subject headline",
    "name 名称 客户名称 公司名称 模块名称 title company",
    "date 日期 提出日期 提出时间 创建时间 时间 created created-at reported",
    "status 状态 进度 state stage",
    "module 功能模块 功能 产品模块 component",
    "customers customer 客户 客户名称 公司 client clients account company",
    "owner 跟进人 负责人 责任人 经办人 处理人 assignee responsible",
    "author 记录人 提出人 提交人 reporter submitter",
    "suggested_priority 建议优先级 优先级 重要程度 priority urgency",
    "impact 影响 影响范围 业务影响",
    "effort 工作量 人天 工期 estimate person-days",
    "planned 排期 计划 版本 迭代 version milestone release",
    "delivered 交付日期 交付时间 上线日期 上线时间 released-on",
    "due 期限 截止日期 到期日 deadline due-date",
    "reason 原因 理由 拒绝原因 说明",
    "region 地区 区域 大区 area",
    "tier 层级 客户等级 客户级别 level segment",
    "arr 年收入 合同额 合同金额 年费 revenue acv",
    "tags 标签 labels keywords",
    "links 链接 网址 附件链接 url urls",
    "duplicate_of 重复于 重复 merged-into duplicates",
)


class Words:
    """Known words, prepared so that many unknown ones can be looked up in them."""

    def __init__(self, known: Iterable[str]) -> None:
        self.exact: dict[str, str] = {}
        for word in known:
            self.exact.setdefault(plain(word), word)
        self.masks = [(len(form), letters(form), form) for form in self.exact]

    def nearest(self, word: str) -> str | None:
        """The known word that was probably meant, or None; among equals the one that comes first."""
        form = plain(word) if len(word) <= LONGEST else ""
        if not form:
            return None
        found = form if form in self.exact else self._synonym(form) or self._misspelt(form) or self._part(form)
        return self.exact[found] if found else None

    def _synonym(self, form: str) -> str | None:
        same = synonyms().get(form, frozenset())
        return next((known for known in self.exact if known in same), None) if same else None

    def _misspelt(self, form: str) -> str | None:
        best: tuple[int, int] | None = None
        found = None
        mask = letters(form)
        for known in self._within(form, mask, tolerance(form)):
            limit = best[0] if best else tolerance(form)
            rank = (distance(form, known, limit), abs(len(form) - len(known)))
            if rank[0] <= limit and (best is None or rank < best):
                best, found = rank, known
        return found

    def _within(self, form: str, mask: int, limit: int) -> Iterator[str]:
        """The words that may be reached with so many edits, judged by their lengths and letters alone."""
        length = len(form)
        for known_length, known_mask, known in self.masks:
            if abs(known_length - length) <= limit:
                extra = mask ^ known_mask
                if extra and ((extra & mask).bit_count() > limit or (extra & known_mask).bit_count() > limit):
                    continue
                yield known

    def _part(self, form: str) -> str | None:
        """The known word that contains the word, or stands in it, with the most in common."""
        best, found = 0.0, None
        for known in self.exact:
            share = overlap(form, known)
            if share > best:
                best, found = share, known
        return found


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant by `word`, or None where nothing is near enough.

    Forgives case, accents, full-width letters, separators, misspellings, swapped letters, words that say the same
    (`bug` for `defect`, `已接收` for `已受理`) and names that are cut or have something added. Among equally near words
    the first of `known` is taken. For many look-ups in the same words, keep a `Words`.
    """
    return Words(known).nearest(word)


_SEPARATORS = re.compile(r"[\s_\-.,·&/()'’]+")


def plain(word: str) -> str:
    """A word without case, accents, width and separators."""
    folded = word.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SEPARATORS.sub("", folded)


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """A word -> the words that are used for the same thing."""
    groups: dict[str, frozenset[str]] = {}
    for line in MEANS_THE_SAME:
        group = frozenset(plain(word) for word in line.split())
        for word in group:
            groups[word] = groups.get(word, frozenset()) | group
    return groups


def tolerance(form: str) -> int:
    """How many edits still make a misspelling of a word of this length; ids, with their digits, are near only by one."""
    if len(form) < 2:
        return 0
    if any(char.isdigit() for char in form):
        return 1
    return max(1, len(form) // 3)


def letters(form: str) -> int:
    """The letters of a word as a set of 64 bits; equal letters have equal bits."""
    mask = 0
    for char in form:
        mask |= 1 << (ord(char) & 63)
    return mask


def distance(a: str, b: str, limit: int) -> int:
    """Edits between two words (insert, delete, replace, swap neighbours), or more than `limit` where it is more."""
    a, b = without_common_ends(a, b)
    if limit == 1 and max(len(a), len(b)) > 2:
        return 2
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, above, row = row, before, [i]
        for j, right in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) >= limit:
            return limit + 1
    return row[-1]


def without_common_ends(a: str, b: str) -> tuple[str, str]:
    """Two words without the letters that both begin and both end with."""
    end = min(len(a), len(b))
    start = 0
    while start < end and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    end = min(len(a), len(b))
    back = 0
    while back < end and a[-1 - back] == b[-1 - back]:
        back += 1
    return a[: len(a) - back], b[: len(b) - back]


def overlap(a: str, b: str) -> float:
    """How much of the longer word the shorter one is, where it stands in it and says enough; else 0."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) < (4 if short.isascii() else 2) or short not in long:
        return 0.0
    share = len(short) / len(long)
    return share if share >= (1 / 2 if short is a else 1 / 3) else 0.0
