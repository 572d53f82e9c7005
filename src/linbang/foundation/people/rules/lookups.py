"""Asking whether one is registered (rule 5): the question that keeps machines out, and limits."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.foundation.people.errors import (
    AnswerWrong,
    LookupsUsedUp,
    QuestionExpired,
)

# Nobody is hurried: a reader of large print may take her time (rule 101).
QUESTION_LIFETIME = timedelta(hours=1)
# How long the answer "yes" may be disputed without looking up again.
TICKET_LIFETIME = timedelta(hours=1)
TRIES_PER_ADDRESS = 10
ADDRESS_WINDOW = timedelta(minutes=10)
TRIES_PER_NUMBER = 5
NUMBER_WINDOW = timedelta(hours=24)
DISPUTE_WORKDAYS = 5
# People also write the number as it is spoken.
_SPOKEN = (
    *"零一二三四五六七八九十",
    *(f"十{one}" for one in "一二三四五六七八"),
)


@dataclass(frozen=True)
class Question:
    """A sum of two numbers from 1 to 9, asked in words; never below zero."""

    first: int
    second: int
    is_plus: bool

    @property
    def answer(self) -> int:
        """What the sum comes to."""
        return self.first + self.second if self.is_plus else self.first - self.second


def question_of(first: int, second: int, *, is_plus: bool) -> Question:
    """Return a question whose answer is not below zero."""
    return Question(first, second, is_plus) if is_plus else Question(
        max(first, second), min(first, second), is_plus=False
    )  # fmt: skip


def is_answered(question: Question, text: str) -> bool:
    """Tell whether the text is the answer: in digits of any width, or in Chinese words."""
    told = unicodedata.normalize("NFKC", text).strip()
    if told in _SPOKEN:
        return _SPOKEN.index(told) == question.answer
    return told.isdecimal() and len(told) <= 4 and int(told) == question.answer


def require_answer(question: Question, text: str, *, asked_at: datetime, now: datetime) -> None:
    """Refuse a wrong answer, and one to a question of long ago.

    Raises AnswerWrong, QuestionExpired.
    """
    if now - asked_at > QUESTION_LIFETIME:
        raise QuestionExpired(field="answer")
    if not is_answered(question, text):
        raise AnswerWrong(field="answer")


def require_tries_left(
    *, by_address: Sequence[datetime], by_number: Sequence[datetime], now: datetime
) -> None:
    """Refuse who asked too often from one address, or about one number. Raises LookupsUsedUp.

    A number that nobody has is limited like any other: the limit tells nothing.
    """
    recent = [at for at in by_address if now - at < ADDRESS_WINDOW]
    lately = [at for at in by_number if now - at < NUMBER_WINDOW]
    if len(recent) >= TRIES_PER_ADDRESS or len(lately) >= TRIES_PER_NUMBER:
        raise LookupsUsedUp


def require_ticket(issued_at: datetime, *, now: datetime) -> None:
    """Refuse to dispute an answer of long ago. Raises QuestionExpired."""
    if now - issued_at > TICKET_LIFETIME:
        raise QuestionExpired
