"""The service catalogue a new installation starts with; a station edits its own copy.

Categories and skills are national codes (domain handbook §6.4); minutes, risks and the number
of helpers are our defaults from practice.
"""

from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.intake.needs.choices import Risk


class Entry(NamedTuple):
    """One service item as seeded; fields as in ``ServiceItem``."""

    code: str
    name: str
    name_en: str
    category: ServiceCategory
    icon: str
    usual_minutes: int
    description: str
    skills: tuple[Skill, ...] = ()
    helpers: int = 1
    risk: Risk = Risk.LOW
    risk_note: str = ""


_C = ServiceCategory

CATALOGUE: tuple[Entry, ...] = (
    Entry("shopping", _("代买代购"), "Shopping", _C.COMMUNITY, "shopping-cart", 60,
          _("买菜、买米、买日用品，先垫付再凭小票结清")),
    Entry("clinic", _("陪同就医"), "Going to hospital together", _C.HEALTH, "stethoscope", 180,
          _("陪着去医院挂号、看病、取药"), risk=Risk.MEDIUM,
          risk_note=_("路上防跌倒；不代签医疗文书，不代做医疗决定。")),
    Entry("meal", _("送餐"), "Meal delivery", _C.SPECIAL_CARE, "tools-kitchen-2", 30,
          _("从社区食堂把饭菜送到家"), risk_note=_("留意忌口与过敏。")),
    Entry("cleaning", _("打扫卫生"), "Cleaning", _C.COMMUNITY, "sparkles", 90,
          _("打扫屋子、整理房间，不擦高层外窗")),
    Entry("repair", _("家电小修"), "Small appliance repair", _C.COMMUNITY, "tool", 60,
          _("电扇、电饭锅等小家电修理"), (Skill.ELECTRICAL_REPAIR,), risk=Risk.MEDIUM,
          risk_note=_("先断电；燃气设备请找燃气公司。")),
    Entry("bulb", _("换灯泡"), "Changing a light bulb", _C.COMMUNITY, "bulb", 30,
          _("换灯泡、灯管、开关面板"), (Skill.ELECTRICAL_REPAIR,), risk=Risk.MEDIUM,
          risk_note=_("先断电，梯子有人扶。")),
    Entry("company", _("陪伴聊天"), "Company and a chat", _C.SPECIAL_CARE, "message-circle", 60,
          _("上门坐坐，陪老人说说话")),
    Entry("medicine", _("代取药品"), "Fetching medicine", _C.HEALTH, "pill", 60,
          _("凭处方到医院或药店取药"), risk_note=_("核对姓名和药名，不建议用药。")),
    Entry("blood-pressure", _("量血压"), "Blood-pressure check", _C.HEALTH, "heart", 30,
          _("上门量血压、测血糖并记录"), (Skill.MEDICAL,),
          risk_note=_("数值异常请联系家庭医生，急症拨打120。")),
    Entry("phone-lesson", _("手机教学"), "Help with a mobile phone", _C.SCIENCE, "device-mobile",
          60, _("教用手机打视频、挂号、防诈骗"), (Skill.IT,),
          risk_note=_("不代输密码，不经手转账。")),
    Entry("haircut", _("理发"), "Haircut", _C.COMMUNITY, "scissors", 45, _("行动不便者上门理发")),
    Entry("outing", _("外出陪伴"), "Company on an outing", _C.SPECIAL_CARE, "walk", 90,
          _("陪着散步、晒太阳、去公园"), risk=Risk.MEDIUM,
          risk_note=_("防跌倒，带好紧急联系人电话。")),
    Entry("errands", _("代办事务"), "Running errands", _C.COMMUNITY, "clipboard-check", 60,
          _("代缴费、代寄取、代跑窗口"), risk_note=_("证件和现金当面点清、当天交还。")),
    Entry("plumbing", _("水管小修"), "Small plumbing repair", _C.COMMUNITY, "settings", 60,
          _("水龙头滴水、下水道不通等"), (Skill.PROPERTY_CARE,)),
    Entry("laundry", _("洗衣晾晒"), "Washing clothes", _C.COMMUNITY, "wash", 60,
          _("洗晒衣物、被褥")),
    Entry("rubbish", _("清运旧物"), "Taking out bulky rubbish", _C.ENVIRONMENT, "trash", 30,
          _("倒垃圾、清理楼道杂物")),
    Entry("lifting", _("搬抬重物"), "Lifting heavy things", _C.COMMUNITY, "truck-delivery", 60,
          _("搬家具、抬米面、挪冰箱"), helpers=2, risk=Risk.MEDIUM,
          risk_note=_("两人以上一起抬，戴手套。")),
    Entry("reading", _("读报写信"), "Reading and letters", _C.CULTURE, "book", 45,
          _("读报、读信、代写书信"), risk_note=_("不代签合同和借条。")),
    Entry("bathing", _("助浴"), "Help with bathing", _C.SPECIAL_CARE, "bath", 90,
          _("帮助不能自理者洗澡擦身"), (Skill.NURSING,), helpers=2, risk=Risk.HIGH,
          risk_note=_("两人在场，其中一人与服务对象同性别；防滑、防烫、防着凉。")),
    Entry("wheelchair", _("轮椅出行"), "Getting out by wheelchair", _C.SPECIAL_CARE, "wheelchair",
          90, _("推轮椅外出、上下楼"), helpers=2, risk=Risk.HIGH,
          risk_note=_("上下楼必须两人；系好安全带。")),
    Entry("counselling", _("心理疏导"), "Emotional support", _C.HEALTH, "mood-smile", 60,
          _("心里难受，找人倾诉和疏导"), (Skill.COUNSELLING,), risk=Risk.MEDIUM,
          risk_note=_("谈话保密；有自伤念头立即报告站点。")),
    Entry("legal", _("法律咨询"), "Legal advice", _C.LAW, "file-text", 45,
          _("家庭、房产、劳动等法律问题"), (Skill.LAW,)),
    Entry("tutoring", _("儿童课业辅导"), "Help with schoolwork", _C.EDUCATION, "school", 90,
          _("辅导作业、陪伴阅读"), (Skill.TEACHING,), helpers=2, risk=Risk.HIGH,
          risk_note=_("不与孩子单独相处，监护人知情并签字。")),
    Entry("school-run", _("接送孩子"), "Taking children to school", _C.SPECIAL_CARE, "users", 45,
          _("上学放学路上接送"), helpers=2, risk=Risk.HIGH,
          risk_note=_("只交给名单上的大人，当面点清人数。")),
    Entry("safety", _("安全巡查"), "Home safety check", _C.SECURITY, "shield-check", 30,
          _("查看家里用电、燃气、防盗"), (Skill.SECURITY,)),
    Entry("check-up", _("上门义诊"), "Health check at home", _C.HEALTH, "first-aid-kit", 60,
          _("医护志愿者上门看看身体"), (Skill.MEDICAL,), risk=Risk.MEDIUM,
          risk_note=_("不开处方；急症拨打120。")),
    Entry("festival", _("节日慰问"), "Festival visit", _C.SPECIAL_CARE, "heart-handshake", 60,
          _("过节时上门看望")),
)  # fmt: skip

DESCRIPTIONS_EN: dict[str, str] = {
    "shopping": "Groceries and daily goods; paid back against the receipt",
    "clinic": "Register, see the doctor and fetch medicine together",
    "meal": "Bring a meal home from the community canteen",
    "cleaning": "Clean and tidy rooms; no outside windows above ground floor",
    "repair": "Fans, rice cookers and other small appliances",
    "bulb": "Change bulbs, tubes and switch covers",
    "company": "Sit down for a while and talk",
    "medicine": "Fetch prescribed medicine from hospital or pharmacy",
    "blood-pressure": "Measure and note blood pressure and blood sugar at home",
    "phone-lesson": "Video calls, booking a doctor, avoiding fraud",
    "haircut": "At home, for those who cannot go out",
    "outing": "A walk, some sun, the park",
    "errands": "Pay bills, send and collect parcels, queue at counters",
    "plumbing": "Dripping taps, blocked drains",
    "laundry": "Wash and air clothes and bedding",
    "rubbish": "Take out rubbish, clear the staircase",
    "lifting": "Furniture, sacks of rice, a fridge to be moved",
    "reading": "Read papers and letters aloud, write letters",
    "bathing": "Bathing for those who cannot do it alone",
    "wheelchair": "Pushing a wheelchair outdoors and on stairs",
    "counselling": "Somebody to listen when the heart is heavy",
    "legal": "Family, housing and work questions",
    "tutoring": "Homework and reading together",
    "school-run": "On the way to school and back",
    "safety": "A look at wiring, gas and locks at home",
    "check-up": "A volunteer doctor or nurse calls at home",
    "festival": "A visit on a festival day",
}
