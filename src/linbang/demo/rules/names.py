"""Invented names, phones and document numbers; none of them can belong to anybody.

Phones lie in a block that is not handed out, document numbers in area codes (450199, 350299) that
no county has.
"""

from datetime import date
from random import Random

_SURNAMES = (
    "黄韦梁陆覃莫李陈张刘王蒙农周杨吴罗蓝潘卢邓苏林谢何唐廖曾甘赵谭玉滕雷欧覃石"
    "宁冯蒋方文龙施宋徐朱马胡郑许韩彭肖田董袁余叶程吕魏"
)
_FEMALE = "秀英桂芳兰凤丽华美玲燕红梅霞敏静雪琴慧娟莲珍萍艳芬萱雅婷洁颖晓春月娥"
_MALE = "建国志强文明伟军涛勇刚平辉海波斌峰德林永福春生家荣世杰宇浩俊明振东光宏"
AREA = "450199"
AREA_OF_DISTRICT = "350299"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def invented_name(rng: Random, sex: str, surname: str = "") -> str:
    """Return a name of two or three characters."""
    given = _FEMALE if sex == "f" else _MALE
    length = 2 if rng.random() < 0.82 else 1
    return (surname or rng.choice(_SURNAMES)) + "".join(rng.sample(given, length))


def surname_of(name: str) -> str:
    """Return the (single-character) surname of an invented name."""
    return name[0]


def invented_phone(serial: int) -> str:
    """Return the phone of a serial from 0 to 9,999,999."""
    return f"1990{serial:07d}"


def invented_document(born: date, sex: str, serial: int, area: str = AREA) -> str:
    """Return an 18-character resident number with a right check digit (GB 11643).

    ``serial`` 0–499, unique per birth date and sex; the sequence's parity tells the sex.
    """
    sequence = serial * 2 + (1 if sex == "m" else 0)
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]
