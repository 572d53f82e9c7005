from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateState(TextChoices):
    """Whether a certificate may still be relied on (rule 49)."""

    VALID = "valid", _("有效")
    SUPERSEDED = "superseded", _("已更新")
    REVOKED = "revoked", _("已撤销")


class EndReason(TextChoices):
    """Why a certificate is not valid any more, as strangers may read it."""

    CORRECTED = "corrected", _("其中的服务记录后来有更正或作废")
    ISSUED_WRONGLY = "wrong", _("证明内容有误")
    FALSE_HOURS = "false", _("查实有虚假时长")
    ASKED = "asked", _("应志愿者本人要求")


# What somebody may choose who takes a certificate back; the others follow from what happened.
REVOCATIONS = (EndReason.ISSUED_WRONGLY, EndReason.FALSE_HOURS, EndReason.ASKED)


class CardKind(TextChoices):
    IDENTITY = "identity", _("志愿者证")
    SAVINGS = "savings", _("爱心储蓄卡")


class StationTab(TextChoices):
    """The heaps on the station's desk."""

    PAPER = "paper", _("待盖章")
    ALL = "all", _("全部证明")

    @classmethod
    def named(cls, name: str | None) -> "StationTab":
        """Return the heap of an address; what waits, for anything unknown."""
        return cls(name) if name in cls.values else cls.PAPER
