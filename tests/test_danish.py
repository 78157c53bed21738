"""How Danes write dates, money, names and working days, and what is refused because it could be two things."""

import contextlib
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klimaspor import danish
from klimaspor.accounts.models import Organization, OrganizationKind

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
# Far enough to cross every holiday, near enough to count day by day.
THESE_YEARS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
AMOUNTS = st.decimals(0, danish.LARGEST_AMOUNT, places=2)


# Dates and times


def shown(text: str) -> str:
    """Write as one sees it what stays on one line: _ for the blank that does not break, and ^ for the joint."""
    return text.replace(danish.NBSP, "_").replace(danish.JOINER, "^")


def test_moments_are_written_with_dots_and_without_leading_zeros():
    at = datetime(2024, 4, 15, 7, 0, tzinfo=UTC)

    assert shown(danish.datetime_text(at)) == "mandag den_15._april_2024 kl._9.00"
    assert shown(danish.short_datetime(at)) == "15.4.2024 kl._9.00"
    assert shown(danish.to_the_second(at)) == "mandag den_15._april_2024 kl._9.00.00"
    assert shown(danish.date_text(date(2027, 5, 1))) == "lørdag den_1._maj_2027"
    assert shown(danish.month_text(date(2027, 5, 1))) == "maj_2027"
    assert danish.short_date(date(2027, 4, 15)) == "15.4.2027"
    assert danish.time_text(time(9, 5)) == "9.05"
    assert shown(danish.clock_text(time(9, 5))) == "kl._9.05"


@pytest.mark.parametrize(
    ("text", "said"),
    (
        (
            "mødet torsdag den 27. maj 2027 kl. 9.00 i dag",
            "mødet torsdag den_27._maj_2027 kl._9.00 i dag",
        ),
        (
            "senest 4. juni, 1.500.000 kr. og 1,5 mio. kr.",
            "senest 4._juni, 1.500.000_kr. og 1,5_mio._kr.",
        ),
        ("januar 2027, 58 % efter § 3", "januar_2027, 58_% efter §_3"),
        ("side 2 af 9, 3 kommuner, maj måned", "side_2_af_9, 3 kommuner, maj måned"),
    ),
)
def test_what_belongs_together_in_a_text_stays_on_one_line(text: str, said: str):
    assert shown(danish.unbroken(text)) == said
    assert danish.plain(danish.unbroken(text)) == text


def test_what_is_copied_from_a_page_is_read():
    """Blanks that do not break, narrow ones too, and the joint after a hyphen."""
    at = datetime(2024, 4, 15, 7, 0, tzinfo=UTC)
    low, high = Decimal(10_000_000), Decimal(12_000_000)

    assert danish.parse_date(danish.date_text(at.date())) == at.date()
    assert danish.parse_date("15.\N{NARROW NO-BREAK SPACE}april\N{NO-BREAK SPACE}2024") == at.date()
    assert danish.parse_time(danish.clock_text(time(9, 0))) == time(9, 0)
    assert danish.parse_month(danish.month_text(date(2027, 5, 1))) == date(2027, 5, 1)
    assert (
        danish.parse_money("1\N{NARROW NO-BREAK SPACE}500\N{NARROW NO-BREAK SPACE}000 kr.")
        == 1_500_000
    )
    assert danish.parse_money(danish.money_text(Decimal(1_500_000))) == 1_500_000
    assert danish.parse_range(danish.range_text(low, high)) == (low, high)
    assert danish.parse_range("10\N{NON-BREAKING HYPHEN}12 mio.") == (low, high)
    assert shown(danish.range_text(low, high)) == "10-^12_mio._kr."
    assert danish.plain(danish.range_text(low, high)) == "10-12 mio. kr."


# Telephone numbers


@pytest.mark.parametrize(
    ("typed", "text", "links"),
    (
        ("12345678", "12_34_56_78", ["tel:+4512345678"]),
        ("1234 5678", "12_34_56_78", ["tel:+4512345678"]),
        ("12-34-56-78", "12_34_56_78", ["tel:+4512345678"]),
        (
            "12\N{NO-BREAK SPACE}34\N{NARROW NO-BREAK SPACE}56 78",
            "12_34_56_78",
            ["tel:+4512345678"],
        ),
        ("+45 12345678", "12_34_56_78", ["tel:+4512345678"]),
        ("0045 12 34 56 78", "12_34_56_78", ["tel:+4512345678"]),
        ("4512345678", "12_34_56_78", ["tel:+4512345678"]),
        ("Tlf. 12 34 56 78", "12_34_56_78", ["tel:+4512345678"]),
        ("00 00 00 01", "00_00_00_01", ["tel:+4500000001"]),
        ("+46 8 123 45 67", "+46_8_123_45_67", ["tel:+4681234567"]),
        ("0046 8 123 45 67", "+46_8_123_45_67", ["tel:+4681234567"]),
        ("+44 (0)20 7946 0018", "+44_20_7946_0018", ["tel:+442079460018"]),
        ("12 34 56 78, lokal 12", "12_34_56_78, lokal_12", ["tel:+4512345678;ext=12"]),
        ("12345678 lok. 5", "12_34_56_78, lokal_5", ["tel:+4512345678;ext=5"]),
        ("1813", "1813", ["tel:1813"]),
        (
            "12345678 / 87654321",
            "12_34_56_78 eller 87_65_43_21",
            ["tel:+4512345678", "tel:+4587654321"],
        ),
        ("Spørg Mette og Hans", "Spørg Mette og Hans", [""]),
        ("12", "12", [""]),
        ("", "", []),
    ),
)
def test_telephone_numbers_are_grouped_and_dialed(typed: str, text: str, links: list[str]):
    assert shown(danish.telephone_text(typed)) == text
    assert [each.link for each in danish.telephones(typed)] == links


@given(st.text(max_size=40))
def test_whatever_is_typed_for_a_telephone_number_dials_a_number_or_nothing(typed: str):
    for each in danish.telephones(typed):
        assert re.fullmatch(r"(tel:\+?[0-9]+(;ext=[0-9]+)?)?", each.link)


def test_a_moment_without_time_zone_is_nobodys_time():
    with pytest.raises(ValueError, match="no time zone"):
        danish.datetime_text(datetime(2024, 4, 15, 9, 0))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    (
        (date(2024, 3, 30), 8),
        (date(2024, 3, 31), 7),
        (date(2024, 10, 26), 7),
        (date(2024, 10, 27), 8),
    ),
)
def test_nine_o_clock_is_nine_on_both_sides_of_the_clock_change(day, utc_hour):
    at = danish.wall(day, time(9))

    assert at.astimezone(UTC) == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
    assert danish.datetime_text(at).endswith(danish.clock_text(time(9)))


def test_an_hour_that_is_skipped_becomes_the_next():
    assert danish.time_text(danish.wall(date(2024, 3, 31), time(2, 30)).time()) == "3.30"


def test_the_day_in_denmark_begins_before_the_day_in_utc():
    assert danish.day_of(datetime(2024, 4, 14, 22, 30, tzinfo=UTC)) == date(2024, 4, 15)


@pytest.mark.parametrize(
    "text",
    (
        "15.4.2024",
        "15.04.2024",
        "15. 4. 2024",
        "15-04-2024",
        "15/4 2024",
        "15/4-2024",
        "15/4/2024",
        "15.4.24",
        "15. april 2024",
        "15 apr. 2024",
        "d. 15. april 2024",
        "den 15. april 2024",
        "mandag den 15. april 2024",
        "Mandag, den 15. April 2024",
        "  15.4.2024 ",
        "2024-04-15",
    ),
)
def test_dates_are_read_as_danes_write_them(text):
    assert danish.parse_date(text) == date(2024, 4, 15)


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    (
        ("", "Datoen skal skrives med dag, måned og år, fx 15.4.2027"),
        ("15.4", "Datoen skal skrives med dag, måned og år, fx 15.4.2027"),
        ("snart", "Datoen skal skrives med dag, måned og år, fx 15.4.2027"),
        ("31.2.2024", "Datoen findes ikke. Indtast dag, måned og år, fx 15.4.2027"),
        ("4/15/2024", "Datoen findes ikke. Indtast dag, måned og år, fx 15.4.2027"),
        ("15. foo 2024", "Datoen findes ikke. Indtast dag, måned og år, fx 15.4.2027"),
        ("15.4.0024", "Årstallet skal have fire cifre, fx 15.4.2027"),
        (
            "tirsdag den 15. april 2024",
            "Den\xa015.\xa0april\xa02024 er en mandag. Ret dagen eller datoen",
        ),
    ),
)
def test_a_date_that_is_none_is_refused_with_what_to_write(text, what_to_do):
    with pytest.raises(danish.NotADate) as refusal:
        danish.parse_date(text)

    assert str(refusal.value) == what_to_do


@given(DAYS)
def test_every_date_is_read_back_as_it_was_written(day):
    assert danish.parse_date(danish.date_text(day)) == day
    assert danish.parse_date(danish.short_date(day)) == day
    assert danish.parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    (
        "januar 2023",
        "Januar 2023",
        "jan. 2023",
        "1.2023",
        "01-2023",
        "1/2023",
        "2023-01",
        "1. januar 2023",
        "1.1.2023",
        "01-01-2023",
        "1/1 2023",
        "d. 1. jan. 2023",
        "søndag den 1. januar 2023",
        "2023-01-01",
    ),
)
def test_months_are_read_as_their_first_day(text):
    assert danish.parse_month(text) == date(2023, 1, 1)


@pytest.mark.parametrize("text", ("", "januar", "13.2023", "32.1.2023", "jamuar 2023", "1.0023"))
def test_a_month_that_is_none_is_refused(text):
    with pytest.raises(danish.NotAMonth, match="fx januar 2027"):
        danish.parse_month(text)


@pytest.mark.parametrize(
    "text",
    ("december 2028", "12.2028", "31/12 2028", "31/12-2028", "31.12.2028", "31. december 2028"),
)
def test_the_month_something_ends_with_is_read_by_its_last_day(text):
    assert danish.parse_end_month(text) == date(2028, 12, 1)


@pytest.mark.parametrize(
    ("read", "text", "what_to_do"),
    (
        (danish.parse_month, "15. januar 2027", "den første måned, fx januar 2027"),
        (danish.parse_month, "31.1.2027", "den første måned, fx januar 2027"),
        (danish.parse_end_month, "1. januar 2029", "den sidste måned, fx december 2028"),
        (danish.parse_end_month, "30/12 2028", "den sidste måned, fx december 2028"),
    ),
)
def test_a_day_within_a_month_is_no_month(read, text, what_to_do):
    with pytest.raises(danish.NotAMonth) as refusal:
        read(text)

    assert str(refusal.value) == f"Der regnes i hele måneder. Indtast {what_to_do}"


@given(DAYS)
def test_every_month_is_read_back_as_it_was_written(day):
    assert danish.parse_month(danish.month_text(day)) == day.replace(day=1)


@pytest.mark.parametrize("text", ("9.00", "09.00", "09:00", "9", "kl. 9", "kl 9.00"))
def test_times_are_read_with_dot_or_colon(text):
    assert danish.parse_time(text) == time(9)


@pytest.mark.parametrize("text", ("", "24", "9.60", "9.5", "ni", "-9"))
def test_a_time_that_is_none_is_refused(text):
    with pytest.raises(danish.NotATime, match=r"fx 9\.00"):
        danish.parse_time(text)


@given(st.times())
def test_every_time_is_read_back_as_it_was_written(clock):
    assert danish.parse_time(danish.time_text(clock)) == clock.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    (
        (date(2023, 1, 1), date(2027, 12, 1), "5 år (januar 2023 - december 2027)"),
        (date(2023, 1, 1), date(2027, 12, 31), "5 år (januar 2023 - december 2027)"),
        (date(2027, 3, 1), date(2028, 8, 1), "1 år og 6 måneder (marts 2027 - august 2028)"),
        (date(2027, 3, 1), date(2028, 3, 1), "1 år og 1 måned (marts 2027 - marts 2028)"),
        (date(2027, 3, 1), date(2027, 3, 1), "1 måned (marts 2027)"),
    ),
)
def test_a_period_counts_both_months(start, end, text):
    assert danish.plain(danish.period_text(start, end)) == text


# Money


@pytest.mark.parametrize(
    ("text", "kroner"),
    (
        ("1.500.000", "1500000"),
        ("1500000", "1500000"),
        ("1 500 000", "1500000"),
        ("1\N{NARROW NO-BREAK SPACE}500\N{NO-BREAK SPACE}000", "1500000"),
        ("1,5 mio.", "1500000"),
        ("1,5 mio. kr.", "1500000"),
        ("1,5 mio kr", "1500000"),
        ("1,5 millioner", "1500000"),
        ("1,525 mio.", "1525000"),
        ("1.500 mio.", "1500000000"),
        ("1.500 t.kr.", "1500000"),
        ("1,2 mia. kr.", "1200000000"),
        ("1.500", "1500"),
        ("1.500,50", "1500.50"),
        ("1.500,5 kr.", "1500.50"),
        ("kr. 500,-", "500"),
        ("500 DKK", "500"),
        ("0", "0"),
        ("0 kr.", "0"),
    ),
)
def test_amounts_are_read_as_danes_write_them(text, kroner):
    assert danish.parse_money(text) == Decimal(kroner)


NUMBER = "Beløbet skal være et tal, fx 1.500.000"
ONE_NUMBER = "Beløbet skal være ét tal, ikke fra og til, fx 1.500.000"
NEGATIVE = "Beløbet kan ikke være negativt. Indtast det uden minus, fx 1.500.000"
DOTS = "Brug punktum mellem tusinder og komma før decimaler, fx 1.500.000 eller 1,5 mio. kr."
ORE = "Der kan højst være to cifre efter kommaet. Brug punktum mellem tusinder, fx 1.500.000"


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    (
        ("", NUMBER),
        ("halvanden mio.", NUMBER),
        ("1e6", NUMBER),
        ("NaN", NUMBER),
        ("١٢", NUMBER),
        ("1,5,5", NUMBER),
        ("1500 000", NUMBER),
        ("-3", NEGATIVE),
        ("−3", NEGATIVE),
        ("kr. -3", NEGATIVE),
        ("10-12", ONE_NUMBER),
        ("10-12 mio.", ONE_NUMBER),
        ("10 til 12 mio. kr.", ONE_NUMBER),
        ("1.5", DOTS),
        ("1.5 mio.", DOTS),
        ("1500.00", DOTS),
        ("15.00.000", DOTS),
        ("1,500", ORE),
        ("1,500,000", NUMBER),
        ("1,000000001 mio.", "Beløbet har for mange decimaler. Indtast det i kroner, fx 1.500.000"),
        ("100.000 mio.", "Beløbet er for stort. Indtast det i kroner, fx 1.500.000"),
        ("9" * 5000, NUMBER),
        ("9" * 50, "Beløbet er for stort. Indtast det i kroner, fx 1.500.000"),
    ),
)
def test_an_amount_that_could_be_two_things_is_refused_with_what_to_write(text, what_to_do):
    with pytest.raises(danish.NotAnAmount) as refusal:
        danish.parse_money(text)

    assert str(refusal.value) == what_to_do


@given(AMOUNTS)
def test_every_amount_is_read_back_as_it_was_written(amount):
    assert danish.parse_money(danish.money_text(amount)) == amount
    assert danish.parse_range(danish.range_text(amount, amount)) == (amount, amount)


@given(AMOUNTS, AMOUNTS)
def test_every_range_is_read_back_as_it_was_written(one, other):
    low, high = sorted((one, other))

    assert danish.parse_range(danish.range_text(low, high)) == (low, high)


@given(st.text())
def test_whatever_is_typed_is_an_amount_or_a_refusal(text):
    for read in (danish.parse_money, danish.parse_range):
        with contextlib.suppress(danish.NotAnAmount):
            read(text)


def test_money_does_not_break_between_number_and_unit():
    assert danish.money_text(Decimal(1_500_000)) == "1.500.000\N{NO-BREAK SPACE}kr."
    assert danish.money_text(Decimal("1500.5")) == "1.500,50\N{NO-BREAK SPACE}kr."
    assert danish.money_text(Decimal(-3000)) == "-3.000\N{NO-BREAK SPACE}kr."
    assert danish.money_text(Decimal(0)) == "0\N{NO-BREAK SPACE}kr."


@pytest.mark.parametrize(
    ("kroner", "text"),
    (
        (1_500_000, "1,5 mio. kr."),
        (10_000_000, "10 mio. kr."),
        (1_234_567, "1,23 mio. kr."),
        (1_200_000_000, "1.200 mio. kr."),
        (999_999, "999.999 kr."),
    ),
)
def test_short_money_is_in_millions(kroner, text):
    assert danish.money_short(Decimal(kroner)) == text.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    (
        ("10-12 mio.", 10_000_000, 12_000_000),
        ("1-2 mio.", 1_000_000, 2_000_000),
        ("1.200-1.300 mio.", 1_200_000_000, 1_300_000_000),
        ("10–12 mio. kr.", 10_000_000, 12_000_000),
        ("10 mio. - 12 mio. kr.", 10_000_000, 12_000_000),
        ("10 til 12 mio. kr.", 10_000_000, 12_000_000),
        ("mellem 10 og 12 mio. kr.", 10_000_000, 12_000_000),
        ("800.000 - 1,2 mio.", 800_000, 1_200_000),
        ("ca. 60 mio.", 60_000_000, 60_000_000),
        ("1.500", 1500, 1500),
        ("500,-", 500, 500),
        ("10-12 kr.", 10, 12),
        ("10-12.000", 10, 12_000),
    ),
)
def test_a_range_is_read_with_the_unit_that_belongs_to_both(text, low, high):
    assert danish.parse_range(text) == (low, high)


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    (
        ("12-10 mio.", "Det laveste beløb skal stå først, fx 10-12 mio. kr."),
        ("-3", NEGATIVE),
        ("3--4", NUMBER),
        ("10-12-14", NUMBER),
        ("10-12", "Skriv mio. eller kr. efter tallene, fx 10-12 mio. kr."),
        ("10-", NUMBER),
    ),
)
def test_a_range_that_is_none_is_refused_with_what_to_write(text, what_to_do):
    with pytest.raises(danish.NotAnAmount) as refusal:
        danish.parse_range(text)

    assert str(refusal.value) == what_to_do


# Working days


@pytest.mark.parametrize(
    ("day", "is_open"),
    (
        (date(2024, 4, 15), True),
        (date(2024, 4, 14), False),  # Sunday
        (date(2024, 4, 1), False),  # 2. påskedag
        (date(2023, 5, 5), False),  # Store bededag, for the last time
        (date(2024, 4, 26), True),  # where Store bededag would have been
        (date(2024, 5, 1), False),
        (date(2024, 6, 5), False),
        (date(2024, 12, 24), False),
        (date(2024, 12, 31), False),
        (date(2024, 12, 30), True),
    ),
)
def test_working_days(day, is_open):
    assert danish.is_working_day(day) is is_open


def test_the_two_windows_of_2024():
    assert danish.working_days_between(date(2024, 4, 15), date(2024, 4, 25)) == 8
    assert danish.working_days_between(date(2024, 10, 7), date(2024, 10, 24)) == 13


def test_ten_working_days_before_the_first_deadline_is_before_easter():
    assert danish.add_working_days(date(2024, 4, 15), -10) == date(2024, 3, 27)
    assert danish.add_working_days(date(2024, 4, 15), -1) == date(2024, 4, 12)
    assert danish.add_working_days(date(2024, 4, 13), 0) == date(2024, 4, 13)


@given(THESE_YEARS, st.integers(-300, 300).filter(bool))
def test_counting_undoes_adding(day, count):
    reached = danish.add_working_days(day, count)

    assert danish.is_working_day(reached)
    assert danish.working_days_between(day, reached) == count


@given(THESE_YEARS, st.integers(0, 400))
def test_counting_backwards_agrees_between_working_days(day, count):
    start = danish.add_working_days(day, 1)
    end = danish.add_working_days(start, count)

    assert danish.working_days_between(end, start) == -danish.working_days_between(start, end)


@pytest.mark.parametrize(
    ("to_date", "text"),
    (
        (date(2024, 4, 12), "i dag"),
        (date(2024, 4, 13), "i morgen"),
        (date(2024, 4, 14), "om 2 dage"),
        (date(2024, 4, 15), "om 1 arbejdsdag"),
        (date(2024, 4, 22), "om 6 arbejdsdage"),
        (date(2024, 4, 11), "i går"),
        (date(2024, 4, 10), "for 2 arbejdsdage siden"),
    ),
)
def test_distance_in_words(to_date, text):
    assert danish.workdays_text(date(2024, 4, 12), to_date) == text


# Words


def test_danish_order_ends_in_ae_oe_aa_and_aa_sorts_as_aa():
    names = [
        "Aarhus",
        "Ærø",
        "Zoologisk Have",
        "Ålborghus",
        "Odense",
        "Øland",
        "aabenraa",
        "Albertslund",
    ]

    assert sorted(names, key=danish.sort_key) == [
        "Albertslund",
        "Odense",
        "Zoologisk Have",
        "Ærø",
        "Øland",
        "aabenraa",
        "Ålborghus",
        "Aarhus",
    ]


@pytest.mark.django_db
def test_the_database_sorts_as_danes_do():
    names = [
        "Aarhus",
        "AArø",
        "Ærø",
        "Zoologisk Have",
        "Ålborghus",
        "Odense",
        "Øland",
        "aabenraa",
        "Ballerup",
    ]
    Organization.objects.bulk_create(
        Organization(name=name, kind=OrganizationKind.OTHER) for name in names
    )

    rows = Organization.objects.filter(name__in=names).order_by("sort_key", "pk")

    assert [row.name for row in rows] == sorted(names, key=danish.sort_key)
    assert all(row.sort_key == danish.sort_key(row.name) for row in rows)


@given(st.text())
def test_sort_key_is_the_same_however_the_letters_are_composed(text):
    assert danish.sort_key(unicodedata.normalize("NFD", text)) == danish.sort_key(text)


@pytest.mark.parametrize(
    "typed", ("a", "aa", "aar", "Aar", "år", "ÅR", "a\N{COMBINING RING ABOVE}r", "aarhus kom")
)
def test_aarhus_is_found_however_it_is_begun(typed):
    assert danish.search_key("Aarhus Kommune").startswith(danish.search_key(typed))


def test_search_keys_ignore_accents_and_signs():
    assert danish.search_key("Allé-forening & Café (Ærø)") == "alle forening cafe aeroe"


def test_municipalities_are_named_as_they_name_themselves():
    assert danish.municipality_name("København") == "Københavns Kommune"
    assert danish.municipality_name("Bornholm") == "Bornholms Regionskommune"
    assert danish.municipality_name("Aarhus") == "Aarhus Kommune"


def test_lists_and_counts():
    assert danish.join_text([]) == ""
    assert danish.join_text(["a"]) == "a"
    assert danish.join_text(["a", "b"]) == "a og b"
    assert danish.join_text(["a", "b", "c"]) == "a, b og c"
    assert danish.count_text(1, "kommune", "kommuner") == "1 kommune"
    assert danish.count_text(0, "kommune", "kommuner") == "0 kommuner"
    assert danish.count_text(1200, "forslag", "forslag") == "1.200 forslag"
    assert danish.plural_text(2, "kommune", "kommuner") == "kommuner"


def test_a_year_of_holidays_is_the_same_for_all_threads():
    easter_monday = date(2031, 4, 14)
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(danish.is_working_day, [easter_monday] * 64))
