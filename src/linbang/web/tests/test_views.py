from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities.choices import ActivityState, SignUpMode
from linbang.intake.activities.factories import make_activity, make_post
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.clearance.factories import make_consent_request
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp

pytestmark = pytest.mark.django_db


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_stranger_is_welcomed_and_may_enter_the_demo():
    page = Client().get("/").content.decode()

    assert reverse("access:sign_in") in page
    assert "/demo/sign-in/elder/" in page


def test_elder_is_greeted_and_finds_her_need():
    elder = make_person("李秀英")
    need = make_need(beneficiary=elder)

    page = client_of(elder).get("/").content.decode()

    assert reverse("needs:detail", args=[need.public_id]) in page
    assert "李" in page


def test_home_shows_nobody_elses_need():
    other = make_need(beneficiary=make_person("邻居甲"))

    page = client_of(make_person("李秀英")).get("/").content.decode()

    assert str(other.public_id) not in page


def test_home_costs_the_same_with_one_need_and_three():
    elder = make_person("李秀英")
    client = client_of(elder)
    make_need(beneficiary=elder)
    with_one = queries_of(client, "/")

    for days in (5, 6):
        make_need(beneficiary=elder, starts_at=clock.now() + timedelta(days=days))

    assert queries_of(client, "/") == with_one


def test_volunteer_sees_hours_and_invitation_tab():
    volunteer = make_volunteer("黄建国").person

    page = client_of(volunteer).get("/").content.decode()

    assert reverse("dispatch:offers") in page


def test_worker_is_taken_to_the_desk():
    response = client_of(make_worker()).get("/")

    assert response.headers["Location"] == reverse("web:console")


def test_desk_shows_what_waits_in_the_workers_community_only():
    here = make_need(beneficiary=make_person("李秀英"))
    elsewhere = make_need(beneficiary=make_person("邻居甲", region=NEIGHBOUR_COMMUNITY))

    page = client_of(make_worker()).get("/console/").content.decode()

    assert str(here.public_id) in page
    assert str(elsewhere.public_id) not in page


def test_desk_costs_the_same_with_one_need_and_three():
    client = client_of(make_worker())
    make_need(beneficiary=make_person("李秀英"))
    with_one = queries_of(client, "/console/")

    for name in ("王桂兰", "张淑芬"):
        make_need(beneficiary=make_person(name))

    assert queries_of(client, "/console/") == with_one


def test_desk_counts_those_being_found():
    make_need(beneficiary=make_person("李秀英"), state=NeedState.OFFERED)

    response = client_of(make_worker()).get("/console/")

    assert response.context["desk"].searching_count == 1


def test_desk_counts_what_waits_around_activities():
    now = clock.now()
    for region in (COMMUNITY, NEIGHBOUR_COMMUNITY):
        asking = make_activity(mode=SignUpMode.APPROVAL, region=region)
        post = make_post(asking, places_min=2)
        shift = make_open_shift(post=post, starts_at=now + timedelta(days=3))
        make_sign_up(shift, make_volunteer("黄建国").person, now=now)
        make_open_shift(post=post, starts_at=now + timedelta(days=15))
        make_activity("等审核的", state=ActivityState.IN_REVIEW, region=region)
        over = make_open_shift(
            activity=make_activity(region=region), starts_at=now - timedelta(days=2)
        )
        make_sign_up(over, make_volunteer("韦大山").person, now=now - timedelta(days=3))

    desk = client_of(make_worker()).get("/console/").context["desk"]

    assert (desk.review_count, desk.request_count, desk.short_count) == (1, 1, 1)
    assert (desk.unsettled_count, desk.incident_count) == (1, 0)


def test_held_place_stands_on_the_first_page_once():
    volunteer, now = make_volunteer("黄建国").person, clock.now()
    shift = make_open_shift(starts_at=now + timedelta(days=1))
    sign_up = make_sign_up(shift, volunteer, now=now)
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUpState.HELD, held_until=now + timedelta(minutes=30)
    )

    home = client_of(volunteer).get("/").context["home"]

    assert len(home.held) == 1
    assert home.next_shift is None


def test_guardian_finds_on_the_first_page_what_her_child_asks():
    mother, child = make_person("韦晓洁"), make_person("黄小宇", birth_date=date(2013, 5, 1))
    make_kinship(child, mother, is_guardian=True)
    request = make_consent_request(make_activity("旧物换绿植"), child)

    assert "黄小宇想参加“旧物换绿植”" in client_of(mother).get("/").content.decode()
    request.delete()
    assert "旧物换绿植" not in client_of(mother).get("/").content.decode()


def test_console_is_hidden_from_residents():
    assert client_of(make_person("李秀英")).get("/console/").status_code == 404


def test_auditor_has_a_desk_without_needs():
    auditor = make_actor(make_person("莫清"), Role.AUDITOR, region=COMMUNITY)
    need = make_need(beneficiary=make_person("李秀英"))

    page = client_of(auditor).get("/console/").content.decode()

    assert str(need.public_id) not in page
