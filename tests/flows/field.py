"""A Saturday in the field: one activity with two posts, its leader, and people in every state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.factories import make_consent_texts, make_volunteer, make_worker
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import make_activity, make_post
from linbang.intake.activities.models import Activity, Desk, Shift
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp

# A Saturday; a quarter past nine, when the shift from nine to eleven runs.
NINE = datetime(2026, 5, 16, 9, 0, tzinfo=CHINA)
WEEK_BEFORE = NINE - timedelta(days=7)
NAMES = (
    "黄建国",
    "王强",
    "农晓梅",
    "韦玉兰",
    "陆文涛",
    "李秀英",
    "覃志明",
    "张静",
    "梁小燕",
    "陈大勇",
)


@dataclass
class Field:
    """Who is who on that Saturday."""

    activity: Activity
    shift: Shift
    side_shift: Shift
    leader: Person
    worker: Actor
    sign_ups: list[SignUp]
    desk: Desk

    @property
    def volunteer(self) -> Person:
        return self.sign_ups[0].person


def make_field(*, people: int = len(NAMES), kind: str = "consult") -> Field:
    """Plan the Saturday: ten volunteers on the first post, one on the second, a consult desk."""
    make_consent_texts()
    worker = make_worker("梁敏")
    leader = _volunteer("覃桂芳", Sex.FEMALE)
    activity = make_activity(
        "学雷锋便民服务日",
        kind=kind,
        organiser=make_team("新竹志愿服务队"),
        leader=leader,
        address="新竹路 1 号",
        categories=["0001"],
        now=WEEK_BEFORE,
    )
    shift = make_open_shift(
        post=make_post(activity, "引导", places=20, places_min=3, tasks="给居民指路，维持队伍。"),
        starts_at=NINE,
    )
    desk = Desk.objects.create(
        cell=activity.cell,
        activity=activity,
        number=1,
        department="社区卫生服务中心",
        topics=["量血压", "用药咨询", "预约挂号"],
    )
    side_shift = make_open_shift(
        post=make_post(activity, "卫生台", places=5, desk=desk), starts_at=NINE
    )
    sign_ups = [
        make_sign_up(shift, _volunteer(name, Sex.MALE), now=WEEK_BEFORE) for name in NAMES[:people]
    ]
    sign_ups.append(make_sign_up(side_shift, _volunteer("林医生", Sex.FEMALE), now=WEEK_BEFORE))
    return Field(activity, shift, side_shift, leader, worker, sign_ups, desk)


def _volunteer(name: str, sex: Sex) -> Person:
    return make_volunteer(name, sex=sex, now=WEEK_BEFORE).person
