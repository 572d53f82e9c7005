"""What a text is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class SmsText:
    """One text message: its words, and for how long sending it still makes sense.

    Chinese carriers approve texts one by one: ``code`` of the gateway is the template's name.
    """

    body: str | Promise
    minutes_valid: int = 24 * 60


@dataclass(frozen=True)
class NoticeText:
    """One kind of line in the inbox, in the words of whoever reads it."""

    title: str | Promise
    body: str | Promise


@dataclass(frozen=True)
class NoticeLook:
    """Icon and tone of a kind of notice."""

    icon: str
    tone: str
