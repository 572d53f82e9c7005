"""Which languages come first where."""

from linbang.foundation.people.choices import Language

_L = Language

# What is heard in a province besides Mandarin, the most frequent first, by the first two digits of
# the region code. Source: Language Atlas of China, 2nd edition. Only an order: all can be chosen.
_HEARD_IN: dict[str, tuple[Language, ...]] = {
    "13": (_L.JIN,),
    "14": (_L.JIN,),
    "15": (_L.MONGOLIAN, _L.JIN),
    "21": (_L.MONGOLIAN, _L.KOREAN),
    "22": (_L.KOREAN,),
    "23": (_L.KOREAN,),
    "31": (_L.WU,),
    "32": (_L.WU,),
    "33": (_L.WU,),
    "34": (_L.HUIZHOU, _L.GAN, _L.WU),
    "35": (_L.MIN_NAN, _L.MIN_DONG, _L.HAKKA),
    "36": (_L.GAN, _L.HAKKA, _L.HUIZHOU),
    "41": (_L.JIN,),
    "42": (_L.GAN,),
    "43": (_L.XIANG, _L.GAN, _L.HMONG),
    "44": (_L.CANTONESE, _L.HAKKA, _L.MIN_NAN),
    "45": (_L.CANTONESE, _L.ZHUANG, _L.SOUTHERN_PING, _L.NORTHERN_PING, _L.HAKKA),
    "46": (_L.MIN_NAN,),
    "51": (_L.YI, _L.TIBETAN),
    "52": (_L.HMONG,),
    "53": (_L.YI, _L.ZHUANG, _L.HMONG),
    "54": (_L.TIBETAN,),
    "61": (_L.JIN,),
    "62": (_L.TIBETAN,),
    "63": (_L.TIBETAN, _L.MONGOLIAN),
    "65": (_L.UYGHUR, _L.KAZAKH, _L.MONGOLIAN),
    "71": (_L.MIN_NAN, _L.HAKKA),
    "81": (_L.CANTONESE,),
    "82": (_L.CANTONESE,),
}


def languages_heard_in(region_code: str) -> tuple[Language, ...]:
    """Return the languages heard in the region's province, and sign language."""
    return (*_HEARD_IN.get(region_code[:2], ()), Language.SIGN)


def languages_in_order(region_code: str) -> tuple[Language, ...]:
    """Return all languages, those heard in the region's province first."""
    near = languages_heard_in(region_code)
    return (*near, *(one for one in Language if one not in near))
