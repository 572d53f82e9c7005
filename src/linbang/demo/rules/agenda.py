"""What is coming up in Xinzhu: open activities of all sorts, some with something the matter."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linbang.foundation.clock import CHINA

NOW = "now"  # starts twenty minutes ago: check-in is open


@dataclass(frozen=True)
class Opening:
    """A post to come: how many it takes, and how many have a place already."""

    name: str
    tasks: str
    places: int
    taken: int
    places_min: int = 2
    skills: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    age_min: int | None = None


@dataclass(frozen=True)
class Coming:
    """One activity to come.

    ``starts`` is ``NOW``, or days from today with the time of day; ``weekday`` moves the day on to
    the next of its name. ``weeks`` repeats it on all ``repeats``. ``cast`` has a place on the first
    post's first date. ``points`` makes a post for each duty point of that kind.
    """

    name: str
    brand: str
    team: str
    starts: str | tuple[int, int, int]
    minutes: int
    openings: tuple[Opening, ...]
    categories: tuple[str, ...]
    place: str
    content: str
    risk: str = "注意防滑，量力而行。"
    beneficiaries: tuple[str, ...] = ("10",)
    kind: str = "gathering"
    mode: str = "instant"
    audience: str = "everyone"
    hazards: tuple[str, ...] = ()
    with_minors: bool = False
    weekday: int | None = None
    weeks: int = 0
    repeats: tuple[int, ...] = ()
    day_rule: str = "any"
    points: str = ""
    leader: str = ""
    cast: tuple[str, ...] = ()
    state: str = "published"
    in_key_period: bool = False

    def days(self, today: date) -> list[date]:
        """Return the days it takes place on."""
        first = today if isinstance(self.starts, str) else today + timedelta(days=self.starts[0])
        while self.weekday is not None and first.weekday() != self.weekday:
            first += timedelta(days=1)
        if not self.weeks:
            return [first]
        all_days = [first + timedelta(days=n) for n in range(7 * self.weeks)]
        return [day for day in all_days if day.weekday() in self.repeats]

    def window(self, day: date, now: datetime) -> tuple[datetime, datetime]:
        """Return start and end on a day; what goes on now began no earlier than today."""
        if isinstance(self.starts, str):
            local = now.astimezone(CHINA).replace(second=0, microsecond=0)
            begun = local - timedelta(minutes=20 + local.minute % 5)
            starts_at = max(begun, datetime.combine(day, time(), CHINA))
        else:
            starts_at = datetime.combine(day, time(*self.starts[1:]), CHINA)
        return starts_at, starts_at + timedelta(minutes=self.minutes)


_TWO_STALLS = (
    Opening("家电维修", "修小家电、换灯泡", 6, 4, skills=("09",)),
    Opening("理发缝补", "理发、改裤脚", 6, 3),
    Opening("引导登记", "排号、登记", 4, 4),
)
# Departments with their topics: the booths of the consult events.
DESKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("社区民政窗口", ("低保申请", "高龄津贴", "临时救助")),
    ("司法所", ("婚姻家庭", "房屋租赁", "劳动争议")),
    ("社区卫生服务中心", ("测血压血糖", "慢病用药", "家庭医生签约")),
    ("人社服务站", ("招聘信息", "社保转移", "技能培训")),
    ("派出所", ("户籍办理", "防电信诈骗", "犬只登记")),
    ("市场监管所", ("消费维权", "食品安全", "特种设备")),
    ("消防救援站", ("电动车充电", "灭火器使用", "家庭隐患")),
    ("残联", ("残疾证办理", "辅具适配", "康复补贴")),
    ("妇联", ("家庭教育", "维权求助", "两癌筛查")),
    ("志愿者招募处", ("注册登记", "加入队伍", "记录与证明")),
)
_DESK_STAFF = Opening("咨询台值守", "解答、登记、计数", 2, 2, places_min=1)

AGENDA: tuple[Coming, ...] = (
    Coming(
        "给老人晒被子", "邻里相伴", "助老服务队", NOW, 120,
        (Opening("上门取送", "两人一组上门取被子、送回去", 12, 8),
        Opening("晾晒看护", "晾晒、翻面、看护", 8, 5)),
        ("0017",), "3栋楼前空地", "天晴，给独居老人晒被子，顺便聊聊天。", beneficiaries=("03",),
        leader="leader", cast=("volunteer", "building_head", "parent"),
    ),
    Coming(
        "学雷锋月月行·便民咨询集市", "邻里相助", "党员先锋队", NOW, 210, (_DESK_STAFF,),
        ("0001", "0010"),
        "社区文化广场", "十个部门摆咨询台，办事不出小区；现场登记志愿者。",
        "人多时分批进场，照看老人孩子。",
        beneficiaries=("10", "11"), kind="consult", leader="worker",
    ),
    Coming(
        "楼道小修小补日", "邻里相助", "邻里帮帮队", (1, 15, 0), 120,
        (Opening("换灯修锁", "换声控灯、修门锁", 8, 6, skills=("09",)),
        Opening("清理杂物", "清楼道杂物", 10, 7)),
        ("0001",), "各楼栋", "修楼道灯、修扶手、清杂物。", "登高用人字梯，一人扶一人上。",
        leader="volunteer",
    ),
    Coming(
        "邻里便民服务日", "邻里相助", "家电维修队", (2, 9, 0), 180, _TWO_STALLS, ("0001",),
        "社区文化广场",
        "修家电、理发、磨刀、缝补。", "用电先验电；刀具剪子不离手。", cast=("volunteer",),
    ),
    Coming(
        "中医义诊进小区", "邻里相扶", "医疗保健队", (4, 9, 0), 150,
        (Opening("导诊", "排号、搀扶、登记", 8, 7),), ("0004",), "社区服务中心一楼",
        "中医师坐诊，志愿者导诊。", beneficiaries=("03",), weekday=5,
    ),
    Coming(
        "放学路口文明劝导", "邻里相亲", "平安巡逻队", (1, 16, 40), 60,
        (Opening("", "护送学生过街，劝导电动车", 4, 2, qualifications=("traffic",), age_min=18),),
        ("0011",), "新竹路口", "放学时段在两个路口值勤。",
        "穿反光背心，站在安全岛内，不进入机动车道；雷雨大风停岗。", ("11",), "duty",
        hazards=("traffic",),
        weeks=2, repeats=(0, 1, 2, 3, 4), day_rule="workdays", points="crossing",
    ),
    Coming(
        "重点时期平安守护", "邻里相亲", "平安巡逻队", (2, 19, 30), 120,
        (Opening("", "两人一组沿段巡查", 4, 2),), ("0009",), "各巡逻段", "重点时期夜间巡逻，四段。",
        "两人以上同行，遇事先报警，不追赶。", ("10", "11"), "duty", weeks=2,
        repeats=(0, 1, 2, 3, 4, 5, 6),
        points="patrol", in_key_period=True,
    ),
    Coming(
        "公益法律咨询员招募", "邻里相助", "法律援助队", (6, 15, 0), 120,
        (Opening("咨询员", "解答婚姻、房产、劳动问题", 4, 1, skills=("04",)),), ("0005",),
        "社区调解室",
        "律师和法学背景的志愿者坐班，负责人审核后录取。", mode="approval",
    ),
    Coming(
        "党员先锋队入户走访", "邻里相扶", "党员先锋队", (3, 9, 0), 150,
        (Opening("走访", "两人一组看望困难家庭", 20, 11),), ("0002", "0017"), "各楼栋",
        "只招募本队队员。", beneficiaries=("06",), audience="members",
    ),
    Coming(
        "5点半课堂", "邻里相携", "五点半课堂队", (1, 16, 30), 90,
        (
            Opening("作业辅导", "辅导功课，守在教室", 5, 3, skills=("08",),
            qualifications=("safeguarding",)),
            Opening("接送看护", "在校门口接到教室，登记家长来接", 3, 2),
        ),
        ("0003",), "社区五点半教室", "放学后没有人接的孩子，到社区写作业。",
        "全程不让孩子离开视线；只把孩子交给登记过的家长。", ("01",), "classes", with_minors=True,
        leader="teacher", weeks=4, repeats=(1, 3), day_rule="workdays",
    ),
    Coming(
        "小小志愿者·图书角", "邻里相携", "五点半课堂队", (4, 10, 0), 90,
        (Opening("整理图书", "按颜色归架、修补封面", 10, 4, age_min=8),), ("0003",), "社区图书角",
        "适合孩子参加，须监护人同意。", weekday=5, leader="teacher", cast=("child",),
    ),
    Coming(
        "旧物换绿植", "邻里相亲", "环境保护队", (5, 9, 30), 120,
        (Opening("兑换台", "登记旧物、发绿植", 8, 3, age_min=8), Opening("搬运", "搬花盆", 6, 4)),
        ("0006",), "社区文化广场", "旧电池、旧衣服换一盆绿植，孩子也能来帮忙。", weekday=6,
    ),
    Coming(
        "电动自行车消防演练", "邻里相亲", "平安巡逻队", (10, 9, 0), 120,
        (Opening("疏散引导", "带居民下楼集合", 10, 0),), ("0012",), "", "", "", hazards=("fire",),
        state="draft",
    ),
    Coming(
        "防诈骗讲座进楼栋", "邻里相伴", "助老服务队", (8, 15, 0), 90,
        (Opening("引导", "请老人到场、发资料", 6, 0),), ("0009", "0017"), "社区老年活动室",
        "给老人讲常见骗术。", beneficiaries=("03",), leader="leader", state="in_review",
    ),
    Coming(
        "敬老茶话会", "邻里相伴", "助老服务队", (7, 9, 0), 150,
        (Opening("陪聊", "陪老人说话、读报", 14, 6), Opening("茶点", "烧水、摆茶点", 6, 3)),
        ("0017",),
        "社区老年活动室", "请小区里的老人喝茶、聊天、唱歌。", beneficiaries=("03",),
        leader="leader",
    ),
    Coming(
        "银发手机课堂", "邻里相伴", "助老服务队", (2, 15, 0), 90,
        (Opening("一对一助教", "手把手教用手机", 8, 5, skills=("22",)),), ("0007", "0017"),
        "社区文化室",
        "挂号、打车、防诈骗，一学就会。", beneficiaries=("03",), kind="classes", weeks=4,
        repeats=(2,),
    ),
    Coming(
        "周末清洁家园", "邻里相亲", "环境保护队", (2, 8, 30), 120,
        (Opening("清扫", "清扫楼道和花坛", 24, 13), Opening("分类引导", "讲解垃圾分类", 8, 4)),
        ("0006",),
        "社区各楼栋", "每个周六，一起把院子扫干净。", "戴手套；清理高处由两人扶梯。", weeks=4,
        repeats=(5,),
    ),
    Coming(
        "残障居民日间陪伴", "邻里相扶", "助残服务队", (5, 9, 0), 180,
        (Opening("陪伴", "一起做手工、做操", 10, 6),
        Opening("照护", "推轮椅、喂水", 6, 2, skills=("19",))),
        ("0017",), "社区温馨家园", "在温馨家园陪残障居民学习、康复、做手工。", "推轮椅时先踩刹车。",
        beneficiaries=("04",),
    ),
    Coming(
        "亲子阅读", "邻里相携", "五点半课堂队", (9, 10, 0), 90,
        (Opening("领读", "带读绘本", 6, 3), Opening("图书整理", "借还登记", 4, 2)), ("0003",),
        "社区图书角",
        "父母和孩子一起读一本书。", beneficiaries=("01",), with_minors=True, weekday=6,
    ),
    Coming(
        "十二队联合互助日", "邻里相助", "邻里帮帮队", (12, 9, 0), 180, _TWO_STALLS,
        ("0001",), "社区文化广场", "十二支队伍一起亮相。", beneficiaries=("10", "11"),
    ),
    Coming(
        "爱心物资分装", "邻里相扶", "党员先锋队", (6, 9, 0), 120,
        (Opening("分装", "清点、分装、贴签", 16, 9),
        Opening("配送", "送到楼栋", 8, 3, skills=("03",))),
        ("0002",), "社区服务中心", "把慰问物资分成一户一份。", beneficiaries=("06",),
    ),
    Coming(
        "应急救护体验角", "邻里相助", "医疗保健队", (11, 15, 0), 120,
        (Opening("示范", "示范心肺复苏", 4, 2, qualifications=("first-aid",)),
        Opening("登记", "登记体验", 4, 1)),
        ("0004", "0013"), "社区文化广场", "学会按压和包扎，人人能救人。",
    ),
    Coming(
        "书画送福进楼栋", "邻里相悦", "文艺宣传队", (13, 14, 30), 150,
        (Opening("书写", "写福字、春联", 10, 5, skills=("21",)),
        Opening("裁纸晾干", "裁红纸、分发", 6, 3)),
        ("0008",), "社区文化室", "写福字，送邻居。", beneficiaries=("10", "11"),
    ),
    Coming(
        "居民文艺晚会服务", "邻里相悦", "文艺宣传队", (20, 19, 0), 150,
        (Opening("引座", "接老人入座", 14, 5), Opening("后台", "搬道具、管音响", 8, 3)), ("0008",),
        "社区文化广场", "为居民晚会引座、管道具。", "注意电线和台阶。", beneficiaries=("11",),
    ),
    Coming(
        "心理热线接听日", "邻里相扶", "心理疏导队", (3, 19, 0), 120,
        (Opening("接听", "倾听、登记、转介", 4, 2, skills=("18",)),), ("0004",), "社区谈心室",
        "心理疏导队轮流接听。", "不承诺、不评判；发现危险立即报告。",
    ),
)  # fmt: skip
