"""Traditional Chinese from Simplified: OpenCC s2tw and a glossary of our own."""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

GLOSSARY = Path(__file__).with_name("traditional.txt")


@cache
def _glossary() -> dict[str, str]:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs}


@cache
def _converter() -> OpenCC:
    # s2tw converts the script and Taiwan's variants; s2twp also swaps words, wrongly for us
    # (社区 became 社群, 审核 became 稽核).
    return OpenCC("s2tw")


@cache
def _words() -> re.Pattern[str]:
    longest_first = sorted(_glossary(), key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")


def traditional(text: str) -> str:
    """Convert one string, taking glossary words from the glossary and the rest from OpenCC."""
    return "".join(
        _glossary().get(part) or _converter().convert(part) for part in _words().split(text) if part
    )
