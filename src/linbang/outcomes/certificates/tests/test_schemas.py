"""Paper, cards, workbook and credential, read by libraries that are not ours."""

import json
from datetime import date, datetime
from io import BytesIO

import pytest
from openbadgeslib.ob3 import OpenBadgeCredential
from openpyxl import load_workbook
from openvc.did.did_web import DidWebResolver
from openvc.verify import VerificationPolicy, verify_credential
from pypdf import PdfReader

from linbang.foundation import signing
from linbang.foundation.clock import CHINA
from linbang.outcomes.certificates import actions, queries, rules
from linbang.outcomes.certificates.choices import CardKind
from linbang.outcomes.certificates.models import Certificate
from linbang.outcomes.certificates.queries import PaperCard, Pupil, Served
from linbang.outcomes.certificates.schemas import cards, credential, paper, workbook

SITE = "https://linbang.example/"
NOW = datetime(2026, 5, 20, 10, tzinfo=CHINA)
LINE = {
    "day": "2026-05-16", "starts": "09:00", "ends": "11:00", "content": "清洁家园 · 清扫",
    "unit": "新竹社区服务站", "minutes": 120, "proved": True,
}  # fmt: skip


def certificate(name: str = "王建国", lines: int = 1, **columns: object) -> Certificate:
    return Certificate(
        **{
            "number": "2026-K7QM4T9XB",
            "name": name,
            "volunteer_number": "V0000000017",
            "issuer": "新竹社区服务站",
            "first_date": date(2026, 1, 1),
            "last_date": date(2026, 5, 20),
            "lines": [*[LINE] * lines, {**LINE, "unit": "团委", "minutes": 90, "proved": False}],
            "proved_minutes": 120 * lines,
            "entered_minutes": 90,
            "payload": "LB1|2026-K7QM4T9XB|王**|20260101|20260520|120|90|服务站|20260520|test",
            "signature": "ab" * 64,
            "issued_at": NOW,
            **columns,
        }
    )


def fonts_of(reader: PdfReader) -> dict[str, bool]:
    """Every font of a file by name, and whether its glyphs are inside."""
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            description = below["/FontDescriptor"].get_object()
            fonts[str(below["/BaseFont"])] = any(
                key in description for key in ("/FontFile", "/FontFile2", "/FontFile3")
            )
    return fonts


def test_paper_says_what_the_order_asks_for() -> None:
    # Order 67, article 15; rules 38 and 48.
    content = paper.pdf_of(certificate(), site=SITE)
    reader = PdfReader(BytesIO(content))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")

    for words in (
        *("志愿服务记录证明", "2026-K7QM4T9XB", "王建国", "V0000000017", "清洁家园 · 清扫"),
        *("新竹社区服务站", "团委", "3.5 小时", "1.5 小时", "二〇二六年五月二十日"),
        *("本证明无需盖章", f"{SITE}certificates/check/", "2026-05-16", "09:00–11:00"),
    ):
        assert words in text
    assert "身份证" not in text
    assert len(reader.pages) == 1
    # Subsets carry six letters of their own before the name.
    fonts = fonts_of(reader)
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {
        "LinbangSerif",
        "LinbangTitle",
    }
    assert all(fonts.values())
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert content == paper.pdf_of(certificate(), site=SITE)
    assert len(content) < 120_000


def test_long_paper_repeats_its_head_and_chosen_number_is_printed() -> None:
    shown = certificate(lines=60, document_number="45010319560308002X", wants_seal=True)
    reader = PdfReader(BytesIO(paper.pdf_of(shown, site=SITE)))
    texts = [page.extract_text() for page in reader.pages]

    assert len(texts) > 2
    assert all("记录单位" in text and "2026-K7QM4T9XB" in text for text in texts[:-1])
    assert "证件号码 45010319560308002X" in texts[0].replace("\n", "")
    assert "加盖公章" in texts[-1]


def test_rare_names_are_printed_with_the_characters_themselves() -> None:
    # 㛃 𬘡 are in our own font; nothing is drawn that the font does not have.
    assert not queries.needs_system_font("㛃𬘡·阿卜杜")
    reader = PdfReader(BytesIO(paper.pdf_of(certificate("王㛃𬘡"), site=SITE)))

    assert "王㛃𬘡" in reader.pages[0].extract_text()
    assert queries.needs_system_font("\U0002a6d0")


def test_typed_markup_stays_text() -> None:
    name = '#read("/etc/passwd") *王*'
    text = PdfReader(BytesIO(paper.pdf_of(certificate(name), site=SITE))).pages[0].extract_text()

    assert name in text


def test_picture_is_one_that_phones_keep() -> None:
    assert paper.png_of(certificate(), site=SITE).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 26), "二〇二六年十一月二十六日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 1, 31), "二〇二六年一月三十一日"),
    ],
)
def test_days_are_written_as_on_official_papers(day, words) -> None:
    assert paper.day_in_words(day) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 小时"), (90, "1.5 小时"), (80, "1 小时 20 分钟"), (45, "45 分钟")]
)
def test_hours_are_exact(minutes, words) -> None:
    assert paper.hours(minutes) == words


def test_credential_verifies_with_a_library_of_others() -> None:
    signed = json.loads(credential.written(certificate(), site=SITE, now=NOW))
    document = rules.did_document(SITE, signing.public_keys())
    resolver = DidWebResolver(lambda url: document if url == f"{SITE}certificates/did.json" else {})
    policy = VerificationPolicy(now=NOW, expected_types=["OpenBadgeCredential"])

    verified = verify_credential(signed, policy=policy, resolver=resolver)

    assert verified.issuer == "did:web:linbang.example:certificates"
    badge = OpenBadgeCredential.from_vc_document(signed)
    assert (badge.achievement.name, badge.issuer.name) == (paper.TITLE, "新竹社区服务站")
    subject = verified.credential["credentialSubject"]
    assert subject["achievement"]["achievementType"] == "CommunityService"
    assert subject["result"][0]["value"] == "210"


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["credentialSubject"]["result"][0].update(value="99999"),
        lambda told: told["issuer"].update(name="别的单位"),
        lambda told: told["proof"].update(created="2020-01-01T00:00:00+08:00"),
    ],
)
def test_changed_credential_is_refused(change) -> None:
    signed = json.loads(credential.written(certificate(), site=SITE, now=NOW))
    change(signed)
    document = rules.did_document(SITE, signing.public_keys())

    with pytest.raises(Exception, match="proof does not verify"):
        verify_credential(
            signed,
            policy=VerificationPolicy(now=NOW),
            resolver=DidWebResolver(lambda url: document),
        )


@pytest.mark.parametrize("kind", CardKind)
def test_cards_stand_ten_on_a_sheet_without_identity(kind) -> None:
    card = PaperCard("王建国", "V0000000017", "新竹社区", "助老服务队", "2024-03-05")

    def printed(count: int, layout: cards.Layout) -> PdfReader:
        content = cards.cards_pdf(
            [card] * count, kind=kind, layout=layout, address=SITE.__add__, made_at=NOW
        )
        return PdfReader(BytesIO(content))

    single, sheet = printed(1, "single"), printed(11, "sheet")

    width, height = (float(side) / 72 * 25.4 for side in single.pages[0].mediabox[2:])
    assert (round(width, 1), round(height, 1)) == (85.6, 54.0)
    assert [page.extract_text().count("V0000000017") for page in sheet.pages] == [10, 1]
    assert all(fonts_of(sheet).values())
    head = {"identity": "志愿者证", "savings": "爱心储蓄卡"}[kind]
    assert head in single.pages[0].extract_text()


def test_school_file_has_sums_and_services() -> None:
    served = Served("2026-05-16 09:00", "11:00", "=1+1", "新竹社区服务站", 120, proved=True)
    pupil = Pupil("黄小宇", "V0000000018", "七（1）班", 120, 30, (served,), "2026-K7QM4T9XB")
    school = type("School", (), {"name": "新竹小学"})()
    told = actions.Credits(school, date(2026, 2, 1), date(2026, 5, 20), [pupil])

    book = load_workbook(BytesIO(workbook.workbook_of(told)))

    sums, services = ([list(row) for row in sheet.values] for sheet in book.worksheets)
    assert sums[1] == [
        "七（1）班", "黄小宇", "V0000000018", "2026-02-01–2026-05-20", 1, 120, 30, "2:30",
        "2026-K7QM4T9XB",
    ]  # fmt: skip
    assert services[1][5:8] == ["=1+1", "新竹社区服务站", 120]
