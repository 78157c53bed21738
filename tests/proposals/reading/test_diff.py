"""Differences: field by field, plain, bounded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest

from proposals.answers.content import Answer, Content
from proposals.answers.sums import BudgetRow, FinancingRow
from proposals.reading import diff


def content(text: str, *, financing: tuple[FinancingRow, ...] = ()) -> Content:
    return Content(
        number="KS-2027-0001",
        title="Titel",
        organization="Aarhus Kommune",
        owner="Ella",
        lead_dgo="DGO",
        round="Forår",
        answers=(
            Answer("title", "Forslagets titel", "udfordringer", "line", "Titel"),
            Answer("effects", "Effekt", "effekt", "prose", text),
        ),
        participants=(),
        financing=financing,
        attachments=(),
    )


def test_what_is_the_same_is_left_out() -> None:
    assert diff.compare(content("a"), content("a")) == ()


def test_a_changed_line_is_shown_in_its_place() -> None:
    (change,) = diff.compare(content("- en\n- to\n- tre"), content("- en\n- 2\n- tre"))

    assert (change.section, change.label) == ("Effekt og tiltag", "Effekt")
    assert [(line.state, line.text) for line in change.lines] == [
        ("same", "- en"),
        ("removed", "- to"),
        ("added", "- 2"),
        ("same", "- tre"),
    ]


def test_rows_are_compared_too() -> None:
    line = FinancingRow(2027, "Realdania", Decimal(0), "requested", "søgt")

    (change,) = diff.compare(content("a"), content("a", financing=(line,)))

    assert (change.label, change.before, change.after) == (
        "Finansiering",
        "",
        "2027: Realdania, 0\N{NO-BREAK SPACE}kr., søgt\nI alt 0\N{NO-BREAK SPACE}kr.",
    )


def test_lines_of_the_budget_are_compared_with_their_sum() -> None:
    line = BudgetRow("staff", "løn og timer", "Møder", 2027, Decimal(500), "Vand ApS", True)
    before = replace(content("a"), budget=(line,))

    (change,) = diff.compare(before, replace(before, budget=(replace(line, amount=Decimal(900)),)))

    assert (change.section, change.label) == ("Økonomi og medfinansiering", "Budgetlinjer")
    assert [
        (line.state, line.text.replace("\N{NO-BREAK SPACE}", " ")) for line in change.lines
    ] == [
        ("removed", "2027: løn og timer, Møder, 500 kr., til Vand ApS, statsstøtte?"),
        ("removed", "I alt 500 kr."),
        ("added", "2027: løn og timer, Møder, 900 kr., til Vand ApS, statsstøtte?"),
        ("added", "I alt 900 kr."),
    ]


def test_markup_stays_text() -> None:
    (change,) = diff.compare(content(""), content("<script>alert(1)</script>"))

    assert change.after == "<script>alert(1)</script>"


@pytest.mark.parametrize("lines", (400, 20_000))
def test_a_huge_text_is_compared_in_bounded_time(lines: int) -> None:
    before = "\n".join(f"linje {number}" for number in range(lines))
    after = "\n".join(f"linje {number} ny" for number in range(lines))
    started = perf_counter()

    diff.compare(content(before), content(after))

    assert perf_counter() - started < 20


def test_a_version_written_before_a_question_existed_can_still_be_compared() -> None:
    old = content("a")
    old = replace(old, answers=old.answers[:1])

    (change,) = diff.compare(old, content("a"))

    assert (change.before, change.after) == ("", "a")
