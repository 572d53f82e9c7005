"""Rules need no database; each table quotes its source."""

from datetime import date

import pytest

from linbang.foundation.people import errors, rules
from linbang.foundation.people.choices import DayPart, DocumentType, Language, Sex, UnmaskReason

TODAY = date(2026, 11, 23)
ID, PERMIT = DocumentType.RESIDENT_ID, DocumentType.RESIDENCE_PERMIT
FOREIGN, PASSPORT = DocumentType.FOREIGN_PERMANENT, DocumentType.PASSPORT


MAN, WOMAN = Sex.MALE, Sex.FEMALE


def card(first_17: str) -> str:
    return first_17 + rules.resident_check_digit(first_17)


# Source: domain handbook §6.1 (GB 11643-1999), its recomputed examples.
@pytest.mark.parametrize(
    ("first_17", "check"),
    [("11010519491231002", "X"), ("44052418800101001", "4"), ("34052419800101001", "X")],
)
def test_check_digit_of_published_examples(first_17, check):
    assert rules.resident_check_digit(first_17) == check


# Source: rule 2; forms of domain handbook §6.1.
@pytest.mark.parametrize(
    ("kind", "text", "number", "birth_date", "sex"),
    [
        (ID, "11010519491231002x", "11010519491231002X", date(1949, 12, 31), WOMAN),
        (ID, " 340524 19800101 001X ", "34052419800101001X", date(1980, 1, 1), MAN),
        (ID, "１１０１０５19491231００２ｘ", "11010519491231002X", date(1949, 12, 31), WOMAN),
        (ID, "110105491231002", "11010519491231002X", date(1949, 12, 31), WOMAN),
        (PERMIT, card("81000019900102001"), card("81000019900102001"), date(1990, 1, 2), MAN),
        (PERMIT, card("82000019900102002"), card("82000019900102002"), date(1990, 1, 2), WOMAN),
        (PERMIT, card("83000019900102003"), card("83000019900102003"), date(1990, 1, 2), MAN),
        (FOREIGN, card("91184019850607002"), card("91184019850607002"), date(1985, 6, 7), WOMAN),
        (FOREIGN, "usa110085060701", "USA110085060701", None, None),
        (DocumentType.HONG_KONG, "h12345678", "H12345678", None, None),
        (DocumentType.HONG_KONG, "H1234567802", "H12345678", None, None),
        (DocumentType.MACAU, "M12345678", "M12345678", None, None),
        (DocumentType.TAIWAN, "12345678", "12345678", None, None),
        (PASSPORT, "e12345678", "E12345678", None, None),
        (DocumentType.OFFICER, "南字第12345号", "南字第12345号", None, None),
        (DocumentType.SOLDIER, "士字123456", "士字123456", None, None),
        (DocumentType.OTHER, "a-12345", "A12345", None, None),
    ],
)  # fmt: skip
def test_read_document_returns_normal_form(kind, text, number, birth_date, sex):
    found = rules.read_document(kind, text, today=TODAY)

    assert found == rules.Document(kind, number, birth_date, sex)


@pytest.mark.parametrize(
    ("kind", "text", "refusal"),
    [
        (ID, "110105194912310021", errors.CheckDigitWrong),  # rule 2 names this one
        (ID, "440524188001010014", errors.BirthDateImpossible),  # born 1880, older than 120
        (ID, card("11010520270101002"), errors.BirthDateImpossible),  # not born yet
        (ID, card("11010520230229002"), errors.BirthDateImpossible),  # no such day
        (ID, "99010519491231002X", errors.DocumentMalformed),  # no such province
        (ID, "1101051949123100", errors.DocumentMalformed),
        (ID, "", errors.DocumentMalformed),
        (PERMIT, "11010519491231002X", errors.DocumentMalformed),
        (ID, card("81000019900102001"), errors.DocumentMalformed),
        (FOREIGN, "91184019850607002A", errors.DocumentMalformed),
        (DocumentType.HONG_KONG, "M12345678", errors.DocumentMalformed),
        (DocumentType.MACAU, "M1234567", errors.DocumentMalformed),
        (DocumentType.TAIWAN, "1234567", errors.DocumentMalformed),
        (PASSPORT, "ABCDEFGH", errors.DocumentMalformed),
        (DocumentType.OTHER, "abc", errors.DocumentMalformed),
    ],
)
def test_read_document_refuses(kind, text, refusal):
    with pytest.raises(refusal) as caught:
        rules.read_document(kind, text, today=TODAY)

    assert caught.value.field == "document_number"


def test_matching_takes_birth_and_sex_from_the_document():
    document = rules.read_document(ID, "11010519491231002X", today=TODAY)

    told = rules.require_matching(document, birth_date=None, sex=None, today=TODAY)

    assert told == (date(1949, 12, 31), Sex.FEMALE)


# Source: rules 1 and 2.
@pytest.mark.parametrize(
    ("text", "kind", "birth_date", "sex", "refusal"),
    [
        ("11010519491231002X", ID, date(1949, 12, 30), None, errors.BirthDateDiffers),
        ("11010519491231002X", ID, None, Sex.MALE, errors.SexDiffers),
        ("E12345678", PASSPORT, None, Sex.MALE, errors.BirthDateDiffers),
        ("E12345678", PASSPORT, date(1990, 1, 1), None, errors.SexDiffers),
        ("E12345678", PASSPORT, date(2027, 1, 1), Sex.MALE, errors.BirthDateImpossible),
    ],
)
def test_matching_refuses(text, kind, birth_date, sex, refusal):
    document = rules.read_document(kind, text, today=TODAY)

    with pytest.raises(refusal):
        rules.require_matching(document, birth_date=birth_date, sex=sex, today=TODAY)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2012, 11, 23), date(2026, 11, 22), 13),
        (date(2012, 11, 23), date(2026, 11, 23), 14),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_turns_on_the_birthday(born, day, age):
    assert rules.age_on(born, day) == age


# Source: rules 7 and 8; PIPL 31, RV13.
@pytest.mark.parametrize(
    ("age", "guardian", "accompanied"),
    [(6, True, True), (9, True, True), (10, True, False), (17, True, False), (18, False, False)],
)
def test_what_each_age_needs(age, guardian, accompanied):
    born = date(TODAY.year - age, 1, 1)

    assert rules.needs_guardian(born, today=TODAY) is guardian
    assert rules.needs_accompaniment(born, today=TODAY) is accompanied


def test_children_below_six_do_not_volunteer():
    rules.require_volunteer_age(date(2020, 11, 23), today=TODAY)

    with pytest.raises(errors.TooYoungToVolunteer):
        rules.require_volunteer_age(date(2020, 11, 24), today=TODAY)


# Source: 现代汉语词典, readings marked 姓.
@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("李秀英", "li xiu ying", "lxy"),
        ("单雄信", "shan xiong xin", "sxx"),
        ("仇英", "qiu ying", "qy"),
        ("曾国藩", "zeng guo fan", "zgf"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("欧阳修", "ou yang xiu", "oyx"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti", "ayglmmt"),
        ("John Smith", "john smith", "js"),
    ],
)
def test_names_are_spelt_as_surnames_are_read(name, pinyin, initials):
    assert rules.pinyin_name(name) == rules.PinyinName(pinyin, initials)


@pytest.mark.parametrize(
    ("text", "name"),
    [(" 李 秀英 ", "李秀英"), ("买买提•艾力", "买买提·艾力"), ("John  Smith", "John Smith")],
)
def test_names_lose_stray_spaces(text, name):
    assert rules.normal_name(text) == name


@pytest.mark.parametrize("text", ["", " ", "·", "12"])
def test_name_without_letters_is_refused(text):
    with pytest.raises(errors.NameMissing):
        rules.normal_name(text)


# Source: domain handbook §6.3 (mobile and landline forms).
@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("138 0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0771-5551234", "07715551234"),
        ("", ""),
    ],
)
def test_phones_become_digits(text, phone):
    assert rules.normal_phone(text) == phone


@pytest.mark.parametrize("text", ["12800138000", "1380013800", "5551234", "abc"])
def test_other_phones_are_refused(text):
    with pytest.raises(errors.PhoneMalformed):
        rules.normal_phone(text)


def test_mobile_is_told_from_landline():
    assert rules.is_mobile("13800138000")
    assert not rules.is_mobile("07715551234")


def test_volunteer_number_has_a_check_digit():
    number = rules.volunteer_number(100_001)

    assert number == "V0001000016"
    assert rules.is_volunteer_number(number)
    assert not rules.is_volunteer_number("V0001000010")
    assert not rules.is_volunteer_number("0001000016")


@pytest.mark.parametrize("serial", [0, 1_000_000_000])
def test_volunteer_serial_fits_nine_digits(serial):
    with pytest.raises(ValueError, match="nine digits"):
        rules.volunteer_number(serial)


def test_availability_packs_and_unpacks_bits():
    tuesday_afternoon, holiday_morning = 4, 21
    packed = rules.availability_from_bits([tuesday_afternoon, holiday_morning, 24, -1])

    assert rules.bits_of(packed) == (4, 21)
    assert rules.is_free(packed, weekday=1, part=DayPart.AFTERNOON, is_holiday=False)
    assert not rules.is_free(packed, weekday=1, part=DayPart.MORNING, is_holiday=False)
    assert rules.is_free(packed, weekday=1, part=DayPart.MORNING, is_holiday=True)


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("450103001006", ["yue", "zyb", "csp", "cnp", "hak", "csl", "wuu"]),
        ("650102", ["uig", "kaz", "mvf", "csl", "yue"]),
        ("110101", ["csl", "yue", "wuu"]),
    ],
)
def test_languages_heard_in_the_province_come_first(region, first):
    ordered = rules.languages_in_order(region)

    assert [language.value for language in ordered][: len(first)] == first
    assert sorted(ordered) == sorted(Language)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"a_day": 0, "a_week": 4}, "visits_a_day"),
        ({"a_day": 4, "a_week": 4}, "visits_a_day"),
        ({"a_day": 3, "a_week": 8}, "visits_a_week"),
        ({"a_day": None, "a_week": 0}, "visits_a_week"),
    ],
)
def test_visits_a_plan_may_ask_are_limited(limits, field):
    with pytest.raises(errors.VisitLimitImpossible) as refused:
        rules.require_visit_limits(**limits)

    assert (refused.value.code, refused.value.field) == ("visit_limit_impossible", field)
    rules.require_visit_limits(a_day=3, a_week=None)


def test_reason_must_be_approved_and_told():
    approved = (UnmaskReason.EMERGENCY, UnmaskReason.OTHER)

    assert rules.require_reason("other", "火警", approved=approved) == UnmaskReason.OTHER
    for reason, note in [("contact", "x"), ("", ""), ("other", " ")]:
        with pytest.raises(errors.ReasonMissing):
            rules.require_reason(reason, note, approved=approved)


def test_words_begin_in_a_half_open_range():
    low, high = rules.next_letters(rules.joined_pinyin("Li Xiu"))

    assert low <= "lixiuying" < high
    assert not low <= "liyan" < high
