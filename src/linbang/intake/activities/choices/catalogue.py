"""The qualifications a new installation starts with; a site adds its own."""

from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from linbang.intake.activities.choices import QualificationKind


class Entry(NamedTuple):
    """One qualification as seeded; fields as in ``Qualification``."""

    code: str
    kind: QualificationKind
    name: str
    name_en: str
    months_valid: int | None = None


_T, _L, _V = QualificationKind.TRAINING, QualificationKind.LICENCE, QualificationKind.VETTING

# How long a training holds is practice, not law; each site may change its own rows.
QUALIFICATIONS: tuple[Entry, ...] = (
    Entry("general", _T, _("志愿者通用培训"), "General volunteer training"),
    Entry("first-aid", _T, _("应急救护培训"), "First-aid training", 36),
    Entry("traffic", _T, _("文明交通劝导培训"), "Traffic-guidance training", 12),
    Entry("fire", _T, _("消防安全培训"), "Fire-safety training", 12),
    Entry("etiquette", _T, _("文明礼仪培训"), "Etiquette training"),
    Entry("network", _T, _("网络文明培训"), "Online-civility training"),
    Entry("elder-care", _T, _("为老服务培训"), "Training in helping elders", 24),
    Entry("safeguarding", _T, _("未成年人保护培训"), "Safeguarding of minors", 12),
    Entry("driving", _L, _("机动车驾驶证"), "Driving licence"),
    Entry("nursing", _L, _("护士执业证"), "Nursing licence"),
    Entry("medicine", _L, _("医师执业证"), "Medical licence"),
    Entry("law", _L, _("律师执业证"), "Lawyer's licence"),
    Entry("electrician", _L, _("电工作业证"), "Electrician's certificate"),
    Entry("counselling", _L, _("心理咨询资格证"), "Counselling qualification"),
    Entry("teaching", _L, _("教师资格证"), "Teacher's certificate"),
    Entry("minors-vetting", _V, _("未成年人接触背景核查"), "Vetting for work with minors", 12),
)
