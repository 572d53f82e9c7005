"""The tables of the savings, one file a noun."""

from linbang.outcomes.time_bank.models.disputes import (
    Dispute,
    DisputeReply,
    Estate,
    Nomination,
    Ruling,
)
from linbang.outcomes.time_bank.models.gifts import Donation, Gift, GiftAnswer, SavingsCard
from linbang.outcomes.time_bank.models.grants import Grant, GrantReturn
from linbang.outcomes.time_bank.models.postings import (
    Adjustment,
    Movement,
    Posting,
    Shortfall,
    ShortfallSettlement,
)
from linbang.outcomes.time_bank.models.redemptions import (
    Payment,
    Redemption,
    RedemptionPart,
    Refund,
)
from linbang.outcomes.time_bank.models.schemes import SchemeAdoption

__all__ = [
    "Adjustment",
    "Dispute",
    "DisputeReply",
    "Donation",
    "Estate",
    "Gift",
    "GiftAnswer",
    "Grant",
    "GrantReturn",
    "Movement",
    "Nomination",
    "Payment",
    "Posting",
    "Redemption",
    "RedemptionPart",
    "Refund",
    "Ruling",
    "SavingsCard",
    "SchemeAdoption",
    "Shortfall",
    "ShortfallSettlement",
]
