"""What a page still says in another language than its reader's."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from linbang.foundation.access.factories import client_of

STRANGE = {
    "en": re.compile(r"[㐀-鿿豈-﫿]+"),
    # Characters that only simplified Chinese writes.
    "zh-hant": re.compile("[务团证认请设说还这时应页办电话录统审区员级单]"),
}
# What people typed or places are called stays as it is written, in every language.
NAMES = re.compile(
    "王强|李秀英|黄建国|梁敏|陆文涛|陈晓燕|路人甲|覃桂芳|张静|农晓梅|韦玉兰|覃志明|梁小燕|陈大勇|林医生"
    "|[李黄梁陆王覃]"
    "|简体|繁體|新竹志愿服务队|新竹路|新竹|望园|社区卫生服务中心|社区|街道|栋|第|网格|单元|室|号"
    "|学雷锋便民服务日|周日值勤|清洁家园|引导|卫生台|给居民指路，维持队伍。"
    "|登记为志愿服务用户|小区广场|清扫|邻|量血压|用药咨询|预约挂号|家里有急事|搬桌子时扭了腰|东门|冰敷"
)


UNSPOKEN = re.compile(r"(?s)<head>.*?</head>|<(script|style|template)\b.*?</\1>|<[^>]*>")


def words_left_in(person: Any, paths: Iterable[str], *, language: str) -> dict[str, list[str]]:
    """Return by page what is in no language of the reader's, names taken out."""
    client = client_of(person)
    client.cookies["django_language"] = language
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        spoken = unescape(UNSPOKEN.sub(" ", answer.content.decode()))
        found[path] = STRANGE[language].findall(NAMES.sub("", spoken))
    return found
