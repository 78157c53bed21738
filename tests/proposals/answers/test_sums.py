"""The economy added up: the sums, the shares and the balance, and that page and paper say the same."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klimaspor import danish
from proposals.answers.content import Content
from proposals.answers.pages import share_bars
from proposals.answers.sums import (
    BudgetRow,
    Economy,
    FinancingRow,
    FinancingStatus,
    balance,
    percentages,
    share_of_range,
)
from proposals.economy.models import BudgetCategory
from proposals.printing import papers
from tests.proposals.reading.test_diff import content as a_content

MOST = 100
amounts = st.decimals(min_value=0, max_value=99_999_999_999, places=2)
years = st.integers(2020, 2060)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12)
financing_rows = st.lists(
    st.builds(
        lambda year, source, amount, status: FinancingRow(
            year, source, amount, status.value, status.label
        ),
        years,
        names,
        amounts,
        st.sampled_from(FinancingStatus),
    ),
    max_size=12,
)
budget_rows = st.lists(
    st.builds(
        lambda category, year, amount, recipient, is_company: BudgetRow(
            category.value, category.label, "", year, amount, recipient, is_company
        ),
        st.sampled_from(BudgetCategory),
        years,
        amounts,
        names,
        st.booleans(),
    ),
    max_size=12,
)


def spent(amount: str, year: int = 2027, **more: Any) -> BudgetRow:
    row = BudgetRow("staff", "løn og timer", "Møder", year, Decimal(amount), "", False)
    return replace(row, **more)


def paid(amount: str, year: int = 2027, **more: Any) -> FinancingRow:
    return replace(FinancingRow(year, "Realdania", Decimal(amount), "granted", "bevilget"), **more)


def money(*texts: str) -> tuple[str, ...]:
    return tuple(text.replace("_", danish.NBSP) for text in texts)


def said(economy: Economy) -> list[str]:
    return [danish.plain(remark.text) for remark in economy.remarks]


# What always adds up


@settings(max_examples=MOST, deadline=None)
@given(financing=financing_rows, budget=budget_rows)
def test_page_and_paper_say_the_sums_of_the_lines(
    financing: list[FinancingRow], budget: list[BudgetRow]
) -> None:
    content = replace(a_content(""), financing=tuple(financing), budget=tuple(budget))
    economy = content.economy
    spend = sum((row.amount for row in budget), Decimal(0))
    pay = sum((row.amount for row in financing), Decimal(0))

    paper = papers.money(content)
    page = render_to_string(
        "proposals/economy/_economy.html",
        {"economy": economy, "budget": content.budget, "bars": share_bars(economy.by_status)},
    )

    assert (economy.budget.total, economy.financing.total) == (spend, pay)
    assert (paper.budget_total, paper.financing_total) == (
        danish.money_text(spend),
        danish.money_text(pay),
    )
    assert danish.money_text(spend) in page or not budget
    assert danish.money_text(pay) in page or not financing
    adds_up = sum(share.percent for share in economy.by_status) in (0, 100)
    assert ("rundet af hver for sig" in page, bool(paper.rounding)) == (not adds_up, not adds_up)
    for grid, tables, total in (
        (economy.budget, paper.budget, spend),
        (economy.financing, paper.financing, pay),
    ):
        # Across and down: every table's rows and columns come to what stands at their end.
        assert sum(grid.sums, Decimal(0)) == sum((r.total for r in grid.lines), Decimal(0)) == total
        written = [read(text) for table in tables for _, text in table.by_year]
        assert sum(written, Decimal(0)) == total
        for place, line in enumerate(grid.lines):
            cells = [read(text) for table in tables for _, text in table.lines[place].by_year]
            assert sum(cells, Decimal(0)) == line.total == read(tables[0].lines[place].total)
        assert [read(table.total) for table in tables[-1:]] == [total][: len(tables)]
    for shares in (economy.by_category, economy.by_status, economy.by_source):
        whole = sum((share.amount for share in shares), Decimal(0))
        assert [share.percent for share in shares] == percentages([s.amount for s in shares])
        assert whole == (spend if shares is economy.by_category else pay)


def read(text: str) -> Decimal:
    # Not `parse_money`: what adds up may be more than anybody may type.
    return Decimal(text.replace(".", "").replace(",", ".") or 0)


@given(ends=st.tuples(amounts, amounts), requested=amounts)
def test_the_amounts_that_were_sent_are_read_back_from_their_words(
    ends: tuple[Decimal, Decimal], requested: Decimal
) -> None:
    low, high = sorted(ends)
    answer = a_content("").answers[0]
    content = replace(
        a_content(""),
        answers=(
            replace(answer, name="requested_amount", text=danish.money_text(requested)),
            replace(answer, name="budget", text=danish.range_text(low, high)),
        ),
    )

    assert (content.economy.requested, content.economy.stated) == (requested, (low, high))


@given(st.lists(amounts, max_size=30))
def test_equal_amounts_have_equal_shares_and_a_larger_one_no_smaller(parts: list[Decimal]) -> None:
    parts = [*parts, *parts[:3]]
    found, total = percentages(parts), sum(parts, Decimal(0))

    for part, percent in zip(parts, found, strict=True):
        assert not total or abs(part * 100 / total - percent) <= Decimal("0.5")
    pairs = sorted(zip(parts, found, strict=True))
    assert [percent for _, percent in pairs] == sorted(found)
    for part in set(parts):
        assert len({percent for one, percent in pairs if one == part}) == 1


@pytest.mark.parametrize(
    ("parts", "percent"),
    (
        ((), []),
        ((0, 0), [0, 0]),
        ((1,), [100]),
        ((575_000, 575_000, 1_950_000), [19, 19, 63]),
        ((1, 1, 1), [33, 33, 33]),
        ((5, 995), [1, 100]),
        ((505, 495), [51, 50]),
        ((2, 2, 2, 1), [29, 29, 29, 14]),
    ),
)
def test_percentages(parts: tuple[int, ...], percent: list[int]) -> None:
    assert percentages([Decimal(part) for part in parts]) == percent


# The balance


@given(ends=st.tuples(amounts, amounts), covered=amounts)
def test_balance_is_one_of_three(ends: tuple[Decimal, Decimal], covered: Decimal) -> None:
    low, high = sorted(ends)

    found = balance((low, high), covered)

    assert [found.fits, found.missing[0] > 0, found.over > 0].count(True) == 1
    if found.missing[0]:
        assert (covered + found.missing[0], covered + found.missing[1]) == (low, high)
    if found.over:
        assert covered - found.over == high


@pytest.mark.parametrize(
    ("whole", "covered", "fits", "missing", "over"),
    (
        ((10, 12), "10", True, (0, 0), "0"),
        ((10, 12), "12", True, (0, 0), "0"),
        ((10, 12), "12.01", False, (0, 0), "0.01"),
        ((10, 12), "9.99", False, ("0.01", "2.01"), "0"),
        ((10, 10), "0", False, (10, 10), "0"),
        ((0, 0), "0", True, (0, 0), "0"),
    ),
)
def test_balance(whole: Any, covered: str, fits: bool, missing: Any, over: str) -> None:
    found = balance((Decimal(whole[0]), Decimal(whole[1])), Decimal(covered))

    assert (found.fits, found.missing, found.over) == (
        fits,
        (Decimal(missing[0]), Decimal(missing[1])),
        Decimal(over),
    )


def test_nothing_is_said_of_what_is_not_answered() -> None:
    assert said(Economy.of()) == []
    assert said(Economy.of(budget=[spent("5")])) == []
    assert said(Economy.of(financing=[paid("5")])) == []
    assert said(Economy.of(stated=(Decimal(5), Decimal(5)))) == []


def test_zero_is_an_answer() -> None:
    economy = Economy.of(financing=[paid("0")], budget=[spent("0")], requested=Decimal(0))

    assert said(economy) == ["Budgettet er 0 kr., og finansieringen er 0 kr. Tallene stemmer."]
    assert economy.asked_text == money("0_kr.")[0]
    assert [share.percent_text for share in economy.by_status] == [""]


def test_lines_are_held_against_the_range_and_the_financing() -> None:
    stated = (Decimal(10_000_000), Decimal(12_000_000))

    def told(spend: str, pay: str) -> list[str]:
        return said(Economy.of(budget=[spent(spend)], financing=[paid(pay)], stated=stated))

    assert told("11000000", "11000000") == [
        "Budgetlinjerne giver 11.000.000 kr., og det samlede budget er 10-12 mio. kr. Tallene stemmer.",
        "Budgettet er 11.000.000 kr., og finansieringen er 11.000.000 kr. Tallene stemmer.",
    ]
    assert told("9000000", "9500000.50") == [
        (
            "Budgetlinjerne giver 9.000.000 kr., og det samlede budget er 10-12 mio. kr. "
            "Der mangler budgetlinjer for 1-3 mio. kr."
        ),
        (
            "Budgettet er 9.000.000 kr., og finansieringen er 9.500.000,50 kr. "
            "Finansieringen er 500.000,50 kr. højere."
        ),
    ]
    assert told("12500000", "3000000") == [
        (
            "Budgetlinjerne giver 12.500.000 kr., og det samlede budget er 10-12 mio. kr. "
            "Budgetlinjerne er 500.000 kr. højere."
        ),
        (
            "Budgettet er 12.500.000 kr., og finansieringen er 3.000.000 kr. "
            "Der mangler finansiering for 9.500.000 kr."
        ),
    ]


def test_without_lines_the_range_is_what_must_be_financed() -> None:
    economy = Economy.of(
        financing=[paid("3000000")], stated=(Decimal(10_000_000), Decimal(12_000_000))
    )

    assert said(economy) == [
        (
            "Budgettet er 10-12 mio. kr., og finansieringen er 3.000.000 kr. "
            "Der mangler finansiering for 7-9 mio. kr."
        )
    ]


def test_what_is_sought_is_held_against_what_is_asked() -> None:
    lines = [paid("100", status="requested", status_label="søgt"), paid("50")]

    assert said(Economy.of(financing=lines, requested=Decimal(100))) == []
    assert said(Economy.of(financing=lines, requested=Decimal(90))) == [
        (
            "Linjerne med status søgt giver 100 kr., og beløbet, der søges hos Klimaalliancen, er 90 kr. "
            "Se, om de skal være ens."
        )
    ]


@pytest.mark.parametrize(
    ("requested", "low", "high", "percent", "text"),
    (
        (
            "1500000",
            "10000000",
            "12000000",
            (13, 15),
            "1.500.000_kr., 13-\N{WORD JOINER}15_% af budgettet",
        ),
        ("1500000", "3000000", "3000000", (50, 50), "1.500.000_kr., 50_% af budgettet"),
        # Half up: 12.5 is 13.
        ("125", "1000", "1000", (13, 13), "125_kr., 13_% af budgettet"),
        ("20", "10", "10", (200, 200), "20_kr., 200_% af budgettet"),
        ("5", "0", "10", None, "5_kr."),
        ("0", "10", "20", (0, 0), "0_kr., 0_% af budgettet"),
    ),
)
def test_share_asked(requested: str, low: str, high: str, percent: Any, text: str) -> None:
    stated = (Decimal(low), Decimal(high))

    assert share_of_range(Decimal(requested), *stated) == percent
    assert Economy.of(requested=Decimal(requested), stated=stated).asked_text == money(text)[0]


def test_share_asked_is_of_the_lines_when_no_total_is_stated() -> None:
    economy = Economy.of(budget=[spent("200")], requested=Decimal(50))

    assert economy.asked_percent == (25, 25)


# State aid


def test_money_to_a_company_is_marked_and_nothing_else_is() -> None:
    economy = Economy.of(
        budget=[
            spent("100", recipient="Vandværket ApS", goes_to_company=True),
            spent("50.50", 2028, recipient="Vandværket ApS", goes_to_company=True),
            spent("0", recipient="Intet A/S", goes_to_company=True),
            spent("70", recipient="Aarhus Kommune"),
            spent("7"),
        ]
    )

    assert economy.to_companies == (("Vandværket ApS", Decimal("150.50")),)
    assert economy.state_aid_text == money("Budgettet har 150,50_kr. til Vandværket ApS.")[0]
    assert Economy.of(budget=[spent("7")]).state_aid_text == ""


# What was sent before there were lines to a budget


def test_a_version_without_a_budget_still_opens() -> None:
    old = replace(a_content("a"), financing=(paid("100"),)).to_json()
    del old["budget"]

    content = Content.from_json(json.loads(json.dumps(old)))

    assert (content.budget, content.economy.budget.tables) == ((), ())
    page = render_to_string(
        "proposals/economy/_economy.html", {"economy": content.economy, "budget": (), "bars": []}
    )
    paper = render_to_string(
        "proposals/printing/pdf/parts/economy.html",
        {"economy": papers.money(content), "level": "3"},
    )
    assert page.count("Intet svar") == 2
    assert paper.count("Intet svar") == 1
