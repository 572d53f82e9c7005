"""Cut the fonts that certificates and cards are set in out of the full Noto Serif CJK.

``python frontend/fonts.py FOLDER`` reads ``NotoSerifCJK-Regular.ttc`` and ``-Bold.ttc`` (Debian's
fonts-noto-cjk, SIL Open Font License 1.1) and writes two OpenType files into the product. What they
hold stands in ``characters.txt``: the 8,105 characters of the 通用规范汉字表 (2013), GB 2312, the
first level of Big5, some rare ones of names, punctuation and Latin. Bold has what headings need:
the first level of GB 2312. The files carry names of their own, so that no full Noto on the same
machine is taken for them.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "src/linbang/outcomes/certificates/fonts"
SIMPLIFIED = 2  # the place of the SC faces in the collections
PLAIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)]))
MARKS = (
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ·‧・•–—―‘’“”…‰′″※←↑→↓√≈≠≤≥■□▲△○●★☆♀♂"
    "　、。〃々〇〈〉《》「」『』【】〔〕〖〗〜"
    + "".join(map(chr, [*range(0x2460, 0x2474), *range(0xFF01, 0xFF5F), 0xFFE5]))
)


def main(source: Path) -> None:
    characters = "".join((HERE / "characters.txt").read_text("utf-8").split())
    bold = "".join(c for c in characters if _is_frequent(c))
    _cut(source / "NotoSerifCJK-Regular.ttc", characters, "Linbang Serif", "LinbangSerif-Regular")
    _cut(source / "NotoSerifCJK-Bold.ttc", bold, "Linbang Title", "LinbangTitle-Bold")


def _is_frequent(character: str) -> bool:
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7


def _cut(source: Path, characters: str, family: str, name: str) -> None:
    font = TTFont(source, fontNumber=SIMPLIFIED, lazy=True)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters + PLAIN + MARKS)
    cutter.subset(font)
    weight = name.rpartition("-")[2]
    for number, text in {1: family, 3: name, 4: f"{family} {weight}", 6: name}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].names = [one for one in font["name"].names if one.langID == 0x409]
    font["CFF "].cff.fontNames = [name]
    font.save(FONTS / f"{name}.otf")
    sys.stdout.write(f"{name}.otf: {len(font.getBestCmap())} characters\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
