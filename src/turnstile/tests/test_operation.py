from datetime import UTC, datetime
from typing import Any

import pytest

from turnstile import Knock, Operation, Unreadable

SHIFT, POST = "6f1c1a3e-0000-4000-8000-000000000001", "6f1c1a3e-0000-4000-8000-000000000002"


def knock(body: bytes = b"") -> Knock:
    return Knock(
        groups={}, query="", body=body, account_id=1, person_id=2, cell="450103",
        address=None, idempotency_key="", at=datetime(2026, 11, 26, tzinfo=UTC),
    )  # fmt: skip


def operation(**changes: Any) -> Operation:
    values: dict[str, Any] = {
        "name": "tests.sign_up",
        "method": "POST",
        "path": "/api/v1/shifts/{shift}/posts/{post}",
        "decode": lambda knock: (knock.person_id,),
        "statement": "SELECT unnest(%s::bigint[])",
        "encode": lambda row: (200, b"{}"),
    }
    return Operation(**{**values, **changes})


def test_path_tells_its_groups() -> None:
    found = operation().pattern().fullmatch(f"/api/v1/shifts/{SHIFT}/posts/{POST}")

    assert found is not None
    assert found.groupdict() == {"shift": SHIFT, "post": POST}


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/shifts/{SHIFT}/posts/",
        f"/api/v1/shifts/{SHIFT}/posts/{POST}/",
        f"/api/v1/shifts/{SHIFT[:-1]}g/posts/{POST}",
        f"/api/v1xshifts/{SHIFT}/posts/{POST}",
        "/api/v1/shifts/7/posts/8",
    ],
)
def test_other_paths_are_other_peoples(path: str) -> None:
    assert operation(path="/api/v1.shifts/{shift}/posts/{post}").pattern().fullmatch(path) is None
    assert operation().pattern().fullmatch(path) is None


def test_calls_have_no_key_unless_told() -> None:
    assert operation().key((1,)) is None


def test_answer_to_one_person_is_kept_for_nobody() -> None:
    assert operation(is_public=True, fresh_s=1.0).fresh_s == 1.0
    with pytest.raises(ValueError, match="answers one person"):
        operation(fresh_s=1.0)


@pytest.mark.parametrize(
    ("body", "fields"), [(b"", {}), (b'{"code": "123456"}', {"code": "123456"})]
)
def test_body_is_read_as_fields(body: bytes, fields: dict[str, str]) -> None:
    assert knock(body).fields() == fields


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff\xfe"])
def test_other_bodies_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        knock(body).fields()
