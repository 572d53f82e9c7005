from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    COMMITTEE = "committee", _("居（村）民委员会")
    GOVERNMENT = "government", _("机关单位")
    INSTITUTION = "institution", _("事业单位")
    COMPANY = "company", _("企业")
    SCHOOL = "school", _("学校")
    ASSOCIATION = "association", _("社会组织")
    TEAM = "team", _("志愿服务队伍")


class TeamRank(TextChoices):
    DETACHMENT = "detachment", _("支队")
    BRIGADE = "brigade", _("大队")
    SQUAD = "squad", _("分队")


class TeamMembership(TextChoices):
    """The second team dimension, beside content: who its members are."""

    RESIDENTS = "residents", _("居民")
    PARTY = "party", _("党员")
    YOUTH = "youth", _("青年")
    WOMEN = "women", _("妇女")
    STUDENTS = "students", _("学生")
    SECURITY = "security", _("治安")
    PROFESSIONALS = "professionals", _("专业人士")
    VETERANS = "veterans", _("退役军人")
    MIXED = "mixed", _("综合")


class MemberRole(TextChoices):
    MEMBER = "member", _("队员")
    LEADER = "leader", _("队长")
    DEPUTY = "deputy", _("副队长")
