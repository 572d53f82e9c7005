"""How an official document writes a count, a share, a time and a period."""

from datetime import date, datetime, timedelta

from linbang.foundation.clock import CHINA

# Rule 93: what is smaller is told as fewer than five.
GROUP_MIN = 5


def period_text(kind: str, year: int, number: int) -> str:
    """Write a period as an official document does: 2026年11月; twelve months by their last day."""
    if kind == "twelve_months":
        last = date(year, 1, 1) + timedelta(days=number - 1)
        return f"截至{day_text(last)}的十二个月"
    if kind == "year":
        return f"{year}年"
    return f"{year}年第{number}季度" if kind == "quarter" else f"{year}年{number}月"


def day_text(day: date) -> str:
    """Write a day as an official document does: 2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def asked_text(asked_at: datetime) -> str:
    """Write the day a query was made."""
    return day_text(asked_at.astimezone(CHINA).date())


def count_text(count: int) -> str:
    """Write a count for readers outside: one to four is told as fewer than five (rule 93)."""
    return f"不足{GROUP_MIN}" if 0 < count < GROUP_MIN else str(count)


def share_text(part: int, whole: int) -> str:
    """Write a share; a dash where the whole is too small to be told (rule 93)."""
    return f"{part / whole:.1%}" if whole >= GROUP_MIN else "—"


def hours_text(minutes: int) -> str:
    """Write minutes as hours with one decimal where it is needed."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def wait_text(minutes: float) -> str:
    """Write how long somebody waited, in hours and minutes."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole}分钟"
    hours, rest = divmod(whole, 60)
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"


def is_told(count: int) -> bool:
    """Tell whether a count is large enough to be told (rule 93)."""
    return count >= GROUP_MIN
