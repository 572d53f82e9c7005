"""Names and how they are spelt for searching."""

import unicodedata
from dataclasses import dataclass

from linbang.foundation.people.errors import NameMissing

_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・‧∙.．", "·"))
# Characters read differently as a surname than the dictionary's first reading.
# Source: 现代汉语词典 (entries marked 姓); compound surnames come first.
_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "鲜于": "xian yu", "令狐": "ling hu", "宰父": "zai fu", "乐正": "yue zheng", "亓官": "qi guan",
    "夏侯": "xia hou", "尉遲": "yu chi", "長孫": "zhang sun",
    "单": "shan", "單": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "區": "ou",
    "朴": "piao", "查": "zha", "盖": "ge", "翟": "zhai", "乐": "yue", "任": "ren", "华": "hua",
    "缪": "miao", "覃": "qin", "冼": "xian", "洗": "xian", "员": "yun", "黑": "he", "秘": "bi",
    "种": "chong", "逄": "pang", "那": "na", "纪": "ji", "宁": "ning", "柏": "bai", "应": "ying",
    "折": "she", "召": "shao", "句": "gou", "祭": "zhai", "隗": "wei", "谌": "chen", "令": "ling",
    "牟": "mu", "燕": "yan", "相": "xiang", "卜": "bu", "薄": "bo", "石": "shi", "沈": "shen",
    "盛": "sheng", "乜": "nie", "佴": "nai", "郗": "xi", "宿": "su", "都": "du", "车": "che",
    "曲": "qu", "於": "yu", "哈": "ha", "过": "guo", "葛": "ge", "尹": "yin", "重": "chong",
    "褚": "chu", "郝": "hao", "臧": "zang", "戴": "dai", "贾": "jia", "晁": "chao", "俞": "yu",
    "芮": "rui", "靳": "jin", "郇": "xun", "笪": "da", "璩": "qu", "殳": "shu", "繁": "po",
}  # fmt: skip


@dataclass(frozen=True)
class PinyinName:
    """A name in letters: ``li xiu ying`` and ``lxy``."""

    pinyin: str
    initials: str


def normal_name(text: str) -> str:
    """Return a name without stray spaces, with the middle dot "·" as names carry it.

    Spaces stay between Latin words. Raises NameMissing if nothing is left.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name.isascii():
        name = name.replace(" ", "").translate(_MIDDLE_DOTS)
    if not any(character.isalpha() for character in name):
        raise NameMissing(field="name")
    return name


def pinyin_name(name: str) -> PinyinName:
    """Spell a name in pinyin, its surname as surnames are read (单 is shan, 仇 is qiu)."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 55 MB of dictionaries, only for who spells

    surname = next((name[:n] for n in (2, 1) if name[:n] in _SURNAMES), "")
    syllables = _SURNAMES[surname].split() if surname else []
    for syllable in lazy_pinyin(name[len(surname) :]):
        syllables += "".join(c if c.isalnum() else " " for c in syllable.lower()).split()
    plain = [s for s in syllables if s.isascii()]
    return PinyinName(" ".join(plain)[:160], "".join(s[0] for s in plain)[:50])


def joined_pinyin(text: str) -> str:
    """Return what a clerk typed as one run of small letters: "Li xiu" becomes "lixiu"."""
    return "".join(character for character in text.lower() if character.isalnum())


def next_letters(prefix: str) -> tuple[str, str]:
    """Return the half-open range of the lower-case words that begin so, in the C collation."""
    return prefix, prefix + "{"
