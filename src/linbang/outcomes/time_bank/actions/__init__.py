"""What can happen in the savings, one file a noun."""

from linbang.outcomes.time_bank.actions.adopting import (
    adopt_scheme,
)
from linbang.outcomes.time_bank.actions.cards import (
    issue_card,
    pay_by_card,
)
from linbang.outcomes.time_bank.actions.correcting import (
    correct_credit,
    restore_credit,
    void_credit,
)
from linbang.outcomes.time_bank.actions.disputes import (
    answer_ruling,
    freeze_savings,
    open_dispute,
    propose_ruling,
    reply_to_dispute,
    thaw_savings,
)
from linbang.outcomes.time_bank.actions.earning import (
    credit_records,
)
from linbang.outcomes.time_bank.actions.gifts import (
    answer_gift,
    donate,
    expire_gifts,
    offer_gift,
)
from linbang.outcomes.time_bank.actions.granting import (
    grant_month,
    renew_grants,
    return_grants,
)
from linbang.outcomes.time_bank.actions.holds import (
    cancel_payment,
    choose_payment,
    release_unserved,
    review_payment,
)
from linbang.outcomes.time_bank.actions.looking import (
    note_look,
)
from linbang.outcomes.time_bank.actions.movements import (
    MovementOrder,
    note_movements,
)
from linbang.outcomes.time_bank.actions.passing import (
    nominate,
    open_estate,
    pass_on,
    propose_estate,
)
from linbang.outcomes.time_bank.actions.payments import (
    refund_payments,
    settle_payments,
    settle_withdrawn,
)
from linbang.outcomes.time_bank.actions.proving import (
    prove_books,
)
from linbang.outcomes.time_bank.actions.sweeping import (
    sweep_spending,
)

__all__ = [
    "MovementOrder",
    "adopt_scheme",
    "answer_gift",
    "answer_ruling",
    "cancel_payment",
    "choose_payment",
    "correct_credit",
    "credit_records",
    "donate",
    "expire_gifts",
    "freeze_savings",
    "grant_month",
    "issue_card",
    "nominate",
    "note_look",
    "note_movements",
    "offer_gift",
    "open_dispute",
    "open_estate",
    "pass_on",
    "pay_by_card",
    "propose_estate",
    "propose_ruling",
    "prove_books",
    "refund_payments",
    "release_unserved",
    "renew_grants",
    "reply_to_dispute",
    "restore_credit",
    "return_grants",
    "review_payment",
    "settle_payments",
    "settle_withdrawn",
    "sweep_spending",
    "thaw_savings",
    "void_credit",
]
