"""Refusals of the books, one for each outcome that is not a success."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import KeyReused, Refused
from linbang.foundation.ledger.choices import Outcome


class Insufficient(Refused):
    """The account holds less than what is to be paid or promised."""

    code = "ledger_insufficient"
    message = _("余额不足，没有转出。请减少数额，或等新的服务入账后再试。")


class ReversalInsufficient(Refused):
    """The units to be taken back have been spent since."""

    code = "ledger_reversal_insufficient"
    message = _("这笔入账已被使用，余额不足以冲正。请由服务站与本人商定后再处理。")


class AccountFrozen(Refused):
    """A frozen account receives, but neither pays nor promises."""

    code = "ledger_account_frozen"
    message = _("账户因争议暂时冻结，不能转出。请联系所在社区服务站。")


class UnknownAccount(Refused):
    """No such account in this cell."""

    code = "ledger_unknown_account"
    status = 404
    message = _("没有找到这个账户，请先开户。")


class CellMismatch(Refused):
    """The account is kept in another cell; books balance cell by cell."""

    code = "ledger_cell_mismatch"
    message = _("两个账户不在同一区县，不能直接转账。请由服务站办理通存通兑。")


class UnitMismatch(Refused):
    """The two accounts count different things."""

    code = "ledger_unit_mismatch"
    message = _("两个账户的计量单位不同，不能互转。")


class SameAccount(Refused):
    """A transfer needs two accounts."""

    code = "ledger_same_account"
    message = _("转出和转入不能是同一个账户，请重新选择。")


class BadAmount(Refused):
    """The amount is not a positive whole number within reason."""

    code = "ledger_bad_amount"
    status = 422
    message = _("数额应为正整数，请重新填写。")


class UnknownTransfer(Refused):
    """No such two-legged transfer in this cell."""

    code = "ledger_unknown_transfer"
    status = 404
    message = _("没有找到这笔转账。")


class AlreadyReversed(Refused):
    """A transfer is reversed at most once."""

    code = "ledger_already_reversed"
    message = _("这笔转账已经冲正过，无需再次处理。")


class UnknownHold(Refused):
    """No such hold in this cell."""

    code = "ledger_unknown_hold"
    status = 404
    message = _("没有找到这笔预留。")


class HoldEnded(Refused):
    """The hold was settled or released before."""

    code = "ledger_hold_ended"
    message = _("这笔预留已经结算或释放，请刷新页面查看结果。")


class AboveHold(Refused):
    """A settlement pays at most what was promised."""

    code = "ledger_above_hold"
    message = _("结算数额超过预留数额，请减少后再试。")


REFUSALS: dict[Outcome, type[Refused]] = {
    Outcome.KEY_REUSED: KeyReused,
    Outcome.INSUFFICIENT: Insufficient,
    Outcome.FROZEN: AccountFrozen,
    Outcome.UNKNOWN_ACCOUNT: UnknownAccount,
    Outcome.CELL_MISMATCH: CellMismatch,
    Outcome.UNIT_MISMATCH: UnitMismatch,
    Outcome.SAME_ACCOUNT: SameAccount,
    Outcome.BAD_AMOUNT: BadAmount,
    Outcome.UNKNOWN_TRANSFER: UnknownTransfer,
    Outcome.ALREADY_REVERSED: AlreadyReversed,
    Outcome.UNKNOWN_HOLD: UnknownHold,
    Outcome.HOLD_ENDED: HoldEnded,
    Outcome.ABOVE_HOLD: AboveHold,
}
