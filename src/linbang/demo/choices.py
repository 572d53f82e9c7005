"""The cast of the demo: invented people with a part to play."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_COMMUNITY = "450103001005"
_STREET = _COMMUNITY[:9]
# Where the elder, her helper and the building head live.
HOME = _COMMUNITY + "001003"


@dataclass(frozen=True)
class Player:
    """One of the cast. ``role`` is empty for those who need none; ``region`` is the role's."""

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
)  # fmt: skip
# Not offered for sign-in: approves the entered hours of the past.
OFFICER = Player(
    "officer", "韦丽华", "f", 47, "450103001006", _("社区负责人"), "key",
    "community_officer", _COMMUNITY, is_resident=False,
)  # fmt: skip
