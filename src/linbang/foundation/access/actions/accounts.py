"""Opening accounts, and the directory of what is unique in the whole country."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access import rules
from linbang.foundation.access.choices import DirectoryKind
from linbang.foundation.access.errors import AlreadyClaimed, PhoneTaken
from linbang.foundation.access.models import Account, DirectoryEntry, phone_digest
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import refusing


@transaction.atomic
def open_account(*, phone: str, cell: str, by: Actor, now: datetime) -> Account:
    """Open an account that signs in with this phone. Raises NotAPhone or PhoneTaken."""
    phone = rules.require_phone(phone)
    digest = phone_digest(phone)
    with refusing({"access_account_phone_digest_key": PhoneTaken}), transaction.atomic():
        account = Account(cell=cell, phone=phone, phone_digest=digest, created_at=now)
        account.set_unusable_password()
        account.save(force_insert=True)
    claim_unique(kind=DirectoryKind.SIGN_IN_PHONE, digest=digest, cell=cell, owner_id=account.pk)
    record(by=by, action="access.open_account", subject=account, now=now)
    return account


def claim_unique(*, kind: DirectoryKind, digest: str, cell: str, owner_id: int) -> DirectoryEntry:
    """Enter a keyed hash in the directory, once in the whole country.

    Raises AlreadyClaimed, decided by the primary key, however many try at once.
    """
    with refusing({"access_directoryentry_pkey": AlreadyClaimed}), transaction.atomic():
        return DirectoryEntry.objects.create(kind=kind, digest=digest, cell=cell, owner_id=owner_id)
