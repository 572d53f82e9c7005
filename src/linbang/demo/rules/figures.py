"""Xinzhu and Huli as published (mission handbook P5 and P4); every figure must come out again."""

from collections.abc import Sequence
from random import Random

COMMUNITY = "450103001005"
GRIDS = 8
BUILDINGS = 101
HOUSEHOLDS = 3_712
RESIDENTS = 12_696
VOLUNTEERS = 1_283
# "More than half residents": the rest report in from the units of the neighbourhood.
VOLUNTEERS_FROM_UNITS = 300
CARE_DIBAO_HOUSEHOLDS = 17
CARE_DISABLED = 39
CARE_EMPTY_NEST = 37
CARE_AGED = 140

# Twelve teams by need, 10 to 50 each: name, service category, membership, size.
TEAMS: tuple[tuple[str, str, str, int], ...] = (
    ("助老服务队", "0017", "residents", 50),
    ("助残服务队", "0017", "residents", 28),
    ("邻里帮帮队", "0001", "residents", 50),
    ("家电维修队", "0001", "professionals", 18),
    ("医疗保健队", "0004", "professionals", 32),
    ("心理疏导队", "0004", "professionals", 12),
    ("法律援助队", "0005", "professionals", 14),
    ("五点半课堂队", "0003", "youth", 36),
    ("平安巡逻队", "0009", "security", 48),
    ("环境保护队", "0006", "mixed", 42),
    ("文艺宣传队", "0008", "women", 45),
    ("党员先锋队", "0010", "party", 50),
)
COMMITTEE = "新竹社区居民委员会"
BRIGADE = "新竹社区志愿服务大队"

# Where buildings stand: the centre of the community, WGS-84 degrees.
CENTRE = (108.3457, 22.8123)

# Published item codes of the service catalogue, by how often they are asked for.
OCCASIONS_A_YEAR = 1_180

# The year of collective activities: 182 published exactly, "about 11,000 person-times" and
# "about 10,000 beneficiaries" as one number each.
ACTIVITIES = 182
PERSON_TIMES = 11_014
PEOPLE_SERVED = 10_026
# The yearly plan whose period tells which twelve months are meant.
YEARLY_PLAN = "新竹社区志愿服务年度计划"

# Huli: 163 teams of 126 units and 50 communities, "8,500 people and more".
DISTRICT = "350206"
DISTRICT_UNITS = 126
DISTRICT_COMMUNITIES = 50
DISTRICT_TEAMS = 163
DISTRICT_VOLUNTEERS = 8_536
CROSSINGS = 40
CROSSINGS_DEMONSTRATION = 7
SERVICE_POINTS = 30
PAIRED_UNITS = 46
FIRE_COMMUNITIES = 46
TRAININGS = 50
TRAINED = 4_060


def fitted(rng: Random, sizes: Sequence[int], total: int) -> list[int]:
    """Scale sizes to a total; every size stays at least 1."""
    factor = total / sum(sizes)
    scaled = [max(1, round(size * factor)) for size in sizes]
    while gap := total - sum(scaled):
        for at in rng.sample(range(len(scaled)), min(abs(gap), len(scaled))):
            if gap > 0:
                scaled[at] += 1
            elif scaled[at] > 1:
                scaled[at] -= 1
    return scaled
