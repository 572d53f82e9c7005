"""Brands, campaigns, projects, key periods, duty points, pairings and policies."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.factories import SATURDAY, make_activity, make_policy
from linbang.intake.activities.models import (
    Activity,
    Brand,
    Campaign,
    DutyPoint,
    InsurancePolicy,
    KeyPeriod,
    PointPairing,
    Project,
    ProjectMeasure,
)
from linbang.intake.activities.rules import (
    CampaignDetails,
    MeasureDetails,
    PointDetails,
    PolicyDetails,
    ProgrammeDetails,
    ProjectDetails,
)
from linbang.intake.activities.tests.cast import (
    DAY,
    NOW,
    make_draft,
    make_team_leader,
    refused,
)

pytestmark = pytest.mark.django_db
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def worker():
    return make_worker()


@pytest.fixture
def outsider():
    return make_worker("何平", region=NEIGHBOUR_COMMUNITY)


@pytest.fixture
def unit():
    return make_unit()


def brand_of(unit, **changes):
    return replace(
        ProgrammeDetails(unit.pk, unit.region_id, "邻里相助", "一家有事大家帮"), **changes
    )


def campaign_of(unit, **changes):
    told = CampaignDetails(unit.pk, unit.region_id, "服务月", starts_on=MARCH[0], ends_on=MARCH[1])
    return replace(told, **changes)


def project_of(unit, **changes):
    told = ProjectDetails(
        unit.pk, unit.region_id, "五点半课堂", starts_on=MARCH[0], ends_on=date(2026, 12, 31),
        field="0003", goals="放学后有人管", budget_fen=500_000,
    )  # fmt: skip
    return replace(told, **changes)


def test_brand_is_opened_changed_and_ended(worker, unit, outsider):
    brand = actions.add_brand(details=brand_of(unit, name=" 邻里相助 "), by=worker, now=NOW)
    actions.edit_brand(brand_id=brand.pk, details=brand_of(unit, summary="新"), by=worker, now=NOW)

    with refused("not_allowed"):
        actions.end_brand(brand_id=brand.pk, by=outsider, now=NOW)
    actions.end_brand(brand_id=brand.pk, by=worker, now=NOW)

    assert Brand.objects.filter(name="邻里相助", summary="新", ended_at=NOW).exists()
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "activities.add_brand", "activities.edit_brand", "activities.end_brand",
    }  # fmt: skip


def test_impossible_programmes_are_refused(worker, unit):
    actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    elsewhere = make_unit(region=NEIGHBOUR_COMMUNITY)

    with refused("brand_name_taken"):
        actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    with refused("programme_name_missing"):
        actions.add_brand(details=brand_of(unit, name=" "), by=worker, now=NOW)
    with refused("organiser_out_of_reach"):
        actions.add_brand(details=brand_of(elsewhere), by=worker, now=NOW)
    with refused("organiser_out_of_reach"):
        actions.add_brand(details=brand_of(unit, region_code="45010300100599"), by=worker, now=NOW)
    with refused("organiser_out_of_reach"):
        actions.add_brand(details=brand_of(unit, organiser_id=0), by=worker, now=NOW)
    with refused("period_impossible"):
        actions.add_campaign(
            details=campaign_of(unit, ends_on=date(2026, 2, 1)), by=worker, now=NOW
        )
    for missing in ({"goals": " "}, {"field": ""}):
        with refused("project_incomplete"):
            actions.add_project(details=project_of(unit, **missing), by=worker, now=NOW)
    with refused("not_found"):
        actions.edit_campaign(campaign_id=0, details=campaign_of(unit), by=worker, now=NOW)


def test_campaign_and_project_are_changed(worker, unit):
    brand = actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    campaign = actions.add_campaign(details=campaign_of(unit), by=worker, now=NOW)
    actions.edit_campaign(
        campaign_id=campaign.pk, details=campaign_of(unit, brand_id=brand.pk), by=worker, now=NOW
    )
    project = actions.add_project(details=project_of(unit), by=worker, now=NOW)
    actions.edit_project(
        project_id=project.pk, details=project_of(unit, campaign_id=campaign.pk), by=worker,
        now=NOW,
    )  # fmt: skip

    actions.end_campaign(campaign_id=campaign.pk, by=worker, now=NOW)
    actions.end_project(project_id=project.pk, by=worker, now=NOW)
    assert Project.objects.get(ended_at=NOW).campaign.brand == brand
    assert Campaign.objects.get().brand == brand


def test_measures_are_aimed_at_and_reached(worker, unit):
    first = MeasureDetails("课时", "小时", 200)
    second = MeasureDetails("孩子", "人", 40)
    project = actions.add_project(
        details=project_of(unit), measures=[first, second], by=worker, now=NOW
    )

    actions.edit_project(
        project_id=project.pk, details=project_of(unit), by=worker, now=NOW,
        measures=[replace(second, reached=46, measured_on=date(2026, 5, 1))],
    )  # fmt: skip
    actions.edit_project(project_id=project.pk, details=project_of(unit), by=worker, now=NOW)

    (measure,) = queries.measures_of(project)
    assert (measure.name, measure.target, measure.reached) == ("孩子", 40, 46)
    for measures, code in (
        ([first, first], "measure_name_taken"),
        ([replace(first, reached=1)], "measure_day_missing"),
    ):
        with refused(code):
            actions.edit_project(
                project_id=project.pk, details=project_of(unit), measures=measures, by=worker,
                now=NOW,
            )  # fmt: skip


def test_activity_takes_the_brand_of_its_line(worker, unit):
    brand, other = (
        actions.add_brand(details=brand_of(unit, name=name), by=worker, now=NOW)
        for name in ("邻里相助", "六进社区")
    )
    campaign = actions.add_campaign(
        details=campaign_of(unit, brand_id=brand.pk), by=worker, now=NOW
    )
    loose = actions.add_campaign(details=campaign_of(unit, name="散"), by=worker, now=NOW)
    project = actions.add_project(
        details=project_of(unit, campaign_id=campaign.pk), by=worker, now=NOW
    )

    made = [
        make_draft(worker, key="a", project_id=project.pk),
        make_draft(worker, key="b", campaign_id=campaign.pk, project_id=project.pk),
        make_draft(worker, key="c", campaign_id=loose.pk, brand_id=other.pk),
        make_draft(worker, key="d", brand_id=other.pk),
        make_draft(worker, key="e", campaign_id=campaign.pk, brand_id=brand.pk),
    ]

    assert [activity.brand_id for activity in made] == [
        brand.pk, brand.pk, other.pk, other.pk, brand.pk,
    ]  # fmt: skip
    for wrong in (
        {"campaign_id": campaign.pk, "brand_id": other.pk},
        {"campaign_id": loose.pk, "project_id": project.pk},
    ):
        with refused("programme_mismatch"):
            make_draft(worker, key="wrong", **wrong)


def test_tree_counts_activities_of_each_branch(worker, unit, outsider):
    brand = actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    campaign = actions.add_campaign(
        details=campaign_of(unit, brand_id=brand.pk), by=worker, now=NOW
    )
    actions.add_project(details=project_of(unit, campaign_id=campaign.pk), by=worker, now=NOW)
    actions.add_project(details=project_of(unit, name="独立"), by=worker, now=NOW)
    make_draft(worker, campaign_id=campaign.pk)

    tree = queries.programme_tree(worker)

    assert [(str(branch.programme or ""), branch.activities) for branch in tree] == [
        ("邻里相助", 1),
        ("", 0),
    ]
    (below,) = tree[0].branches
    assert (str(below.programme), below.activities) == ("服务月", 1)
    assert [str(branch.programme) for branch in below.branches] == ["五点半课堂"]
    assert [str(branch.programme) for branch in tree[1].branches] == ["独立"]
    assert queries.programme_tree(outsider) == []


def test_choices_come_from_above_and_below(worker, unit):
    actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    actions.add_campaign(details=campaign_of(unit), by=worker, now=NOW)
    actions.add_project(details=project_of(unit), by=worker, now=NOW)
    period(worker)
    day = MARCH[0]

    for region, count in (
        (f"{COMMUNITY}001", 1),
        ("450103", 1),
        (NEIGHBOUR_COMMUNITY, 0),
    ):
        assert queries.brands_for(region).count() == count
        assert queries.campaigns_for(region, today=day).count() == count
        assert queries.projects_for(region, today=day).count() == count
        assert queries.key_periods_for(region, today=day).count() == count
    assert queries.campaigns_for(COMMUNITY, today=date(2026, 4, 1)).count() == 0


def period(by, **changes):
    told = {
        "region_code": COMMUNITY, "name": "国庆", "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 10, 7), **changes,
    }  # fmt: skip
    return actions.add_key_period(by=by, now=NOW, **told)


def test_key_period_is_named_and_changed(worker, outsider):
    made = period(worker)
    told = {
        "region_code": COMMUNITY, "name": "国庆中秋", "starts_on": date(2026, 9, 25),
        "ends_on": date(2026, 10, 7),
    }  # fmt: skip

    actions.edit_key_period(period_id=made.pk, by=worker, now=NOW, **told)

    assert KeyPeriod.objects.get().name == "国庆中秋"
    assert list(queries.key_periods_visible_to(worker)) == [made]
    assert list(queries.key_periods_visible_to(outsider)) == []
    with refused("not_allowed"):
        period(outsider)
    with refused("not_allowed"):
        actions.edit_key_period(period_id=made.pk, by=outsider, now=NOW, **told)
    with refused("programme_name_missing"):
        period(worker, name=" ")
    with refused("period_impossible"):
        period(worker, ends_on=date(2026, 9, 1))
    with refused("not_found"):
        period(worker, region_code="450103001005999")
    with refused("not_found"):
        actions.edit_key_period(period_id=0, by=worker, now=NOW, **told)


POINT = PointDetails("crossing", COMMUNITY, "民族大道路口", "民族大道", 108.33, 22.81)


def test_point_is_opened_changed_and_closed_with_its_pairings(worker, outsider, unit):
    point = actions.open_point(details=POINT, by=worker, now=NOW)
    actions.edit_point(
        point_id=point.pk, details=replace(POINT, is_demonstration=True), by=worker, now=NOW
    )
    past = pair(point, unit, worker, since=local_date(NOW - 9 * DAY))
    future = pair(point, make_unit(), worker, since=local_date(NOW + 9 * DAY))

    with refused("not_allowed"):
        actions.close_point(point_id=point.pk, by=outsider, now=NOW)
    actions.close_point(point_id=point.pk, by=worker, now=NOW)

    assert DutyPoint.objects.filter(is_demonstration=True, closed_at=NOW).exists()
    assert [PointPairing.objects.get(pk=pairing.pk).until_date for pairing in (past, future)] == [
        local_date(NOW),
        local_date(NOW + 9 * DAY),
    ]
    with refused("duty_point_closed"):
        pair(point, make_unit(), worker)


def pair(point, unit, by, *, since=None):
    return actions.pair_point(
        point_id=point.pk, organisation_id=unit.pk, since_date=since or local_date(NOW), by=by,
        now=NOW,
    )  # fmt: skip


def test_impossible_points_are_refused(worker, outsider):
    actions.open_point(details=POINT, by=worker, now=NOW)

    for changes, code in (
        ({}, "duty_point_name_taken"),
        ({"name": " "}, "programme_name_missing"),
        ({"name": "二", "latitude": 99.0}, "location_impossible"),
        ({"region_code": f"{COMMUNITY}999"}, "not_found"),
    ):
        with refused(code):
            actions.open_point(details=replace(POINT, **changes), by=worker, now=NOW)
    with refused("not_allowed"):
        actions.open_point(details=POINT, by=outsider, now=NOW)
    with refused("not_found"):
        actions.edit_point(point_id=0, details=POINT, by=worker, now=NOW)


def test_units_keep_a_point_one_to_one_or_together(worker, outsider, unit):
    point = actions.open_point(details=POINT, by=worker, now=NOW)
    pairing = pair(point, unit, worker)
    pair(point, make_team(), worker)

    (row,) = queries.point_rows(queries.points_visible_to(worker), now=NOW)
    assert (len(row.keepers), row.is_shared, row.shifts) == (2, True, 0)
    with refused("point_pairing_exists"):
        pair(point, unit, worker)
    with refused("not_found"):
        actions.pair_point(
            point_id=point.pk, organisation_id=0, since_date=local_date(NOW), by=worker, now=NOW
        )
    with refused("point_pairing_ends_early"):
        end(pairing, local_date(NOW - DAY), worker)
    with refused("not_allowed"):
        end(pairing, local_date(NOW), outsider)
    end(pairing, local_date(NOW), worker)
    assert pair(point, unit, worker).pk != pairing.pk
    assert queries.pairings_of(point).count() == 3
    with refused("not_found"):
        end(PointPairing(pk=0), local_date(NOW), worker)


def end(pairing, until, by):
    return actions.end_pairing(pairing_id=pairing.pk, until_date=until, by=by, now=NOW)


def test_points_are_found_by_kind_text_and_want_of_a_unit(worker, unit):
    kept = actions.open_point(details=POINT, by=worker, now=NOW)
    free = actions.open_point(
        details=replace(POINT, kind="service_point", name="滨江公园", address=""),
        by=worker,
        now=NOW,
    )
    pair(kept, unit, worker)

    def found(**wish):
        return list(queries.points_found(worker, **wish))

    assert found(kind="crossing") == [kept]
    assert found(text="公园") == [free]
    assert found(text="民族大道") == [kept]
    assert found(unpaired=True) == [free]


def test_team_leader_sees_the_points_the_team_keeps(worker):
    team = make_team("帮帮队")
    leader = make_team_leader(team)
    point = actions.open_point(details=POINT, by=worker, now=NOW)
    actions.open_point(details=replace(POINT, name="二"), by=worker, now=NOW)

    assert list(queries.points_visible_to(leader)) == []
    pair(point, team, worker)
    assert list(queries.points_visible_to(leader)) == [point]


def policy_of(unit, **changes):
    told = PolicyDetails(
        unit.pk, unit.region_id, "演示保险", "P1", "named", NOW, SATURDAY + 30 * DAY, 10_000_000
    )
    return replace(told, **changes)


def test_policy_is_entered_extended_and_ended(worker, outsider, unit):
    policy = actions.enter_policy(details=policy_of(unit), by=worker, now=NOW)

    with refused("policy_number_taken"):
        actions.enter_policy(details=policy_of(unit), by=worker, now=NOW)
    with refused("policy_period_impossible"):
        actions.extend_policy(policy_id=policy.pk, ends_at=SATURDAY, by=worker, now=NOW)
    with refused("not_allowed"):
        actions.end_policy(policy_id=policy.pk, by=outsider, now=NOW)
    actions.extend_policy(policy_id=policy.pk, ends_at=SATURDAY + 60 * DAY, by=worker, now=NOW)
    assert list(queries.policies_in_force(worker, now=SATURDAY + 50 * DAY)) == [policy]
    actions.end_policy(policy_id=policy.pk, by=worker, now=NOW)

    assert list(queries.policies_in_force(worker, now=NOW)) == []
    assert list(queries.policies_visible_to(worker)) == [policy]
    assert list(queries.policies_visible_to(outsider)) == []
    with refused("policy_period_impossible"):
        actions.extend_policy(policy_id=policy.pk, ends_at=SATURDAY + 90 * DAY, by=worker, now=NOW)
    with refused("not_found"):
        actions.end_policy(policy_id=0, by=worker, now=NOW)


def test_impossible_policies_are_refused(worker, unit):
    for changes, code in (
        ({"number": " "}, "policy_incomplete"),
        ({"insurer": ""}, "policy_incomplete"),
        ({"ends_at": NOW}, "policy_period_impossible"),
        ({"organiser_id": 0}, "organiser_out_of_reach"),
        ({"region_code": NEIGHBOUR_COMMUNITY}, "organiser_out_of_reach"),
        ({"region_code": f"{COMMUNITY}999"}, "organiser_out_of_reach"),
    ):
        with refused(code):
            actions.enter_policy(details=policy_of(unit, **changes), by=worker, now=NOW)


def broken(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_database_keeps_the_rules_of_programmes(worker, unit):
    brand = actions.add_brand(details=brand_of(unit), by=worker, now=NOW)
    campaign = actions.add_campaign(details=campaign_of(unit), by=worker, now=NOW)
    project = actions.add_project(
        details=project_of(unit), measures=[MeasureDetails("课时", "小时", 1)], by=worker, now=NOW
    )
    held = period(worker)
    early = {"ends_on": date(2020, 1, 1)}

    def again(row):
        row.pk, row.public_id = None, None
        type(row).objects.bulk_create([row])

    twin = Brand(
        cell=brand.cell, organiser=unit, region_id=brand.region_id, name=brand.name, created_at=NOW
    )
    broken("brand_name_once_a_region", lambda: twin.save(force_insert=True))
    for model, row, name in (
        (Campaign, campaign, "campaign_ends_after_start"),
        (Project, project, "project_ends_after_start"),
        (KeyPeriod, held, "key_period_ends_after_start"),
    ):
        broken(name, lambda model=model, row=row: model.objects.filter(pk=row.pk).update(**early))
    measures = ProjectMeasure.objects.filter(project=project)
    broken("project_measure_reached_has_a_day", lambda: measures.update(reached=1))
    second = ProjectMeasure(cell=project.cell, project=project, name="课时", unit="小时", target=2)
    broken("project_measure_once_a_name", lambda: second.save(force_insert=True))


def test_database_keeps_the_rules_of_points_and_policies(worker, unit):
    point = actions.open_point(details=POINT, by=worker, now=NOW)
    pair(point, unit, worker)
    policy = make_policy(unit)
    points = DutyPoint.objects.filter(pk=point.pk)
    twin = DutyPoint(cell=point.cell, region_id=COMMUNITY, name=point.name, opened_at=NOW)
    mine = {"cell": point.cell, "point": point, "organisation": unit}

    broken("duty_point_name_once_a_region", lambda: twin.save(force_insert=True))
    broken("duty_point_location_is_on_earth", lambda: points.update(longitude=181))
    broken(
        "point_pairing_once_a_unit",
        lambda: PointPairing.objects.create(**mine, since_date=local_date(NOW)),
    )
    broken(
        "point_pairing_ends_after_start",
        lambda: PointPairing.objects.update(until_date=local_date(NOW - DAY)),
    )
    policies = InsurancePolicy.objects.filter(pk=policy.pk)
    broken("policy_ends_after_start", lambda: policies.update(ends_at=policy.starts_at))
    other = make_policy(unit)
    broken(
        "policy_number_once_an_insurer",
        lambda: InsurancePolicy.objects.filter(pk=other.pk).update(number=policy.number),
    )


def test_system_plans_everywhere(unit):
    from linbang.foundation.access.rules import Actor

    system = Actor.system()
    brand = actions.add_brand(details=brand_of(unit), by=system, now=NOW)
    point = actions.open_point(details=POINT, by=system, now=NOW)
    make_activity(organiser=unit)

    assert list(queries.brands_visible_to(system)) == [brand]
    assert list(queries.points_visible_to(system)) == [point]
    assert list(queries.policies_visible_to(system)) == []
    assert list(queries.key_periods_visible_to(system)) == []
    assert queries.activities_visible_to(system).count() == Activity.objects.count() == 1
