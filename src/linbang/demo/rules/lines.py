"""What a community does together in a year: one line for each kind of activity (Xinzhu, P5).

Six brands of good neighbours, monthly and weekly activities, festivals, classes, service weeks.
"""

from dataclasses import dataclass
from enum import StrEnum

# The six programmes of Xinzhu, and what each is about.
BRANDS: tuple[tuple[str, str], ...] = (
    ("邻里相伴", "陪伴老人：茶话会、生日会、节日同过。"),
    ("邻里相携", "携手孩子：五点半课堂、假期课堂、亲子阅读。"),
    ("邻里相扶", "扶助困难家庭：走访、日间陪伴、健康义诊。"),
    ("邻里相助", "互相帮忙：便民服务、法律咨询、服务周。"),
    ("邻里相悦", "同乐同悦：文艺、书画、节日活动。"),
    ("邻里相亲", "亲如一家：清洁家园、平安巡逻、文明劝导。"),
)


class Rhythm(StrEnum):
    """When the activities of a line are held; ``Line.when`` gives the numbers."""

    MONTHLY = "monthly"  # (nth, weekday): the nth weekday of every month
    MONTH_END = "month_end"  # (): the last workday of every month
    MONTHS = "months"  # (nth, weekday, month, month …)
    DAY = "day"  # (month, day)
    FESTIVAL = "festival"  # (): the eve of every public holiday
    CLASSES = "classes"  # (weekday, weekday, 0, month, month …): many dates in one activity
    SUMMER = "summer"  # (weekday, month, month …): every such weekday is an activity
    WEEK = "week"  # (month, nth): Monday to Friday of the nth week
    LAST_DAY = "last_day"  # (): yesterday
    WEEKLY = "weekly"  # (weekday,): as often as the others leave room


@dataclass(frozen=True)
class Duty:
    """A post of a line: its name, what is done, how large a part of the people take it."""

    name: str
    tasks: str
    parts: int = 1
    skills: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One kind of activity. ``people`` come to one date, and ``served`` people are reached."""

    name: str
    brand: str
    team: str
    rhythm: Rhythm
    when: tuple[int, ...]
    categories: tuple[str, ...]
    beneficiaries: tuple[str, ...]
    place: str
    starts: tuple[int, int]
    minutes: int
    people: int
    served: int
    duties: tuple[Duty, ...]
    content: str
    risk: str = "注意上下楼梯和路面湿滑，身体不适随时停止。"
    kind: str = "gathering"
    hazards: tuple[str, ...] = ()
    with_minors: bool = False
    campaign: str = ""


_TEA = (Duty("陪聊", "陪老人说话、读报", 2), Duty("茶点", "烧水、摆茶点、收拾"))
_CLASS = (
    Duty("作业辅导", "辅导功课，守在教室", 2, skills=("08",), qualifications=("safeguarding",)),
    Duty("接送看护", "在校门口接到教室，登记家长来接"),
)
_STALLS = (
    Duty("家电维修", "修小家电、换灯泡", 2, skills=("09",)),
    Duty("理发缝补", "理发、改裤脚、磨刀", 2),
    Duty("引导登记", "排号、登记、维持秩序"),
)
_STAGE = (Duty("演出", "唱歌、跳舞、朗诵", 3, skills=("21",)), Duty("后台", "搬道具、管音响"))
_CLEAN = (Duty("清扫", "清扫楼道和花坛", 3), Duty("分类引导", "在投放点讲解垃圾分类"))

LINES: tuple[Line, ...] = (
    Line(
        "{month}月敬老茶话会", "邻里相伴", "助老服务队", Rhythm.MONTHLY, (1, 2), ("0017",), ("03",),
        "社区老年活动室", (9, 0), 150, 42, 55, _TEA, "请小区里的老人喝茶、聊天、唱歌。",
    ),
    Line(
        "{month}月银发生日会", "邻里相伴", "助老服务队", Rhythm.MONTHLY, (3, 4), ("0017", "0008"),
        ("03",), "社区老年活动室", (15, 0), 120, 36, 40,
        (Duty("布置", "挂横幅、切蛋糕"), *_TEA), "给当月过生日的老人过集体生日。",
    ),
    Line(
        "{festival}邻里同庆", "邻里相伴", "文艺宣传队", Rhythm.FESTIVAL, (), ("0008", "0017"),
        ("03", "11"), "社区文化广场", (9, 30), 180, 96, 120,
        (*_STAGE, Duty("敬老席", "接老人入座、送老人回家", 2)),
        "和老人一起过节：做节令吃食、看节目。",
        "人多时慢行，照看老人上下台阶。",
    ),
    Line(
        "5点半课堂（{month}月）", "邻里相携", "五点半课堂队", Rhythm.CLASSES,
        (1, 3, 0, 3, 4, 5, 6, 9, 10, 11, 12, 1), ("0003",), ("01",), "社区五点半教室", (16, 30), 90,
        9, 26, _CLASS, "放学后没有人接的孩子，到社区写作业、玩游戏。",
        "全程不让孩子离开视线；只把孩子交给登记过的家长。", "classes", with_minors=True,
    ),
    Line(
        "学校放假社区开学（{month}月{day}日）", "邻里相携", "五点半课堂队", Rhythm.SUMMER,
        (2, 7, 8),
        ("0003",), ("01",), "社区五点半教室", (9, 0), 150, 24, 45, _CLASS,
        "假期里教孩子书法、手工、围棋和安全知识。", "不离开孩子；剪刀等工具由志愿者收发。",
        "classes",
        with_minors=True, campaign="暑期社区开学",
    ),
    Line(
        "{month}月亲子阅读", "邻里相携", "五点半课堂队", Rhythm.MONTHLY, (2, 6), ("0003",), ("01",),
        "社区图书角", (10, 0), 90, 18, 36, (Duty("领读", "带读绘本"), Duty("图书整理", "借还登记")),
        "父母和孩子一起读一本书。", with_minors=True,
    ),
    Line(
        "{month}月残障居民日间陪伴", "邻里相扶", "助残服务队", Rhythm.MONTHLY, (2, 3), ("0017",),
        ("04",), "社区温馨家园", (9, 0), 180, 30, 25,
        (Duty("陪伴", "一起做手工、做操", 2), Duty("照护", "推轮椅、喂水", skills=("19",))),
        "在温馨家园陪残障居民学习、康复、做手工。", "推轮椅时先踩刹车；搬抬时两人一起。",
    ),
    Line(
        "{month}月困难家庭走访", "邻里相扶", "党员先锋队", Rhythm.MONTHLY, (3, 1), ("0002", "0017"),
        ("06",), "各楼栋", (9, 0), 150, 40, 34,
        (Duty("走访", "两人一组上门看望", 3), Duty("物资", "清点、分装慰问品")),
        "分组走访低保家庭和困难党员，记下他们的需要。",
    ),
    Line(
        "{month}月末健康义诊", "邻里相扶", "医疗保健队", Rhythm.MONTH_END, (), ("0004",),
        ("03", "10"),
        "社区服务中心一楼", (8, 30), 180, 34, 95,
        (
            Duty("量血压测血糖", "测量、登记", 2, skills=("01",)),
            Duty("导诊", "排号、搀扶"),
        ),
        "每个月最后一个工作日，医生和护士到社区义诊。", "一次性用品不重复使用；晕针立即扶坐。",
    ),
    Line(
        "{month}月邻里便民服务日", "邻里相助", "邻里帮帮队", Rhythm.MONTHLY, (3, 5), ("0001",),
        ("10",), "社区文化广场", (8, 30), 210, 92, 130, _STALLS,
        "修家电、理发、磨刀、缝补，一次办完。",
        "用电先验电；刀具剪子不离手。",
    ),
    Line(
        "{month}月法律咨询", "邻里相助", "法律援助队", Rhythm.MONTHS, (2, 4, 1, 3, 5, 7, 9, 11),
        ("0005",), ("10",), "社区调解室", (15, 0), 120, 14, 22,
        (Duty("咨询", "解答婚姻、房产、劳动问题", skills=("04",)), Duty("登记", "登记、引导")),
        "律师志愿者轮流坐班。",
    ),
    Line(
        "学雷锋邻里服务集市", "邻里相助", "党员先锋队", Rhythm.DAY, (3, 5), ("0001", "0010"),
        ("10", "11"), "社区文化广场", (8, 30), 210, 190, 420,
        (Duty("咨询台", "各部门咨询台值守", 3), Duty("便民摊位", "修理、理发、义诊", 2),
         Duty("现场登记", "登记新志愿者")),
        "三月五日，多个部门到社区摆咨询台，现场登记志愿者。", "人多时分批进场，照看老人孩子。",
        "consult", campaign="学雷锋志愿服务月",
    ),
    Line(
        "邻里服务周·{month}月{day}日", "邻里相助", "邻里帮帮队", Rhythm.WEEK, (3, 2), ("0001",),
        ("10",), "社区服务中心", (9, 0), 150, 58, 60, _STALLS, "服务周里每天一个主题，各队轮流。",
        campaign="学雷锋志愿服务月",
    ),
    Line(
        "国际志愿者日·邻里互助日", "邻里相助", "邻里帮帮队", Rhythm.DAY, (12, 5), ("0001",),
        ("10", "11"), "社区文化广场", (9, 0), 180, 150, 260, _STALLS,
        "十二月五日，十二支队伍一起亮相。", campaign="志愿服务月（12月）",
    ),
    Line(
        "{month}月邻里文艺汇演", "邻里相悦", "文艺宣传队", Rhythm.MONTHS,
        (4, 4, 2, 4, 6, 8, 10, 12),
        ("0008",), ("11",), "社区文化广场", (19, 0), 120, 64, 110, _STAGE,
        "居民自己的节目，自己上台。",
    ),
    Line(
        "{month}月书画摄影沙龙", "邻里相悦", "文艺宣传队", Rhythm.MONTHS, (2, 5, 1, 3, 5, 7, 9, 11),
        ("0008",), ("11",), "社区文化室", (15, 0), 120, 22, 30,
        (Duty("指导", "教书法、摄影", skills=("21",)), Duty("布展", "挂作品、收拾")),
        "写字、画画、看照片。",
    ),
    Line(
        "六一游园会", "邻里相悦", "五点半课堂队", Rhythm.DAY, (6, 1), ("0003", "0008"), ("01",),
        "社区文化广场", (9, 0), 150, 72, 150,
        (Duty("游戏摊位", "带孩子做游戏", 3), Duty("看护", "守出入口")),
        "套圈、猜谜、手工，孩子们过节。",
        "守住出入口，孩子不单独离场。", with_minors=True,
    ),
    Line(
        "七一红歌会", "邻里相悦", "党员先锋队", Rhythm.DAY, (7, 1), ("0008", "0010"), ("11",),
        "社区文化广场", (19, 0), 120, 88, 140, _STAGE, "老党员讲故事，一起唱歌。",
    ),
    Line(
        "八一走访军属", "邻里相亲", "党员先锋队", Rhythm.DAY, (8, 1), ("0010", "0017"), ("05",),
        "各楼栋", (9, 0), 150, 46, 28,
        (Duty("走访", "看望军属和退役军人", 2), Duty("物资", "分装慰问品")),
        "走访军烈属和退役军人。",
    ),
    Line(
        "{month}月平安巡逻", "邻里相亲", "平安巡逻队", Rhythm.CLASSES, (4, 5, 0, *range(1, 13)),
        ("0009",), ("10", "11"), "社区各出入口", (19, 30), 120, 15, 0,
        (Duty("东片巡逻", "沿东片路线巡查", skills=("10",)), Duty("西片巡逻", "沿西片路线巡查")),
        "周五、周六晚上分两片巡逻，劝阻飞线充电和高空抛物。", "两人一组，遇事先报警，不追赶。",
        "duty",
    ),
    Line(
        "{month}月文明交通劝导", "邻里相亲", "平安巡逻队", Rhythm.MONTHLY, (2, 0), ("0011", "0010"),
        ("11",), "新竹路口", (7, 20), 90, 20, 0,
        (Duty("路口劝导", "劝导行人和电动车守信号灯", 1, qualifications=("traffic",)),),
        "早高峰在路口劝导，护送学生过街。", "穿反光背心，站在安全岛内，不进入机动车道。",
        "duty", ("traffic",),
    ),
    Line(
        "邻里应急演练", "邻里相亲", "平安巡逻队", Rhythm.LAST_DAY, (), ("0012", "0009"), ("10",),
        "3栋楼前空地", (9, 0), 120, 48, 85,
        (Duty("疏散引导", "带居民下楼集合", 2), Duty("器材", "讲解灭火器", 1)),
        "居民一起练习报警、疏散和使用灭火器。", "下楼梯不奔跑；灭火器只对准演练盆。",
    ),
    Line(
        "清洁家园日（{month}月{day}日）", "邻里相亲", "环境保护队", Rhythm.WEEKLY, (5,), ("0006",),
        ("10",), "社区各楼栋", (8, 30), 120, 52, 36, _CLEAN, "清扫楼道、花坛，清理小广告。",
        "戴手套；清理高处由两人扶梯。",
    ),
)  # fmt: skip
