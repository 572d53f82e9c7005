from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentType(TextChoices):
    """Identity documents by the national system's codes (domain handbook §6.1)."""

    RESIDENT_ID = "01", _("居民身份证")
    HONG_KONG = "02", _("港澳居民来往内地通行证（香港）")
    MACAU = "03", _("港澳居民来往内地通行证（澳门）")
    TAIWAN = "04", _("台湾居民来往大陆通行证")
    PASSPORT = "05", _("护照")
    OFFICER = "06", _("军官证")
    SOLDIER = "07", _("士兵证")
    RESIDENCE_PERMIT = "08", _("港澳台居民居住证")
    FOREIGN_PERMANENT = "09", _("外国人永久居留身份证")
    OTHER = "99", _("其他证件")


class Sex(TextChoices):
    MALE = "m", _("男")
    FEMALE = "f", _("女")


class Skill(TextChoices):
    """National skill codes 个人特长 (domain handbook §6.4)."""

    MEDICAL = "01", _("医疗急救")
    SPORT = "02", _("体育竞技")
    DRIVING = "03", _("驾驶运输")
    LAW = "04", _("法律服务")
    IT = "05", _("信息技术")
    MANAGEMENT = "06", _("经营管理")
    PUBLIC_RELATIONS = "07", _("公共关系")
    TEACHING = "08", _("教育培训")
    ELECTRICAL_REPAIR = "09", _("电器维修")
    SECURITY = "10", _("安全保卫")
    FINANCE = "11", _("财会金融")
    DESIGN = "12", _("设计创意")
    RECEPTION = "13", _("客服接待")
    PROPERTY_CARE = "14", _("物业养护")
    WRITING = "15", _("新闻写作")
    LANGUAGES = "16", _("精通外语")
    MUSIC = "17", _("音乐")
    COUNSELLING = "18", _("心理咨询")
    NURSING = "19", _("护理照护")
    CRAFTS = "20", _("手工制作")
    ARTS = "21", _("文化艺术")
    NETWORKS = "22", _("网络技术")
    PHOTOGRAPHY = "23", _("摄像摄影")
    OTHER = "99", _("其他")


class Language(TextChoices):
    """What is spoken besides Mandarin, which everybody is taken to speak.

    Source: ISO 639-3; Zhuang by its standard form (Yongbei), Mongolian by that spoken in China.
    """

    CANTONESE = "yue", _("粤语（白话）")
    WU = "wuu", _("吴语（上海话）")
    MIN_NAN = "nan", _("闽南话（潮汕）")
    HAKKA = "hak", _("客家话")
    GAN = "gan", _("赣语（江西话）")
    XIANG = "hsn", _("湘语（湖南话）")
    JIN = "cjy", _("晋语（山西话）")
    MIN_DONG = "cdo", _("闽东话（福州）")
    HUIZHOU = "czh", _("徽语（徽州话）")
    NORTHERN_PING = "cnp", _("桂北平话")
    SOUTHERN_PING = "csp", _("桂南平话")
    ZHUANG = "zyb", _("壮语")
    UYGHUR = "uig", _("维吾尔语")
    TIBETAN = "bod", _("藏语")
    MONGOLIAN = "mvf", _("蒙古语")
    KOREAN = "kor", _("朝鲜语")
    YI = "iii", _("彝语")
    HMONG = "hmn", _("苗语")
    KAZAKH = "kaz", _("哈萨克语")
    SIGN = "csl", _("手语")
    ENGLISH = "eng", _("英语")


class ServiceCategory(TextChoices):
    """National service category codes 服务类别 (domain handbook §6.4)."""

    COMMUNITY = "0001", _("社区服务")
    POVERTY = "0002", _("扶贫减贫")
    EDUCATION = "0003", _("支教助学")
    HEALTH = "0004", _("卫生健康")
    LAW = "0005", _("法律服务")
    ENVIRONMENT = "0006", _("环境保护")
    SCIENCE = "0007", _("科技科普")
    CULTURE = "0008", _("文化艺术")
    SECURITY = "0009", _("平安综治")
    CIVILITY = "0010", _("文明风尚")
    TRAFFIC = "0011", _("交通引导")
    FIRE = "0012", _("志愿消防")
    RESCUE = "0013", _("应急救援")
    DRUGS = "0014", _("禁毒宣传")
    SPORT = "0015", _("体育健身")
    TOURISM = "0016", _("旅游服务")
    SPECIAL_CARE = "0017", _("关爱特殊群体")
    LARGE_EVENTS = "0018", _("大型活动")
    OVERSEAS = "0019", _("海外志愿服务")
    TAX = "0020", _("税收服务")
    OTHER = "0099", _("其他服务")


class DayPart(IntegerChoices):
    """A third of a day; weekly availability has bit ``weekday * 3 + part`` (21 bits), then
    three bits for holidays (national codes 01–24, domain handbook §6.4).
    """

    MORNING = 0, _("上午")
    AFTERNOON = 1, _("下午")
    EVENING = 2, _("晚上")


class Relation(TextChoices):
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDPARENT = "grandparent", _("祖父母")
    GRANDCHILD = "grandchild", _("孙子女")
    SIBLING = "sibling", _("兄弟姐妹")
    GUARDIAN = "guardian", _("监护人")
    OTHER = "other", _("其他亲属")


class ConsentKind(TextChoices):
    REGISTRATION = "registration", _("登记为志愿服务用户")
    VOLUNTEER = "volunteer", _("成为志愿者")
    SENSITIVE = "sensitive", _("处理敏感个人信息")
    GUARDIAN = "guardian", _("监护人同意")


class ConsentMethod(TextChoices):
    OWN = "own", _("本人在线确认")
    SMS = "sms", _("短信确认")
    SIGNED_FORM = "signed_form", _("签字表格")
    ON_SITE = "on_site", _("本人在现场设备上勾选")


class RegistrationChannel(TextChoices):
    SELF = "self", _("本人注册")
    STATION = "station", _("站点登记")
    ORGANISATION = "organisation", _("组织登记")
    IMPORT = "import", _("批量导入")


class ClaimState(TextChoices):
    OPEN = "open", _("待处理")
    GRANTED = "granted", _("已认领")
    REFUSED = "refused", _("未通过")


class DisputeOutcome(TextChoices):
    """What came of "it was not me who registered" (rule 5)."""

    ENDED = "ended", _("不是本人登记，已注销")
    KEPT = "kept", _("核实是本人登记，登记保留")


class UnmaskField(TextChoices):
    """What can be shown in full, one at a time."""

    PHONE = "phone", _("电话")
    ADDRESS = "address", _("住址")
    DOCUMENT = "document", _("证件号码")


class UnmaskReason(TextChoices):
    """Why somebody needs the full value (rules 98 and 99)."""

    CONTACT = "contact", _("联系本人安排服务")
    EMERGENCY = "emergency", _("紧急情况")
    OWN_REQUEST = "own_request", _("本人或监护人要求")
    VERIFY_IDENTITY = "verify", _("核对身份")
    INSURANCE = "insurance", _("办理保险")
    OTHER = "other", _("其他（请说明）")


# What opens a minor's record: never for convenience (MNR 36, 37).
MINOR_REASONS = (UnmaskReason.EMERGENCY, UnmaskReason.OWN_REQUEST, UnmaskReason.VERIFY_IDENTITY)

# A sum is asked in words: read aloud by any device, and no picture to be deciphered (rule 101).
NUMERALS = (
    _("零"), _("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("七"), _("八"), _("九"),
)  # fmt: skip
SUMS = {True: _("%(first)s加%(second)s等于几？"), False: _("%(first)s减%(second)s等于几？")}
