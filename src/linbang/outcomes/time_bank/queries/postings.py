"""What was banked of which record."""

from collections.abc import Sequence

from linbang.foundation.ledger.models import Entry
from linbang.operations.service_records.models import RecordVerification
from linbang.outcomes.time_bank.models import Posting


def verifications_of(record_ids: Sequence[int]) -> list[RecordVerification]:
    """Return the verifications of records with their records, by record."""
    return list(
        RecordVerification.objects.filter(record_id__in=record_ids)
        .select_related("record")
        .order_by("record_id")
    )


def postings_of(record_ids: Sequence[int]) -> dict[int, Posting]:
    """Return what was banked already, by record."""
    found = Posting.objects.filter(record_id__in=record_ids).select_related("transfer")
    return {posting.record_id: posting for posting in found}


def balances_after(transfer_ids: Sequence[int | None]) -> dict[int, int]:
    """Return what the receiving account held after each transfer."""
    received = Entry.objects.filter(
        transfer_id__in=[one for one in transfer_ids if one], amount__gt=0
    )
    return dict(received.values_list("transfer_id", "balance_after"))
