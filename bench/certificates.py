"""Print certificates, warm, each another one: PDF/A-2b with the characters it uses embedded.

No table is needed: what is printed are values. Also the picture for phones, which is drawn rarely.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

CERTIFICATES = 200
PICTURES = 10
WARM = 5
_NAMES = [
    "李秀英",
    "王建国",
    "欧阳晓燕",
    "阿卜杜热合曼·买买提",
    "韦丽华",
    "黄小宇",
    "覃桂芳",
    "莫雅婷",
]
_SERVICES = ["清洁家园 · 清扫", "陪同就医", "量血压", "五点半课堂 · 辅导", "文明路口劝导 · 劝导员"]
_UNITS = ["新竹社区志愿服务站", "五里亭街道新时代文明实践所", "新竹社区居民委员会"]


def run(report: Callable[[str, float, str], None]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    import django

    django.setup()
    measure(report)


def measure(report: Callable[[str, float, str], None]) -> None:
    """Report the median of printing one of 200 different certificates of 1 to 16 services."""
    from linbang.outcomes.certificates.schemas import paper

    shown = [_certificate(number) for number in range(CERTIFICATES + WARM)]
    site = "https://linbang.example/"
    for certificate in shown[:WARM]:
        paper.pdf_of(certificate, site=site)
    pdf = [_timed(paper.pdf_of, one, site) for one in shown[WARM:]]
    report("certificate_pdf_ms", statistics.median(pdf), "ms")
    report("certificate_pdf_p90_ms", statistics.quantiles(pdf, n=10)[-1], "ms")
    png = [_timed(paper.png_of, one, site) for one in shown[:PICTURES]]
    report("certificate_png_ms", statistics.median(png), "ms")


def _timed(printed: Callable[..., bytes], certificate: Any, site: str) -> float:
    begun = time.perf_counter()
    printed(certificate, site=site)
    return (time.perf_counter() - begun) * 1000


def _certificate(number: int) -> Any:
    from linbang.outcomes.certificates.models import Certificate

    first = date(2026, 1, 1) + timedelta(days=number % 90)
    lines = [
        {
            "day": (first + timedelta(days=3 * n)).isoformat(),
            "starts": "08:30",
            "ends": "10:30",
            "content": _SERVICES[(number + n) % len(_SERVICES)],
            "unit": _UNITS[(number * 7 + n) % len(_UNITS)],
            "minutes": 60 + 30 * (n % 4),
            "proved": n % 5 != 0,
        }
        for n in range(1 + number % 16)
    ]
    paper_number = f"2026-{number:09d}".replace("0", "A").replace("1", "B")
    name = _NAMES[number % len(_NAMES)]
    return Certificate(
        number=paper_number,
        name=name,
        volunteer_number=f"V{number:010d}",
        issuer=_UNITS[number % len(_UNITS)],
        first_date=first,
        last_date=first + timedelta(days=60),
        lines=lines,
        proved_minutes=sum(line["minutes"] for line in lines if line["proved"]),
        entered_minutes=sum(line["minutes"] for line in lines if not line["proved"]),
        payload=f"LB1|{paper_number}|{name[0]}**|20260101|20260301|600|60|{_UNITS[0]}|20260302|2026",
        signature=f"{number:0128x}",
        issued_at=datetime(2026, 6, 1, 2, tzinfo=UTC),
    )
