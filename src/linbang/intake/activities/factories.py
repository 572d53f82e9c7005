"""Activities, posts and shifts for tests, as planning leaves them."""

from datetime import datetime, timedelta
from uuid import uuid4

from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.activities.choices import ActivityState, PolicyScope
from linbang.intake.activities.models import Activity, InsurancePolicy, Post, Shift

# A Saturday; the State Council's calendar of that year is known.
SATURDAY = datetime(2026, 5, 16, 9, 0, tzinfo=CHINA)
BEFORE = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)


def make_activity(
    name: str = "清洁家园",
    *,
    organiser: Organisation | None = None,
    leader: Person | None = None,
    region: str = COMMUNITY,
    now: datetime = BEFORE,
    **columns: object,
) -> Activity:
    """Make a published activity without posts."""
    return Activity.objects.create(
        **{
            "cell": region[:6],
            "key": f"test:{uuid4()}",
            "organiser": organiser or make_unit(f"居委会{uuid4().hex[:6]}"),
            "region_id": region,
            "name": name,
            "categories": ["0006"],
            "content": "一起打扫小区。",
            "place_name": "小区广场",
            "longitude": 108.33,
            "latitude": 22.81,
            "risk_text": "注意防滑。",
            "guarantees": ["05"],
            "contact_name": "梁敏",
            "contact_phone": "0771-0000000",
            "declares_none_forbidden": True,
            "leader": leader,
            "state": ActivityState.PUBLISHED,
            "state_since": now,
            "created_at": now,
            **columns,
        }
    )


def make_post(activity: Activity, name: str = "清扫", **columns: object) -> Post:
    """Make a post of an activity."""
    return Post.objects.create(
        **{
            "cell": activity.cell,
            "activity": activity,
            "position": activity.posts.count() + 1,
            "name": name,
            "places": 5,
            "places_min": 1,
            **columns,
        }
    )


def make_shift(
    activity: Activity | None = None,
    *,
    post: Post | None = None,
    starts_at: datetime = SATURDAY,
    minutes: int = 120,
    places: int | None = None,
    **columns: object,
) -> Shift:
    """Make a shift, with an activity and a post of its own unless given; no places are opened."""
    if post is None:
        activity = activity or make_activity()
        post = activity.posts.first() or make_post(activity)
    return Shift.objects.create(
        **{
            "cell": post.cell,
            "activity": post.activity,
            "post": post,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "places": places or post.places,
            "places_min": min(post.places_min, places or post.places),
            **columns,
        }
    )


def make_policy(
    organiser: Organisation,
    *,
    starts_at: datetime = SATURDAY - timedelta(days=100),
    ends_at: datetime = SATURDAY + timedelta(days=100),
    scope: PolicyScope = PolicyScope.SIGNED_UP,
    **columns: object,
) -> InsurancePolicy:
    """Make accident cover of an organiser."""
    return InsurancePolicy.objects.create(
        **{
            "cell": organiser.cell,
            "organiser": organiser,
            "region_id": organiser.region_id,
            "insurer": "演示保险",
            "number": f"P{uuid4().hex[:10]}",
            "scope": scope,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "entered_at": starts_at,
            **columns,
        }
    )
