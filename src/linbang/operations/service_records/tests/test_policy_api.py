"""Policies, back entries and figures over the API: same queries, same refusals."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import local_date
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.intake.activities.factories import SATURDAY, make_activity
from linbang.operations.dispatch.factories import make_open_shift

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
STREET = "450103001"


def ask(browser: Any, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    if body is None:
        return browser.get(f"{ROOT}{path}")
    return browser.post(f"{ROOT}{path}", body, content_type="application/json", headers=headers)


def test_officer_previews_and_adopts() -> None:
    officer = client_of(make_worker("韦国强", region=STREET, role=Role.STREET_OFFICER))
    tomorrow = local_date(clock.now()) + timedelta(days=1)
    order = {
        "region": STREET,
        "code": "minutes",
        "version": 2,
        "from_date": tomorrow.isoformat(),
        "reason": "按区里的通知",
    }

    listed = ask(officer, f"/credit-policies/{STREET}").json()
    preview = ask(officer, f"/credit-policies/{STREET}/preview?code=minutes&version=2").json()
    adopted = ask(officer, "/credit-policy-adoptions", order)

    assert [one["code"] for one in listed["policies"] if one["is_in_force"]] == ["xinzhu"]
    assert listed["policies"][2]["words"]["取整"] == "按分钟，不取整"
    assert (preview["services"], preview["before"]) == (0, {"proved": 0, "entered": 0})
    assert (adopted.status_code, adopted.json()["adopted_by"]) == (201, "韦国强")
    again = ask(officer, "/credit-policy-adoptions", order)
    assert (again.status_code, again.json()["code"]) == (409, "policy_in_force")
    refused = ask(officer, f"/credit-policies/{STREET}/preview?code=xinzhu&version=1")
    assert refused.json()["code"] == "policy_unknown"
    assert ask(client_of(make_worker()), "/credit-policy-adoptions", order).status_code == 403


def test_worker_enters_afterwards_once() -> None:
    activity = make_open_shift(activity=make_activity("清洁家园")).activity
    make_volunteer("王建国")
    line = {"day": local_date(SATURDAY).isoformat(), "came": "09:00", "left": "11:00"}
    order = {
        "activity": str(activity.public_id),
        "lines": [{"who": "王建国", **line}, {"who": "谁也不是", **line}],
        "reason": "停电",
        "declares": True,
        "evidence": b64encode(b"%PDF-1.7").decode(),
    }
    browser = client_of(make_worker())

    first, again = (
        ask(browser, "/back-entries", order, **{"Idempotency-Key": "one"}) for _ in range(2)
    )

    told = first.json()
    assert (first.status_code, again.json()["id"]) == (201, told["id"])
    assert [one["name"] for one in told["segments"]] == ["王建国"]
    assert [one["code"] for one in told["refused"]] == ["entry_person_unknown"]
    assert told["waiting"] == 1
    assert ask(browser, f"/back-entries/{told['id']}").json() == told
    stranger = client_of(make_actor(make_person("路人")))
    assert ask(stranger, f"/back-entries/{told['id']}").status_code == 404
    unreadable = ask(browser, "/back-entries", {**order, "evidence": "*"})
    assert unreadable.json()["code"] == "evidence_unreadable"


def test_figures_are_told_for_a_past_day() -> None:
    worker = client_of(make_worker())

    figures = ask(worker, "/record-figures/2026-01-01").json()

    assert figures == {
        "day": "2026-01-01",
        "totals": {"proved": 0, "entered": 0, "visits": 0},
        "people": 0,
        "places": [],
    }
    assert ask(worker, "/record-totals/2026-01-01").json() == figures["totals"]
    assert ask(worker, "/records/overdue/shifts").json() == []
    stranger = client_of(make_actor(make_person("路人")))
    assert ask(stranger, "/record-figures/2026-01-01").status_code == 403
