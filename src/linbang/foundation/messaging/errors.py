"""What can go wrong with a message."""

from typing import ClassVar


class UnknownTemplate(LookupError):
    """No text of this name is registered in ``messaging.choices``: a bug of the caller."""


class MissingParams(LookupError):
    """The text speaks of values the caller did not give: a bug of the caller."""


class SendingFailed(Exception):
    """The gateway did not take the message.

    ``is_final`` says that trying again cannot help: the number does not exist, the text is not
    approved. ``reason`` is kept with the message and never holds a full number.
    """

    is_final: ClassVar[bool] = False

    def __init__(self, reason: str) -> None:
        self.reason = reason[:200]
        super().__init__(self.reason)


class SendingRefused(SendingFailed):
    """The gateway refused the message for good."""

    is_final = True
