"""What care refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class ListedAlready(Refused):
    """The person is on the register in this category."""

    code = "listed_already"
    message = _("已经在关爱名册的这一类里，不必重复登记。")


class ListingEnded(Refused):
    """The listing was ended."""

    code = "listing_ended"
    message = _("这一项已经结束，请刷新页面。")


class EndReasonMissing(Refused):
    """A case ends with a reason, such as getting well."""

    code = "end_reason_missing"
    status = 422
    message = _("请填写结束的原因，例如“已脱困”“已搬离”。")


class SeparateConsentMissing(Refused):
    """A care category is sensitive: it needs a consent of its own (rule 80)."""

    code = "separate_consent_missing"
    status = 422
    message = _("关爱类别是敏感信息，请先取得本人或监护人签字的单独同意书，再勾选登记。")
