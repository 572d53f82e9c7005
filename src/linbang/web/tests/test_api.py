"""What holds for every operation of the API, whoever wrote it."""

import json
from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, RequestFactory
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError

from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import CodeTooSoon
from linbang.foundation.access.factories import client_of
from linbang.foundation.errors import NotAllowed, NotFound, Refused
from linbang.foundation.people.factories import make_actor, make_person
from linbang.intake.needs.factories import make_catalogue
from linbang.web.api import api

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
METHODS = ("get", "post", "put", "patch", "delete")

# Every use case of the first issue, by operation; a door taken away shows here.
USE_CASES = {
    "access": "show_session send_sign_in_code sign_in reset_password pass_factor sign_out "
    "sign_out_everywhere show_me list_role_grants grant_role end_grant",
    "audit": "list_audit_events list_own_access_log",
    "people": "register_oneself claim_identity list_claims decide_claim list_people "
    "ask_lookup_question look_up_registration dispute_registration "
    "register_person get_person open_minor_file unmask_person confirm_person update_person "
    "set_volunteer pause_volunteer end_volunteer get_oneself get_own_volunteer get_family "
    "ask_to_speak_for confirm_kinship end_kinship list_own_consents give_consent "
    "withdraw_consent close_oneself",
    "places": "list_stations open_station edit_station get_region list_regions_below add_region "
    "rename_region move_point close_region",
    "organisations": "list_organisations register_organisation found_team close_organisation "
    "list_members approve_member decline_member appoint_leader name_liaison end_liaison "
    "list_teams ask_to_join leave_team list_own_affiliations get_coverage",
    "inbox": "list_notices read_notice read_all_notices",
    "care": "list_care_listings count_care list_person_in_care end_care_listing",
    "needs": "list_service_items get_caller open_need list_needs get_need verify_need "
    "decline_need withdraw_need",
    "activities": "list_activities create_activity get_activity update_activity delete_draft "
    "copy_activity list_gates publish_activity review_activity cancel_activity close_activity "
    "extend_activity record_outcome list_qualifications list_shifts plan_shifts move_shifts "
    "cancel_shifts set_shift_places list_series add_series edit_series preview_series_edit "
    "plan_roster",
    "programmes": "list_brands add_brand edit_brand end_brand list_campaigns add_campaign "
    "edit_campaign end_campaign list_projects add_project edit_project end_project "
    "list_key_periods add_key_period edit_key_period",
    "points": "list_points open_point edit_point close_point pair_point end_pairing list_policies "
    "enter_policy extend_policy end_policy",
    "dispatch": "list_candidates rank_candidates list_offers get_offer accept_offer refuse_offer "
    "offer_by_hand leave_assignment list_escalations take_escalation block_pair",
    "visits": "list_visits get_visit get_visit_code see_contact check_in check_out",
    "shifts": "list_own_shifts get_own_shift check_in_shift check_out_shift get_check_in_code "
    "list_absences object_to_absence excuse_absence uphold_absence",
    "leading": "list_led_days get_roll call_roll settle_forgotten close_roll scan_card enter_sheet "
    "walk_in",
    "field work": "list_desks tally list_incidents report_incident see_incident amend_incident "
    "add_incident_photo open_calendar close_calendar",
    "records": "list_records list_records_on_desk get_record_totals get_record confirm_record "
    "verify_record correct_record list_record_flags decide_record_flag propose_record_void "
    "decide_record_void appeal_record_void answer_void_appeal",
    "love savings": "get_own_statement get_statement",
    "statistics": "get_figures list_definitions",
    "briefs": "get_brief_draft issue_brief list_briefs get_brief",
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": told
        for path, methods in described["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    }


def test_router_of_every_app_is_mounted() -> None:
    mounted = {router for _prefix, router in api._routers}
    there = [f"{app}.api" for app in settings.LINBANG_APPS if app != "linbang.web"]

    forgotten = [
        name for name in there if find_spec(name) and import_module(name).router not in mounted
    ]

    assert forgotten == [], "Add their routers to linbang.web.api, in the order of the floors."


@pytest.mark.parametrize("tag", USE_CASES)
def test_every_use_case_is_there(described: dict[str, Any], tag: str) -> None:
    there = {told["operationId"] for told in operations(described).values() if tag in told["tags"]}

    assert set(USE_CASES[tag].split()) - there == set()


def test_operation_ids_are_given_and_unique(described: dict[str, Any]) -> None:
    ids = Counter(told["operationId"] for told in operations(described).values())

    assert [name for name, times in ids.items() if times > 1] == []
    assert [name for name in ids if name.startswith("linbang_")] == []  # ninja's own invention


def test_every_operation_says_what_it_does_and_how_it_refuses(described: dict[str, Any]) -> None:
    told = operations(described)

    assert [name for name, one in told.items() if not one.get("description")] == []
    assert [name for name, one in told.items() if "4XX" not in one["responses"]] == []
    problem = described["components"]["responses"]["Problem"]["content"][PROBLEM]
    assert problem["schema"]["$ref"].endswith("/ProblemOut")


def test_ids_are_text(described: dict[str, Any]) -> None:
    wrong = [
        f"{name}.{field}"
        for name, shape in described["components"]["schemas"].items()
        for field, kind in shape.get("properties", {}).items()
        if _is_id(field) and _may_be_number(kind)
    ]
    wrong += [
        f"{name} {one['name']}"
        for name, told in operations(described).items()
        for one in told["parameters"]
        if _is_id(one["name"]) and _may_be_number(one["schema"])
    ]

    assert wrong == []


def _is_id(field: str) -> bool:
    return field == "id" or field.endswith(("_id", "_ids"))


def _may_be_number(kind: dict[str, Any]) -> bool:
    return '"integer"' in json.dumps(kind) or '"number"' in json.dumps(kind)


def test_schemas_have_names_of_their_own() -> None:
    names = Counter(shape.__name__ for shape in _schemas())

    assert {name: times for name, times in names.items() if times > 1} == {}


def test_a_name_means_the_same_shape_everywhere() -> None:
    # Ninja joins all definitions by name: enumerations collide as silently as schemas.
    shapes: dict[str, set[str]] = {}
    for schema in _schemas():
        for name, shape in schema.model_json_schema().get("$defs", {}).items():
            shapes.setdefault(name, set()).add(json.dumps(shape, sort_keys=True))

    assert [name for name, different in shapes.items() if len(different) > 1] == []


def _schemas(root: type[Schema] = Schema) -> set[type[Schema]]:
    found = set(root.__subclasses__())
    for one in tuple(found):
        found |= _schemas(one)
    return {one for one in found if one.__module__.startswith("linbang.")}


def test_lists_have_one_page_shape(described: dict[str, Any]) -> None:
    shapes = described["components"]["schemas"]
    pages = [name for name, one in shapes.items() if "items" in one.get("properties", {})]

    assert "NeedPageOut" in pages
    for name in pages:
        assert {"count", "page", "pages", "items"} <= set(shapes[name]["required"]), name
    assert [
        name for name, one in shapes.items() if {"results", "next_page"} & set(_fields(one))
    ] == []


def _fields(shape: dict[str, Any]) -> list[str]:
    return list(shape.get("properties", {}))


def test_committed_description_is_what_is_offered(tmp_path: Path) -> None:
    offered = tmp_path / "openapi.json"
    call_command("write_openapi", output=offered)
    committed = settings.BASE_DIR / "docs" / "openapi.json"

    assert committed.read_text(encoding="utf-8") == offered.read_text(encoding="utf-8"), (
        "The API changed. Run `python manage.py write_openapi`, read the diff of "
        "docs/openapi.json as a client would, and commit it."
    )


def test_description_is_served() -> None:
    answer = Client().get(f"{ROOT}/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Linbang 邻帮"


@pytest.mark.parametrize("refusal", [Refused, NotAllowed, NotFound])
def test_refusal_becomes_a_problem(refusal: type[Refused]) -> None:
    answer = api.on_exception(RequestFactory().get(ROOT), refusal(field="note"))

    assert (answer.status_code, answer["Content-Type"]) == (refusal.status, PROBLEM)
    told = json.loads(answer.content)
    assert told == {
        "type": f"about:blank#{refusal.code}", "status": refusal.status, "code": refusal.code,
        "detail": str(refusal.message), "field": "note",
    }  # fmt: skip
    assert "Retry-After" not in answer


def test_refusal_that_waiting_cures_says_how_long() -> None:
    answer = api.on_exception(RequestFactory().post(ROOT), CodeTooSoon())

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AuthenticationError(), 401, "not_signed_in"),
        (HttpError(400, "Cannot parse request body"), 400, "unreadable"),
        (HttpError(403, "CSRF check Failed"), 403, "csrf_failed"),
    ],
)
def test_errors_of_the_frame_become_problems(error: HttpError, status: int, code: str) -> None:
    answer = api.on_exception(RequestFactory().post(ROOT), error)

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert json.loads(answer.content)["code"] == code


def test_bug_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        api.on_exception(RequestFactory().get(ROOT), ZeroDivisionError())


@pytest.mark.django_db
def test_stranger_gets_401_as_a_problem() -> None:
    answer = Client().get(f"{ROOT}/needs")

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.django_db
def test_unknown_things_and_addresses_get_404_as_a_problem() -> None:
    client = client_of(make_person("李秀英"))

    for path in ("needs/00000000-0000-4000-8000-000000000000", "nowhere/at/all"):
        answer = client.get(f"{ROOT}/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
        assert answer.json()["code"] == "not_found"


@pytest.mark.django_db
def test_bad_input_names_its_fields() -> None:
    client = client_of(make_person("李秀英"))

    read = client.get(f"{ROOT}/needs?page=0")
    sent = client.post(f"{ROOT}/me/family", {"name": "王芳"}, content_type="application/json")

    assert (read.status_code, read["Content-Type"]) == (422, PROBLEM)
    assert read.json()["code"] == "invalid_input"
    assert [one["field"] for one in read.json()["errors"]] == ["page"]
    assert [one["field"] for one in sent.json()["errors"]] == ["phone", "relation"]


@pytest.mark.django_db
def test_body_that_is_no_json_is_refused() -> None:
    make_catalogue()
    client = client_of(make_person("李秀英"))

    answer = client.post(f"{ROOT}/needs", "{", content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


@pytest.mark.django_db
def test_number_too_large_for_a_row_is_refused() -> None:
    client = client_of(make_person("李秀英"))

    answer = client.post(f"{ROOT}/kinships/{2**63}/confirmation")

    assert answer.status_code == 422


@pytest.mark.django_db
def test_page_past_the_last_is_empty_and_sizes_are_bounded() -> None:
    client = client_of(make_actor(make_person("周审计"), Role.AUDITOR))

    beyond = client.get(f"{ROOT}/audit-events?page=7&page_size=2").json()

    assert (beyond["page"], beyond["items"]) == (7, [])
    assert beyond["pages"] >= 1
    assert client.get(f"{ROOT}/audit-events?page_size=101").status_code == 422


@pytest.mark.django_db
def test_every_list_answers_a_page_to_somebody_and_no_page_to_others(
    described: dict[str, Any],
) -> None:
    lists = {
        name.removeprefix("get ")
        for name, told in operations(described).items()
        if {"page", "page_size"} <= {one["name"] for one in told["parameters"]} and "{" not in name
    }
    unanswered = set(lists)
    for role in Role:
        client = client_of(make_actor(make_person(f"任{role.value}"[:20]), role))
        for path in lists:
            answer = client.get(path)
            assert answer.status_code in (200, 404), (role, path, answer.content)
            if answer.status_code == 200:
                assert {"count", "page", "pages", "items"} <= set(answer.json()), path
                unanswered.discard(path)

    assert unanswered == set()
