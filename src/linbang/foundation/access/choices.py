from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Roles that are granted. Resident and volunteer need no grant: everyone signed in is one."""

    TEAM_LEADER = "team_leader", _("队长")
    BUILDING_HEAD = "building_head", _("楼栋长")
    STATION_WORKER = "station_worker", _("社区工作者")
    COMMUNITY_OFFICER = "community_officer", _("社区负责人")
    STREET_OFFICER = "street_officer", _("街道干部")
    DISTRICT_OFFICER = "district_officer", _("区级干部")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class Permission(TextChoices):
    """What a role may do within its scope."""

    SEE_PEOPLE = "see_people", _("查看人员")
    EDIT_PEOPLE = "edit_people", _("登记与修改人员")
    UNMASK_CONTACT = "unmask_contact", _("查看完整电话和住址")
    UNMASK_IDENTITY = "unmask_identity", _("查看完整证件号码")
    SEE_CARE = "see_care", _("查看关爱对象类别")
    SEE_NEEDS = "see_needs", _("查看求助")
    TAKE_NEEDS = "take_needs", _("代为登记求助")
    VERIFY_NEEDS = "verify_needs", _("核实求助")
    DISPATCH = "dispatch", _("派单")
    HANDLE_VISITS = "handle_visits", _("代办上门服务")
    VERIFY_RECORDS = "verify_records", _("审核服务记录")
    CHECK_RECORDS = "check_records", _("核查服务时长")
    JUDGE_RECORDS = "judge_records", _("抽查与作废服务时长")
    EDIT_ACTIVITIES = "edit_activities", _("策划活动与排班")
    REVIEW_ACTIVITIES = "review_activities", _("审核活动")
    LEAD_SHIFTS = "lead_shifts", _("现场负责与代办报名签到")
    CLEAR_VOLUNTEERS = "clear_volunteers", _("管理培训、资格与保险名单")
    SEE_REPORTS = "see_reports", _("查看统计")
    ISSUE_BRIEFS = "issue_briefs", _("编发简报")
    EXPORT = "export", _("导出数据")
    SEE_SAVINGS = "see_savings", _("查看爱心储蓄账目")
    SET_SAVINGS = "set_savings", _("采用储蓄办法")
    EDIT_PLACES = "edit_places", _("维护网格楼栋与站点")
    EDIT_ORGANISATIONS = "edit_organisations", _("维护组织与队伍")
    GRANT_ROLES = "grant_roles", _("授予角色")
    SET_STARS = "set_stars", _("采用星级标准")
    SEE_AUDIT = "see_audit", _("查看审计")
    CONFIGURE = "configure", _("系统设置")


class DirectoryKind(TextChoices):
    """What is unique across all cells."""

    SIGN_IN_PHONE = "phone", _("登录手机号")
    IDENTITY = "identity", _("证件")
    VOLUNTEER_NUMBER = "volunteer", _("志愿者编号")


class FactorKind(TextChoices):
    TOTP = "totp", _("动态口令")
    RECOVERY = "recovery", _("恢复码")


class CodePurpose(TextChoices):
    SIGN_IN = "sign_in", _("登录")
    REGISTER = "register", _("注册")
    RESET_PASSWORD = "reset_password", _("重设密码")


class AttemptKind(TextChoices):
    """What somebody tried, as far as tries are limited."""

    CODE_SENT = "code_sent", _("发送验证码")
    CODE = "code", _("输入验证码")
    PASSWORD = "password", _("输入密码")
    FACTOR = "factor", _("输入动态口令")


class SignInMethod(TextChoices):
    CODE = "code", _("短信验证码")
    PASSWORD = "password", _("密码")
    AGAIN = "again", _("更改账号设置后")
    DEMO = "demo", _("演示登录")
