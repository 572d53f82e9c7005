"""Why people cannot be paired as asked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NobodyToPair(Refused):
    """Nobody is left for whom a pairing could be proposed."""

    code = "nobody_to_pair"
    status = 422
    message = _("没有要找结对志愿者的人：名册里的人都有结对了。可以选“我来写名单”。")


class TooManyToPair(Refused):
    """More people are named than one proposal holds."""

    code = "too_many_to_pair"
    status = 422
    message = _("一次最多为 %(most)s 人找，请分几次。")


class PairingHelperUnfit(Refused):
    """The chosen helper may not be paired with this person; the first reason is named."""

    code = "pairing_helper_unfit"
    status = 422
    message = _("不能请这位结对：%(reason)s。请另选一位。")


class PairingHelperUnclear(Refused):
    """Neither or both of a volunteer and a team are named."""

    code = "pairing_helper_unclear"
    status = 422
    message = _("请写一位志愿者，或选一支队伍，只要一样。")


class HelperMissing(Refused):
    """Nobody is proposed for the place yet, so nothing can be agreed."""

    code = "pairing_helper_missing"
    message = _("这一行还没有人选。请先选一位志愿者或一支队伍。")


class AgreementMissing(Refused):
    """A pairing needs the word of both sides."""

    code = "pairing_agreement_missing"
    status = 422
    message = _("请先问过双方，都愿意才能结对。")


class PairedAlready(Refused):
    """The two are paired already."""

    code = "paired_already"
    message = _("这两位已经结对，不用再办。")


class PairSettled(Refused):
    """The pair of the proposal became a pairing already."""

    code = "proposed_pair_settled"
    message = _("这一对刚刚已经结成，请刷新页面。")


class PairingProposalClosed(Refused):
    """The proposal is done or discarded."""

    code = "pairing_proposal_closed"
    message = _("这个方案已经办完或作废，请重新生成一个。")


class PairingOver(Refused):
    """The pairing has ended already."""

    code = "pairing_over"
    message = _("这个结对已经结束，请刷新页面。")


class NameUnclear(Refused):
    """One line of a list of names means nobody, or several people."""

    code = "name_unclear"
    status = 422
    message = _("“%(name)s”没有找到，或不止一位。请写全名，或改写电话。")
