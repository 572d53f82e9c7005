"""Huli as published (P4): 126 units, 163 teams of three ranks, crossings, points, fire posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from linbang.demo.rules import figures

# How many communities of each street have a team: fifty in all.
COMMUNITIES_A_STREET = (14, 9, 10, 9, 8)


def _names(text: str) -> list[str]:
    return text.split()


DETACHMENT = "湖里区志愿服务支队"
_OFFICES = _names(
    "教育局 民政局 司法局 财政局 人力资源和社会保障局 建设与交通局 卫生健康局 审计局 统计局 "
    "市场监督管理局 文化和旅游局 退役军人事务局 城市管理局 交警中队 公交管理站 轨道服务站 "
    "派出所联勤站 综治中心 反诈中心 禁毒办 消防救援站 应急管理局 气象服务站 防汛办"
)
_CARE_PLACES = _names(
    "第一医院 第二医院 妇幼保健所 疾控服务站 中医门诊部 康复中心 血站服务点 口腔门诊部 "
    "社区卫生中心 养老服务中心 图书馆 文化馆 体育中心 美术馆 少年宫 档案馆 公园管理所 "
    "旅游服务中心 广电服务站 博物馆"
)
_SCHOOLS = _names(
    "海湾小学 鹭岛小学 环湖小学 木棉小学 榕树小学 凤凰小学 湖畔小学 晨光小学 海湾中学 鹭岛中学 "
    "环湖中学 木棉中学 榕树中学 晨光幼儿园 湖畔幼儿园 特殊教育学校 海湾职业学校 鹭岛技工学校 "
    "开放大学 老年大学 理工学院 商务学院"
)
_COINED = _names(
    "沐禾 澄帆 霁川 屿宁 汀蓝 砺远 岚舟 榕野 汐和 澜起 牧云 禾屿 舟里 晴屿 柏汀 言川 屹海 遇帆 "
    "青汀 和屿"
)
_TRADES = ("物业", "物流")
_ALLIANCES = _names(
    "巾帼家政互助社 妈妈读书会 女企业家联谊会 绣艺社 舞蹈协会 亲子营 母婴护理社 美食互助社 "
    "社工服务中心 义务救援队 助残联合会 环保公益社 骑行协会 摄影协会 书法协会 公益法律社 "
    "心理援助社 助学促进会 宠物文明社 志愿服务联合会"
)


@dataclass(frozen=True)
class Unit:
    """A unit by its name and kind."""

    name: str
    kind: str


@dataclass(frozen=True)
class Brigade:
    """A brigade of one field, with its units; the last ``joint`` pairs of them share a squad."""

    name: str
    content: str
    membership: str
    units: tuple[Unit, ...]

    @property
    def squads(self) -> list[tuple[Unit, ...]]:
        """The units of each squad: one, or two that share it."""
        joint = {16: 4, 12: 3, 10: 3, 8: 2}.get(len(self.units), 1)
        alone, rest = self.units[: -2 * joint], self.units[-2 * joint :]
        return [(unit,) for unit in alone] + list(zip(rest[::2], rest[1::2], strict=True))


def brigade_name(field: str) -> str:
    """Name the brigade of a field."""
    return f"湖里区{field}志愿服务大队"


TRAFFIC_BRIGADE = brigade_name("交通文明")


def units() -> list[Unit]:
    """Return the 126 units, kind by kind."""
    companies = [f"{coined}{trade}公司" for trade in _TRADES for coined in _COINED]
    kinds = (
        ("government", [f"湖里区{name}" for name in _OFFICES]),
        ("institution", [f"湖里区{name}" for name in _CARE_PLACES]),
        ("school", [f"湖里{name}" for name in _SCHOOLS]),
        ("company", companies),
        ("association", [f"湖里区{name}" for name in _ALLIANCES]),
    )
    return [Unit(name, kind) for kind, names in kinds for name in names]


def brigades() -> list[Brigade]:
    """Return the thirteen brigades of fields; every unit belongs to one of them."""
    by_kind: dict[str, list[Unit]] = {}
    for unit in units():
        by_kind.setdefault(unit.kind, []).append(unit)
    office, care, school = by_kind["government"], by_kind["institution"], by_kind["school"]
    company, alliance = by_kind["company"], by_kind["association"]
    plan: tuple[tuple[str, str, str, Sequence[Unit]], ...] = (
        ("区直机关", "0010", "party", office[:12]),
        ("交通文明", "0011", "security", [*office[12:16], *company[:4]]),
        ("平安巡防", "0009", "security", office[16:20]),
        ("消防应急", "0012", "professionals", office[20:]),
        ("教育", "0003", "professionals", school[:16]),
        ("青年学生", "0003", "students", school[16:]),
        ("卫生健康", "0004", "professionals", care[:10]),
        ("文体旅游", "0008", "mixed", care[10:]),
        ("国有企业", "0001", "party", company[4:12]),
        ("民营企业", "0001", "mixed", company[12:28]),
        ("楼宇青年", "0010", "youth", company[28:]),
        ("巾帼", "0017", "women", alliance[:8]),
        ("社会组织", "0017", "mixed", alliance[8:]),
    )
    return [
        Brigade(brigade_name(name), content, membership, tuple(own))
        for name, content, membership, own in plan
    ]


def squad_name(owners: Sequence[Unit]) -> str:
    """Name the squad of one unit, or of two that share it."""
    names = "、".join(unit.name.removeprefix("湖里区").removeprefix("湖里") for unit in owners)
    return f"{names}{'联合' if len(owners) > 1 else ''}志愿服务分队"


def squad_sizes(rng: Random, communities: int, others: int) -> list[int]:
    """Return how many people each squad has, the communities' first: 8,536 in all."""
    sizes = [rng.randrange(60, 140) for _ in range(communities)]
    sizes += [rng.randrange(28, 70) for _ in range(others)]
    return figures.fitted(rng, sizes, figures.DISTRICT_VOLUNTEERS)


# The trainings of P4: course, qualification, minutes, sittings; fifty in all.
COURSES: tuple[tuple[str, str, int, int], ...] = (
    ("文明交通劝导培训", "traffic", 180, 14),
    ("文明礼仪培训", "etiquette", 120, 16),
    ("应急救护培训", "first-aid", 360, 10),
    ("网络文明培训", "network", 120, 10),
)

_ROADS = _names("海风路 榕荫路 湖山路 木棉路 帆影路 渔歌路 金沙路 望潮路 听涛路 云帆路")
_PLACES = (
    *(
        "湾畔公园",
        "湖心公园",
        "榕树公园",
        "海堤公园",
        "木棉公园",
        "鹭鸟公园",
        "体育公园",
        "儿童公园",
    ),
    *("北站广场", "公交枢纽", "轨道一号口", "轨道二号口", "轨道三号口", "长途车站", "机场巴士站"),
    *(
        "轮渡码头",
        "渔港码头",
        "游艇码头",
        "观光码头",
        "海湾广场",
        "文化广场",
        "购物广场",
        "夜市街口",
    ),
    *("图书馆前", "体育馆前", "医院门口", "政务中心", "步道驿站", "灯塔驿站", "沙滩驿站"),
)


def crossings() -> list[str]:
    """Return the names of the forty crossings."""
    pairs = [(a, b) for n, a in enumerate(_ROADS) for b in _ROADS[n + 1 :]]
    return [f"{a}与{b}路口" for a, b in pairs[: figures.CROSSINGS]]


def service_points() -> list[tuple[str, int]]:
    """Return each service point with how many units keep it: 20 × 1, 4 × 2, 6 × 3, 46 in all."""
    shares = [1] * 20 + [2] * 4 + [3] * 6
    return [(f"{name}志愿服务点", share) for name, share in zip(_PLACES, shares, strict=True)]
