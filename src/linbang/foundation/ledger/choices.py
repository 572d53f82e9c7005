from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What a book counts, always in whole numbers."""

    MINUTES = "minutes", _("分钟")
    FEN = "fen", _("分")
    PIECES = "pieces", _("件")


class AccountKind(TextChoices):
    ISSUE = "issue", _("发行")
    PERSONAL = "personal", _("个人")
    TEAM = "team", _("队伍")
    STATION = "station", _("站点")
    POOL = "pool", _("公共池")
    GRANT = "grant", _("赠时")


class Outcome(TextChoices):
    """What became of one order of a batch; the words the SQL functions answer with."""

    POSTED = "posted", _("已入账")
    PLACED = "placed", _("已预留")
    RELEASED = "released", _("已释放")
    REPLAYED = "replayed", _("此前已办理")
    KEY_REUSED = "key_reused", _("编号重复")
    INSUFFICIENT = "insufficient", _("余额不足")
    FROZEN = "frozen", _("账户冻结")
    UNKNOWN_ACCOUNT = "unknown_account", _("没有这个账户")
    CELL_MISMATCH = "cell_mismatch", _("账户不在同一区县")
    UNIT_MISMATCH = "unit_mismatch", _("单位不一致")
    SAME_ACCOUNT = "same_account", _("转出与转入相同")
    BAD_AMOUNT = "bad_amount", _("数额无效")
    UNKNOWN_TRANSFER = "unknown_transfer", _("没有这笔转账")
    ALREADY_REVERSED = "already_reversed", _("已经冲正")
    UNKNOWN_HOLD = "unknown_hold", _("没有这笔预留")
    HOLD_ENDED = "hold_ended", _("预留已结束")
    ABOVE_HOLD = "above_hold", _("超出预留数额")

    @property
    def is_done(self) -> bool:
        return self in _DONE


_DONE = frozenset({Outcome.POSTED, Outcome.PLACED, Outcome.RELEASED, Outcome.REPLAYED})
