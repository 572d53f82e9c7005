"""What the frame asks about its reader."""

from django.http import HttpRequest

from linbang.foundation.crypto import blind_index


def account_key(request: HttpRequest) -> str:
    """Name the reader's account to their own browser; empty for strangers.

    What a browser keeps is kept under this name: it tells nobody who that is, and is the same on
    every visit.
    """
    actor = getattr(request, "actor", None)
    if not getattr(actor, "is_signed_in", False):
        return ""
    return blind_index(str(actor.account_id), purpose="browser")  # type: ignore[union-attr]  # signed in
