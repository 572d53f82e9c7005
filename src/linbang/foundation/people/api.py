from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest
from linbang.foundation.people import actions, queries, rules, schemas
from linbang.foundation.people.choices import (
    ConsentKind,
    ConsentMethod,
    Language,
    RegistrationChannel,
    Skill,
)
from linbang.foundation.people.gates import phone_of
from linbang.foundation.shell.schemas import PageIn, RowId, paged

router = Router(tags=["people"])


def _has_proven_phone(request: HttpRequest) -> str:
    return phone_of(request)


def _visible(request: MemberRequest, person_id: UUID) -> Any:
    return get_object_or_404(queries.people_visible_to(request.actor), public_id=person_id)


def _require(request: MemberRequest, permission: Permission) -> None:
    if not request.actor.may_anywhere(permission):
        raise Http404


def _registration(body: schemas.RegistrationIn, **more: Any) -> rules.Registration:
    told = body.dict(include=set(schemas.RegistrationIn.model_fields))
    return rules.Registration(**told, **more)


def _offer(body: schemas.VolunteerIn) -> rules.VolunteerDetails:
    return rules.VolunteerDetails(
        skills=tuple(body.skills),
        categories=tuple(body.categories),
        availability=rules.availability_from_bits(body.availability),
        languages=None if body.languages is None else tuple(body.languages),
        visits_a_day=body.visits_a_day,
        visits_a_week=body.visits_a_week,
    )


def _volunteer(profile: Any) -> dict[str, Any]:
    columns = (
        "number", "skills", "categories", "languages", "visits_a_day", "visits_a_week",
        "activated_at", "paused_until",
    )  # fmt: skip
    told = {name: getattr(profile, name) for name in columns}
    return {**told, "availability": rules.bits_of(profile.availability)}


@router.post(
    "/registration",
    auth=_has_proven_phone,
    response={201: schemas.PersonOut},
    operation_id="register_oneself",
)
def register_oneself(request: MemberRequest, body: schemas.RegistrationIn):
    """Register oneself; the phone was proved by a code before."""
    person = actions.register_person(
        details=_registration(body, phone=phone_of(request)), by=request.actor, now=clock.now()
    )
    return Status(201, person)


@router.post(
    "/identity-claims", auth=_has_proven_phone, response={204: None}, operation_id="claim_identity"
)
def claim_identity(request: MemberRequest, body: schemas.ClaimIn):
    """Claim a record that somebody else registered with one's document (rule 3)."""
    actions.claim_identity(
        **body.dict(), phone=phone_of(request), by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.get("/identity-claims", response=schemas.ClaimPageOut, operation_id="list_claims")
def list_claims(request: MemberRequest, page: Query[PageIn]):
    """List the open claims to decide, oldest first."""
    _require(request, Permission.EDIT_PEOPLE)
    return paged(queries.claims_visible_to(request.actor), page)


@router.post(
    "/identity-claims/{claim_id}/decision", response={204: None}, operation_id="decide_claim"
)
def decide_claim(request: MemberRequest, claim_id: UUID, body: schemas.DecisionIn):
    """Grant or refuse a claim."""
    claim = get_object_or_404(queries.claims_visible_to(request.actor), public_id=claim_id)
    actions.decide_claim(claim_id=claim.pk, **body.dict(), by=request.actor, now=clock.now())
    return Status(204, None)


@router.get(
    "/registration-lookups/question",
    auth=None,
    response=schemas.LookupQuestionOut,
    operation_id="ask_lookup_question",
)
def ask_lookup_question(request: HttpRequest):
    """Return the sum that keeps machines out of the look-up."""
    return queries.new_question(now=clock.now())


@router.post(
    "/registration-lookups",
    auth=None,
    response=schemas.LookupOut,
    operation_id="look_up_registration",
)
def look_up_registration(request: MemberRequest, body: schemas.LookupIn):
    """Tell whether exactly this name is registered under this document (rule 5)."""
    found = actions.look_up(**body.dict(), by=request.actor, now=clock.now())
    if found is None:
        return {"is_registered": False}
    told = {name: getattr(found, name) for name in ("since", "organisations", "ticket")}
    return {"is_registered": True, **told}


@router.post(
    "/registration-disputes",
    auth=None,
    response={204: None},
    operation_id="dispute_registration",
)
def dispute_registration(request: MemberRequest, body: schemas.RegistrationDisputeIn):
    """Say that a registration just found was not made by oneself."""
    actions.dispute_registration(**body.dict(), by=request.actor, now=clock.now())
    return Status(204, None)


@router.get("/people", response=schemas.PersonPageOut, operation_id="list_people")
def list_people(
    request: MemberRequest,
    page: Query[PageIn],
    q: str = Query("", max_length=60),
    kind: str = "",
    region: str = Query("", pattern=r"^\d{0,18}$"),
    skill: Skill | None = None,
    language: Language | None = None,
):
    """List people within one's regions; minors are left out."""
    _require(request, Permission.SEE_PEOPLE)
    found = queries.filtered_people(
        request.actor,
        text=q,
        kind=kind,
        region_code=region,
        skill=skill or "",
        language=language or "",
    )
    return paged(queries.without_minors(found, now=clock.now()), page)


@router.post("/people", response={201: schemas.PersonOut}, operation_id="register_person")
def register_person(request: MemberRequest, body: schemas.PersonIn):
    """Register somebody at the station; unconfirmed until they agree (rule 4)."""
    _require(request, Permission.EDIT_PEOPLE)
    guardian = None
    if body.guardian:
        guardian = rules.Guardian(
            person_id=_visible(request, body.guardian).pk, relation=body.relation
        )
    person = actions.register_person(
        details=_registration(body, phone=body.phone, channel=RegistrationChannel.STATION),
        guardian=guardian,
        signed_form=body.signed_form,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, person)


@router.get("/people/{person_id}", response=schemas.PersonOut, operation_id="get_person")
def get_person(request: MemberRequest, person_id: UUID):
    """Show one person, masked."""
    people = queries.without_minors(queries.people_visible_to(request.actor), now=clock.now())
    return get_object_or_404(people, public_id=person_id)


@router.post(
    "/people/{person_id}/opening", response=schemas.PersonOut, operation_id="open_minor_file"
)
def open_minor_file(request: MemberRequest, person_id: UUID, body: schemas.FileOpeningIn):
    """Open a minor's file; the reason is logged."""
    return actions.open_minor_file(
        person_id=_visible(request, person_id).pk, **body.dict(), by=request.actor, now=clock.now()
    )


@router.post(
    "/people/{person_id}/unmasking", response=schemas.UnmaskedOut, operation_id="unmask_person"
)
def unmask_person(request: MemberRequest, person_id: UUID, body: schemas.UnmaskIn):
    """Show one masked value; the reason is logged."""
    value = actions.unmask(
        person_id=_visible(request, person_id).pk, **body.dict(), by=request.actor, now=clock.now()
    )
    return {"value": value}


@router.post(
    "/people/{person_id}/confirmation", response=schemas.PersonOut, operation_id="confirm_person"
)
def confirm_person(request: MemberRequest, person_id: UUID):
    """Confirm a person from their signed form."""
    return actions.confirm_person(
        person_id=_visible(request, person_id).pk,
        method=ConsentMethod.SIGNED_FORM,
        by=request.actor,
        now=clock.now(),
    )


@router.patch("/people/{person_id}", response=schemas.PersonOut, operation_id="update_person")
def update_person(request: MemberRequest, person_id: UUID, body: schemas.ChangeIn):
    """Change phone, region or address; what is left out stays."""
    return actions.update_person(
        person_id=_visible(request, person_id).pk,
        change=rules.Change(**body.dict()),
        by=request.actor,
        now=clock.now(),
    )


@router.put(
    "/people/{person_id}/volunteer",
    response=schemas.VolunteerOut,
    operation_id="set_volunteer",
)
def register_or_update_volunteer(
    request: MemberRequest, person_id: UUID, body: schemas.VolunteerIn
):
    """Register as volunteer, or change what one offers."""
    person = _visible(request, person_id)
    act = (
        actions.update_volunteer if queries.is_volunteer(person.pk) else actions.register_volunteer
    )
    profile = act(person_id=person.pk, details=_offer(body), by=request.actor, now=clock.now())
    return _volunteer(profile)


@router.put(
    "/people/{person_id}/volunteer/pause",
    response=schemas.VolunteerOut,
    operation_id="pause_volunteer",
)
def pause_volunteer(request: MemberRequest, person_id: UUID, body: schemas.PauseIn):
    """Pause a volunteer until a day, or end the pause with null."""
    profile = actions.pause_volunteer(
        person_id=_visible(request, person_id).pk, until=body.until, by=request.actor,
        now=clock.now(),
    )  # fmt: skip
    return _volunteer(profile)


@router.delete("/people/{person_id}/volunteer", response={204: None}, operation_id="end_volunteer")
def end_volunteer(request: MemberRequest, person_id: UUID):
    """Stop being a volunteer."""
    actions.end_volunteer(
        person_id=_visible(request, person_id).pk, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.get("/me/person", response=schemas.PersonOut, operation_id="get_oneself")
def get_oneself(request: MemberRequest):
    """Show one's own record."""
    return queries.person_of(request.actor)


@router.get("/me/volunteer", response=schemas.VolunteerOut, operation_id="get_own_volunteer")
def get_own_volunteer(request: MemberRequest):
    """Show one's own volunteer profile."""
    return _volunteer(queries.active_profile(queries.person_of(request.actor).pk))


@router.get("/me/family", response=schemas.FamilyOut, operation_id="get_family")
def get_family(request: MemberRequest):
    """List who speaks for oneself, and for whom one speaks."""
    person = queries.person_of(request.actor)
    return {"speaks_for_me": queries.kin_of(person), "i_speak_for": queries.spoken_for_by(person)}


@router.post("/me/family", response={201: schemas.FamilyOut}, operation_id="ask_to_speak_for")
def ask_to_speak_for(request: MemberRequest, body: schemas.KinIn):
    """Ask a relative to let oneself speak for them."""
    actions.ask_to_speak_for(**body.dict(), by=request.actor, now=clock.now())
    return Status(201, get_family(request))


@router.post(
    "/kinships/{kinship_id}/confirmation", response={204: None}, operation_id="confirm_kinship"
)
def confirm_kinship(request: MemberRequest, kinship_id: RowId):
    """Let a relative speak for oneself."""
    actions.confirm_kinship(kinship_id=kinship_id, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post("/kinships/{kinship_id}/ending", response={204: None}, operation_id="end_kinship")
def end_kinship(request: MemberRequest, kinship_id: RowId):
    """End a kinship on either side."""
    actions.end_kinship(kinship_id=kinship_id, by=request.actor, now=clock.now())
    return Status(204, None)


@router.get("/me/consents", response=list[schemas.ConsentOut], operation_id="list_own_consents")
def list_own_consents(request: MemberRequest):
    """List the consents one gave, withdrawn ones included."""
    return queries.consents_of(queries.person_of(request.actor))


@router.put("/me/consents/{kind}", response={204: None}, operation_id="give_consent")
def give_consent(request: MemberRequest, kind: ConsentKind):
    """Give consent to the current text of a kind."""
    person = queries.person_of(request.actor)
    actions.give_consent(
        person_id=person.pk, kind=kind, method=ConsentMethod.OWN, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.delete("/me/consents/{kind}", response={204: None}, operation_id="withdraw_consent")
def withdraw_consent(request: MemberRequest, kind: ConsentKind):
    """Withdraw a consent."""
    person = queries.person_of(request.actor)
    actions.withdraw_consent(person_id=person.pk, kind=kind, by=request.actor, now=clock.now())
    return Status(204, None)


@router.delete("/me/person", response={204: None}, operation_id="close_oneself")
def close_oneself(request: MemberRequest):
    """Close one's record; signing in ends."""
    person = queries.person_of(request.actor)
    actions.close_person(person_id=person.pk, by=request.actor, now=clock.now())
    return Status(204, None)
