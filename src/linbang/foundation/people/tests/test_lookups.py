"""Rule 5: anyone can check with ID, name and a question, and dispute it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people import actions, errors, queries, rules
from linbang.foundation.people.choices import ConsentMethod, DisputeOutcome, DocumentType, Sex
from linbang.foundation.people.factories import (
    make_actor,
    make_person,
    make_resident_id,
    make_worker,
)
from linbang.foundation.people.models import Person, RegistrationDispute, RegistrationLookup
from linbang.foundation.people.rules import question_of
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY

NOW = clock.now()
STRANGER = Actor(address="10.0.0.7")


def registered(name="李秀英"):
    return make_person(name, now=NOW)


def ask(person=None, *, by=STRANGER, now=NOW, wrong=False, **told):
    question = queries.new_question(now=now)
    answer = queries.question_in(question.token)[0].answer
    person = person or registered()
    details = {
        "name": person.name,
        "document_type": DocumentType.RESIDENT_ID,
        "document_number": person.document_number,
        "token": question.token,
        "answer": str(answer + wrong),
        **told,
    }
    return actions.look_up(**details, by=by, now=now)


def make_dispute(person=None, **more):
    found = ask(person)
    facts = {"ticket": found.ticket, "phone": "13900139000", "by": STRANGER, "now": NOW, **more}
    return actions.dispute_registration(**facts)


@pytest.mark.parametrize(
    ("question", "text", "right"),
    [
        (question_of(3, 5, is_plus=True), "8", True),
        (question_of(3, 5, is_plus=True), "８ ", True),
        (question_of(3, 5, is_plus=True), "八", True),
        (question_of(9, 9, is_plus=True), "十八", True),
        (question_of(3, 5, is_plus=False), "2", True),
        (question_of(4, 4, is_plus=False), "零", True),
        (question_of(3, 5, is_plus=True), "9", False),
        (question_of(3, 5, is_plus=True), "", False),
        (question_of(3, 5, is_plus=True), "八八", False),
        (question_of(3, 5, is_plus=True), "9" * 9, False),
    ],
)
def test_question_takes_digits_and_words(question, text, right):
    if right:
        rules.require_answer(question, text, asked_at=NOW, now=NOW)
    else:
        with pytest.raises(errors.AnswerWrong):
            rules.require_answer(question, text, asked_at=NOW, now=NOW)


def test_question_of_long_ago_is_refused():
    rules.require_answer(
        question_of(1, 1, is_plus=True), "2", asked_at=NOW, now=NOW + timedelta(hours=1)
    )
    with pytest.raises(errors.QuestionExpired):
        rules.require_answer(
            question_of(1, 1, is_plus=True), "2", asked_at=NOW, now=NOW + timedelta(minutes=61)
        )


@pytest.mark.parametrize(
    ("from_address", "about_number", "refused"),
    [(9, 4, False), (10, 0, True), (0, 5, True)],
)
def test_tries_are_limited_by_address_and_number(from_address, about_number, refused):
    tries = {"by_address": [NOW] * from_address, "by_number": [NOW] * about_number}

    if refused:
        with pytest.raises(errors.LookupsUsedUp):
            rules.require_tries_left(**tries, now=NOW)
    else:
        rules.require_tries_left(**tries, now=NOW)
    rules.require_tries_left(**tries, now=NOW + timedelta(hours=24))


@pytest.mark.django_db
def test_lookup_tells_since_when_and_nothing_of_whom():
    person = make_person("李秀英", now=NOW - timedelta(days=9))

    found = ask(person)

    assert (found.since, found.organisations, found.dispute) == (
        clock.local_date(NOW - timedelta(days=9)), 0, None,
    )  # fmt: skip
    event = AuditEvent.objects.get(action="people.look_up")
    assert (event.about_id, event.detail, event.address) == (person.pk, {"found": True}, "10.0.0.7")


@pytest.mark.django_db
def test_lookup_answers_alike_whatever_does_not_match():
    known, gone = registered(), registered("王芳")
    Person.objects.filter(pk=gone.pk).update(closed_at=NOW)
    nobody = make_resident_id(date(1980, 5, 5), Sex.FEMALE)

    answers = [ask(known, name="李秀"), ask(known, document_number=nobody), ask(gone)]

    assert answers == [None, None, None]
    assert {event.detail["found"] for event in AuditEvent.objects.all()} == {False}
    assert not AuditEvent.objects.filter(about_id__isnull=False).exists()


@pytest.mark.django_db
def test_lookup_counts_tries_whoever_is_asked_about():
    known = registered()
    nobody = make_resident_id(date(1980, 5, 5), Sex.FEMALE)
    for number in (known.document_number, nobody):
        for n in range(rules.TRIES_PER_NUMBER):
            ask(known, document_number=number, by=Actor(address=f"10.0.1.{n}"))
        with pytest.raises(errors.LookupsUsedUp):
            ask(known, document_number=number, by=Actor(address="10.0.2.1"))

    for _ in range(rules.TRIES_PER_ADDRESS):
        with pytest.raises(errors.AnswerWrong):
            ask(registered("赵六"), wrong=True)
    with pytest.raises(errors.LookupsUsedUp):
        ask(registered("赵六"))


@pytest.mark.django_db
def test_question_is_answered_once():
    person, question = registered(), queries.new_question(now=NOW)
    answer = str(queries.question_in(question.token)[0].answer)
    ask(person, token=question.token, answer=answer)

    with pytest.raises(errors.QuestionExpired):
        ask(person, token=question.token, answer=answer)
    with pytest.raises(errors.QuestionExpired):
        ask(person, token="00")
    with pytest.raises(IntegrityError, match="lookup_question_answered_once"):
        RegistrationLookup.objects.create(
            question=RegistrationLookup.objects.get().question, at=NOW
        )


@pytest.mark.django_db
def test_lookups_are_forgotten():
    ask()

    assert actions.forget_lookups(now=NOW + timedelta(days=1)) == 0
    assert actions.forget_lookups(now=NOW + timedelta(days=3)) == 1


@pytest.mark.django_db
def test_dispute_waits_for_one_answer():
    person = registered()
    make_dispute(person, text="我没有登记过")

    line = ask(person).dispute

    assert (line.outcome, line.due > clock.local_date(NOW)) == (None, True)
    with pytest.raises(errors.DisputeOpen):
        make_dispute(person)
    with pytest.raises(errors.PhoneMalformed):
        make_dispute(person, phone="")
    with pytest.raises(errors.QuestionExpired):
        make_dispute(person, now=NOW + timedelta(hours=2))


@pytest.mark.django_db
def test_dispute_upheld_ends_the_registration():
    person = registered()
    dispute, worker = make_dispute(person), make_worker()
    answer = {"dispute_id": dispute.pk, "outcome": DisputeOutcome.ENDED, "by": worker, "now": NOW}

    with pytest.raises(errors.ReplyMissing):
        actions.answer_dispute(**answer, reply=" ")
    with pytest.raises(NotAllowed):
        actions.answer_dispute(
            **{**answer, "by": make_worker(region=NEIGHBOUR_COMMUNITY)}, reply="核实过"
        )
    actions.answer_dispute(**answer, reply="登记表上不是本人签字")

    person.refresh_from_db()
    assert (person.is_closed, ask(person)) == (True, None)
    with pytest.raises(errors.DisputeAnswered):
        actions.answer_dispute(**answer, reply="再答一次")
    ticket = queries.ticket_for(person, now=NOW)
    with pytest.raises(NotFound):
        actions.dispute_registration(ticket=ticket, phone="13900139000", by=STRANGER, now=NOW)


@pytest.mark.django_db
def test_dispute_answer_is_stored_whole():
    dispute = make_dispute()
    dispute.outcome = DisputeOutcome.KEPT

    with pytest.raises(IntegrityError, match="registration_dispute_answer_is_whole"):
        dispute.save(update_fields=["outcome"])


@pytest.mark.django_db
def test_dispute_is_open_once_a_phone():
    dispute = make_dispute()

    with pytest.raises(IntegrityError, match="registration_dispute_open_once"):
        RegistrationDispute.objects.create(
            cell=dispute.cell, person=dispute.person, phone_digest=dispute.phone_digest,
            opened_at=NOW,
        )  # fmt: skip


@pytest.mark.django_db
def test_registration_by_others_counts_for_nothing_until_confirmed():
    """Rule 4: what the station registers without a signature stays 待本人确认."""
    person, worker = make_person("李秀英", confirmed=False), make_worker()
    offer = rules.VolunteerDetails(skills=(), categories=("0001",), availability=1)

    with pytest.raises(errors.PersonUnconfirmed):
        actions.register_volunteer(person_id=person.pk, details=offer, by=worker, now=NOW)
    actions.confirm_person(
        person_id=person.pk, method=ConsentMethod.SIGNED_FORM, by=worker, now=NOW
    )
    actions.register_volunteer(person_id=person.pk, details=offer, by=worker, now=NOW)

    assert queries.is_volunteer(person.pk)


@pytest.mark.django_db
def test_pages_ask_answer_and_take_the_dispute():
    person, client = registered(), Client()
    form = client.get("/registered/").context["form"]
    token = form.initial["token"]
    answer = queries.question_in(token)[0].answer
    told = {"name": "李秀英", "document_type": "01", "document_number": person.document_number}

    wrong = client.post("/registered/", {**told, "token": token, "answer": "99"})
    again = wrong.context["form"]["token"].value()
    answer = queries.question_in(again)[0].answer
    yes = client.post("/registered/", {**told, "token": again, "answer": answer})
    ticket = yes.context["found"].ticket
    mute = client.post("/registered/dispute/", {"ticket": ticket})
    made = client.post("/registered/dispute/", {"ticket": ticket, "phone": "13900139000"})

    assert (wrong.status_code, mute.status_code, made.status_code) == (422, 422, 200)
    assert again != token
    assert wrong.context["question"] in wrong.content.decode()
    assert "13900139000" not in yes.content.decode() + made.content.decode()


@pytest.mark.django_db
def test_worker_answers_disputes_on_the_desk(django_assert_num_queries):
    dispute = make_dispute()
    client = client_of(Person.objects.get(pk=make_worker().person_id))
    url = f"/console/disputes/{dispute.public_id}/answer/"
    client.get("/console/disputes/")  # signing in is noted once
    with django_assert_num_queries(7):
        client.get("/console/disputes/")
    for name in ("王芳", "赵六"):
        make_dispute(registered(name))

    with django_assert_num_queries(7):
        page = client.get("/console/disputes/").content.decode()
    refused = client.post(url, {"outcome": "kept"})
    client.post(url, {"outcome": "kept", "reply": "本人补签了登记表"})

    assert (dispute.person.name in page, refused.status_code) == (True, 422)
    dispute.refresh_from_db()
    assert dispute.outcome == DisputeOutcome.KEPT
    outsider = client_of(Person.objects.get(pk=make_actor(make_person("周立")).person_id))
    assert outsider.get("/console/disputes/").status_code == 404
    assert outsider.post(url, {"outcome": "kept", "reply": "x"}).status_code == 404


@pytest.mark.django_db
def test_api_looks_up_and_disputes():
    person, client = registered(), Client()
    asked = client.get("/api/v1/registration-lookups/question").json()
    answer = queries.question_in(asked["token"])[0].answer
    told = {
        "name": "李秀英", "document_number": person.document_number, "token": asked["token"],
        "answer": str(answer),
    }  # fmt: skip

    yes = client.post("/api/v1/registration-lookups", told, content_type="application/json").json()
    again = client.post("/api/v1/registration-lookups", told, content_type="application/json")
    made = client.post(
        "/api/v1/registration-disputes",
        {"ticket": yes["ticket"], "phone": "13900139000"},
        content_type="application/json",
    )

    assert (yes["is_registered"], yes["organisations"]) == (True, 0)
    assert (again.status_code, made.status_code) == (422, 204)
