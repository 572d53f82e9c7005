"""The cast of the demo: invented people with a part to play."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_XINZHU = _("南宁新竹社区")
_HULI = _("厦门湖里区")
_COMMUNITY = "450103001005"
_STREET = _COMMUNITY[:9]
# Where the elder, her helper and the building head live.
HOME = _COMMUNITY + "001003"


@dataclass(frozen=True)
class Player:
    """One of the cast. ``role`` is empty for those who need none; ``region`` is the role's.

    A team leader's role is held within ``team``, by name, instead of a region.
    """

    key: str
    name: str
    sex: str
    age: int
    home: str
    part: str | Promise
    icon: str
    role: str = ""
    region: str = ""
    is_resident: bool = True
    team: str = ""
    place: str | Promise = _XINZHU


CAST: tuple[Player, ...] = (
    Player("elder", "李秀英", "f", 82, HOME, _("求助的老人"), "old"),
    Player(
        "daughter", "陈晓燕", "f", 51, "110105004032", _("她的女儿，住在北京"), "heart",
        is_resident=False,
    ),
    Player("volunteer", "黄建国", "m", 64, HOME, _("同楼的志愿者"), "heart-handshake"),
    Player(
        "building_head", "覃桂芳", "f", 60, HOME, _("楼栋长"), "building", "building_head", HOME
    ),
    Player(
        "worker", "梁敏", "f", 38, "450103001006", _("服务站工作人员"), "clipboard-list",
        "station_worker", _COMMUNITY, is_resident=False,
    ),
    Player(
        "street", "陆文涛", "m", 45, "450103001009", _("街道干部"), "building-community",
        "street_officer", _STREET, is_resident=False,
    ),
    Player(
        "auditor", "莫清", "f", 41, "450103001009", _("审计员"), "shield-check",
        "auditor", _COMMUNITY[:6], is_resident=False,
    ),
    Player(
        "leader", "蒙春燕", "f", 55, HOME, _("助老服务队队长"), "users-group", "team_leader",
        team="助老服务队",
    ),
    Player("teacher", "莫雅婷", "f", 34, HOME, _("五点半课堂的老师"), "school"),
    Player("parent", "韦晓洁", "f", 39, HOME, _("家长，也是监护人"), "home-heart"),
    Player("child", "黄小宇", "m", 13, HOME, _("她的孩子，十三岁的志愿者"), "mood-smile"),
    Player(
        "district", "林志强", "m", 48, "350206004001", _("区级干部"), "building-community",
        "district_officer", "350206", is_resident=False, place=_HULI,
    ),
    Player(
        "brigade", "陈海燕", "f", 44, "350206004002", _("交通文明大队大队长"), "users-group",
        "team_leader", team="湖里区交通文明志愿服务大队", is_resident=False, place=_HULI,
    ),
    Player(
        "guide", "吴小军", "m", 29, "350206004002", _("路口值勤的志愿者"), "heart-handshake",
        is_resident=False, place=_HULI,
    ),
)  # fmt: skip
# Not offered for sign-in: approves the entered hours of the past.
OFFICER = Player(
    "officer", "韦丽华", "f", 47, "450103001006", _("社区负责人"), "key",
    "community_officer", _COMMUNITY, is_resident=False,
)  # fmt: skip
# Neither offered: they void hours, so that the street's officer may answer an appeal (rule 55).
JUDGES = (
    Player(
        "judge", "卢海波", "m", 44, "450103001009", _("街道干部"), "building-community",
        "street_officer", _STREET, is_resident=False,
    ),
    Player(
        "judge_above", "谢玉兰", "f", 50, "450103001009", _("区级干部"), "building-community",
        "district_officer", _COMMUNITY[:6], is_resident=False,
    ),
)  # fmt: skip
