"""The eight kinds of entries and their fields, as the pool's contract names them.

Dates are `datetime.date`, lists are tuples, a missing value is `None`. Every field carries its labels; a team's own
fields are added to these classes by `schema.build_schema`.
"""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict

from tobkit.messages import Label
from tobkit.model.fields import (
    Amount,
    Choices,
    Day,
    Person,
    Positive,
    Ref,
    Region,
    Text,
    Texts,
    required_when,
)

STATUS = Choices(
    new=("新建", "New"),
    triaged=("待评估", "Triaged"),
    accepted=("已受理", "Accepted"),
    building=("开发中", "Building"),
    delivered=("已交付", "Delivered"),
    parked=("搁置", "Parked"),
    declined=("不做", "Declined"),
)
CLOSED = frozenset({"delivered", "parked", "declined"})
FROM_TRIAGED = tuple(name for name in STATUS.labels if name != "new")
PRIORITY = Choices(highest=("最高", "Highest"), high=("高", "High"), medium=("中", "Medium"), low=("低", "Low"))
SOURCE = Choices(
    marketing=("市场", "Marketing"),
    operations=("运营", "Operations"),
    sales=("销售", "Sales"),
    channel=("渠道", "Channel"),
    merchant_acquisition=("招商", "Merchant acquisition"),
    customer_success=("客户成功", "Customer success"),
    support=("客服", "Support"),
    product=("产品", "Product"),
)
TYPE = Choices(
    feature=("新功能", "Feature"),
    improvement=("改进", "Improvement"),
    defect=("缺陷", "Defect"),
    stability=("稳定性", "Stability"),
)
IMPACT = Choices(
    blocks_use=("影响使用", "Blocks use"),
    wins_deals=("竞品抢单", "Wins deals"),
    saves_money=("降本", "Saves money"),
    earns_money=("增收", "Earns money"),
)
SCOPE = Choices(standard=("标准", "Standard"), custom=("定制", "Custom"))
AUDIENCE = Choices(internal=("内部", "Internal"), public=("公开", "Public"))
TIER = Choices(ka=("大客户", "Key account"), mid=("中型", "Medium"), small=("小型", "Small"))
CUSTOMER_STATUS = Choices(
    prospect=("潜在", "Prospect"),
    active=("合作中", "Active"),
    at_risk=("有风险", "At risk"),
    churned=("已流失", "Churned"),
)
MODULE_STATUS = Choices(live=("在用", "Live"), deprecated=("将下线", "Deprecated"), removed=("已下线", "Removed"))
PROMISE_STATUS = Choices(
    open=("待兑现", "Open"), kept=("已兑现", "Kept"), broken=("已违约", "Broken"), withdrawn=("已撤回", "Withdrawn")
)
SEVERITY = Choices(sev1=("一级", "Sev 1"), sev2=("二级", "Sev 2"), sev3=("三级", "Sev 3"))
INCIDENT_STATUS = Choices(open=("处理中", "Open"), resolved=("已解决", "Resolved"))
RELATION = Choices(
    competitor=("竞争对手", "Competitor"),
    partner=("合作伙伴", "Partner"),
    channel=("渠道", "Channel"),
    media=("媒体", "Media"),
    prospective_partner=("潜在伙伴", "Prospective partner"),
)
DIRECTION = Choices(gave=("给予", "Gave"), got=("获得", "Got"))

ID_LABEL = Label("编号", "ID")
DATE_LABEL = Label("日期", "Date")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry was read from: enough to find any key's place again.

    `path` is relative to the workspace, with `/`; `front` is the front matter's text, which begins at line 2; `written`
    gives the key as written for fields whose key isn't the canonical name; `body_line` is where the body begins.
    """

    path: str = ""
    front: str = ""
    body_line: int = 1
    written: dict[str, str] = field(default_factory=dict)


class Entry(BaseModel):
    """What all kinds have. `origin` and `body` are not front matter."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, protected_namespaces=())
    kind: ClassVar[str]

    id: Annotated[Text, ID_LABEL]
    body: str = ""
    origin: Origin = Origin()

    @property
    def path(self) -> str:
        return self.origin.path

    @property
    def label(self) -> str:
        """What people call this entry."""
        return self.id


class Requirement(Entry):
    """A need that somebody has heard from customers, or a defect they suffer from."""

    kind: ClassVar[str] = "requirement"

    title: Annotated[Text, Label("标题", "Title")]
    date: Annotated[Day, DATE_LABEL]
    status: Annotated[Text, STATUS, Label("状态", "Status", ("进度状态",))]
    status_since: Annotated[Day | None, Label("状态日期", "Status since")] = None
    module: Annotated[
        Text | None, Ref("module"), Label("功能模块", "Module", ("模块",)), required_when("status", *FROM_TRIAGED)
    ] = None
    customers: Annotated[Texts, Ref("customer"), Label("客户", "Customers")] = ()
    region: Annotated[Text | None, Region(), Label("地区", "Region")] = None
    suggested_priority: Annotated[Text | None, PRIORITY, Label("建议优先级", "Suggested priority", ("优先级",))] = None
    owner: Annotated[
        Text | None, Person(), Label("跟进人", "Owner", ("负责人",)), required_when("status", *FROM_TRIAGED)
    ] = None
    source: Annotated[Text | None, SOURCE, Label("来源", "Source")] = None
    type: Annotated[Text | None, TYPE, Label("类型", "Type")] = None
    impact: Annotated[Texts, IMPACT, Label("影响", "Impact")] = ()
    competitors: Annotated[Texts, Ref("organisation"), Label("竞品", "Competitors")] = ()
    scope: Annotated[Text | None, SCOPE, Label("范围", "Scope")] = None
    effort: Annotated[Positive | None, Label("工作量", "Effort")] = None
    planned: Annotated[Text | None, Label("排期", "Planned")] = None
    reason: Annotated[Text | None, Label("原因", "Reason"), required_when("status", "parked", "declined")] = None
    delivered: Annotated[Day | None, Label("交付日期", "Delivered"), required_when("status", "delivered")] = None
    duplicate_of: Annotated[Text | None, Ref("requirement"), Label("重复于", "Duplicate of")] = None
    not_duplicate_of: Annotated[Texts, Ref("requirement"), Label("并非重复", "Not a duplicate of")] = ()
    related: Annotated[Texts, Ref("requirement"), Label("关联", "Related")] = ()
    links: Annotated[Texts, Label("链接", "Links")] = ()
    tags: Annotated[Texts, Label("标签", "Tags")] = ()
    audience: Annotated[Text | None, AUDIENCE, Label("可见范围", "Audience")] = None
    source_id: Annotated[Text | None, Label("来源编号", "Source ID")] = None

    @property
    def label(self) -> str:
        return self.title


class Note(Entry):
    """What a customer, or a channel partner, said."""

    kind: ClassVar[str] = "note"

    date: Annotated[Day, DATE_LABEL]
    customer: Annotated[Text | None, Ref("customer"), Label("客户", "Customer")] = None
    organisation: Annotated[Text | None, Ref("organisation"), Label("机构", "Organisation")] = None
    source: Annotated[Text, SOURCE, Label("来源", "Source")]
    author: Annotated[Text | None, Person(), Label("记录人", "Author")] = None
    requirements: Annotated[Texts, Ref("requirement"), Label("需求", "Requirements")] = ()
    impact: Annotated[Texts, IMPACT, Label("影响", "Impact")] = ()
    competitors: Annotated[Texts, Ref("organisation"), Label("竞品", "Competitors")] = ()
    told: Annotated[Texts, Ref("requirement"), Label("已告知", "Told")] = ()
    agreed: Annotated[Texts, Ref("module"), Label("同意下线", "Agreed to retire")] = ()
    link: Annotated[Text | None, Label("链接", "Link")] = None
    source_id: Annotated[Text | None, Label("来源编号", "Source ID")] = None


class Business(BaseModel):
    """How a customer lives: what they do, earn money from, whom they serve and what hurts them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[Text | None, Label("商业模式", "Business model")] = None
    earns_from: Annotated[Text | None, Label("收入来源", "Earns from")] = None
    serves: Annotated[Text | None, Label("服务对象", "Serves")] = None
    pains: Annotated[Text | None, Label("痛点", "Pains")] = None


class Customer(Entry):
    """A company that buys, might buy, or bought."""

    kind: ClassVar[str] = "customer"

    name: Annotated[Text, Label("名称", "Name")]
    tier: Annotated[Text, TIER, Label("层级", "Tier", ("客户层级", "客户等级"))]
    status: Annotated[Text, CUSTOMER_STATUS, Label("状态", "Status", ("客户状态",))]
    aliases: Annotated[Texts, Label("别名", "Aliases")] = ()
    region: Annotated[Text | None, Region(), Label("地区", "Region")] = None
    industry: Annotated[Text | None, Label("行业", "Industry")] = None
    channel: Annotated[Text | None, Ref("organisation"), Label("渠道", "Channel")] = None
    arr: Annotated[Amount | None, Label("年收入", "Yearly revenue")] = None
    since: Annotated[Day | None, Label("合作起始", "Customer since")] = None
    renewal: Annotated[Day | None, Label("续约日", "Renewal")] = None
    owner: Annotated[Text | None, Person(), Label("负责人", "Owner", ("跟进人",))] = None
    uses: Annotated[Texts, Ref("module"), Label("使用模块", "Uses")] = ()
    lost_to: Annotated[Text | None, Ref("organisation"), Label("流失到", "Lost to")] = None
    lost_on: Annotated[Day | None, Label("流失日期", "Lost on")] = None
    won_from: Annotated[Text | None, Ref("organisation"), Label("赢自", "Won from")] = None
    won_on: Annotated[Day | None, Label("赢得日期", "Won on")] = None
    case_consent: Annotated[bool | None, Label("同意做案例", "Agrees to be a case")] = None
    business: Annotated[Business, Label("业务", "Business")] = Business()

    @property
    def label(self) -> str:
        return self.name

    @property
    def live(self) -> bool:
        """Whether the customer counts: everybody who hasn't gone."""
        return self.status != "churned"


class Module(Entry):
    """A function of the product."""

    kind: ClassVar[str] = "module"

    name: Annotated[Text, Label("名称", "Name")]
    status: Annotated[Text, MODULE_STATUS, Label("状态", "Status")]
    aliases: Annotated[Texts, Label("别名", "Aliases")] = ()
    owner: Annotated[Text | None, Person(), Label("负责人", "Owner", ("跟进人",))] = None
    replaced_by: Annotated[Text | None, Ref("module"), Label("替代模块", "Replaced by")] = None

    @property
    def label(self) -> str:
        return self.name


class Promise(Entry):
    """What somebody promised a customer, and by when."""

    kind: ClassVar[str] = "promise"

    date: Annotated[Day, DATE_LABEL]
    by: Annotated[Text, Person(), Label("承诺人", "Promised by")]
    customer: Annotated[Text, Ref("customer"), Label("客户", "Customer")]
    requirement: Annotated[Text, Ref("requirement"), Label("需求", "Requirement")]
    due: Annotated[Day, Label("期限", "Due")]
    status: Annotated[Text, PROMISE_STATUS, Label("状态", "Status")]
    approved_by: Annotated[
        Text | None, Person(teams=("customer-success", "product")), Label("批准人", "Approved by")
    ] = None


class Incident(Entry):
    """A disturbance of the running product."""

    kind: ClassVar[str] = "incident"

    date: Annotated[Day, DATE_LABEL]
    title: Annotated[Text, Label("标题", "Title")]
    severity: Annotated[Text, SEVERITY, Label("级别", "Severity")]
    status: Annotated[Text, INCIDENT_STATUS, Label("状态", "Status")]
    minutes: Annotated[Amount | None, Label("时长（分钟）", "Minutes", ("时长",))] = None
    modules: Annotated[Texts, Ref("module"), Label("功能模块", "Modules", ("模块",))] = ()
    customers: Annotated[Texts, Ref("customer"), Label("客户", "Customers")] = ()
    requirements: Annotated[Texts, Ref("requirement"), Label("后续需求", "Follow-ups", ("需求",))] = ()

    @property
    def label(self) -> str:
        return self.title


class Organisation(Entry):
    """Another company in the field: a competitor, a partner, a channel, a medium."""

    kind: ClassVar[str] = "organisation"

    name: Annotated[Text, Label("名称", "Name")]
    relation: Annotated[Text, RELATION, Label("关系", "Relation")]
    aliases: Annotated[Texts, Label("别名", "Aliases")] = ()
    overlaps: Annotated[Texts, Ref("module"), Label("重叠模块", "Overlaps")] = ()

    @property
    def label(self) -> str:
        return self.name


class Exchange(Entry):
    """Something given to, or got from, an organisation."""

    kind: ClassVar[str] = "exchange"

    date: Annotated[Day, DATE_LABEL]
    organisation: Annotated[Text, Ref("organisation"), Label("机构", "Organisation")]
    direction: Annotated[Text, DIRECTION, Label("方向", "Direction")]
    what: Annotated[Text, Label("内容", "What")]
    value: Annotated[Amount | None, Label("价值", "Value")] = None

    @property
    def label(self) -> str:
        return self.what


KINDS: tuple[type[Entry], ...] = (Requirement, Note, Customer, Module, Promise, Incident, Organisation, Exchange)
