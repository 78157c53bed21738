"""Differences: field by field, plain, bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klimaspor import danish
from proposals.answers.content import Answer, Content
from proposals.answers.sums import BudgetRow, FinancingRow
from proposals.reading import diff

if TYPE_CHECKING:
    from klimaspor.difference import Piece


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


def said(pieces: list[Piece]) -> str:
    return "".join(f"[{p.text}]" if p.is_only_here else p.text for p in pieces)


def rows_said(change: diff.FieldChange) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Give each row that changed: how, what it is called, and the cells that changed."""
    assert change.table
    return [
        (
            row.state,
            row.name,
            [
                (c.label, danish.plain(c.before), danish.plain(c.after))
                for c in row.cells
                if c.is_changed
            ],
        )
        for row in change.table.rows
    ]


def test_a_changed_word_is_shown_in_its_place() -> None:
    (change,) = diff.compare(content("- en\n- to\n- tre"), content("- en\n- 2\n- tre"))

    assert (change.name, change.section, change.label) == ("effects", "Effekt og tiltag", "Effekt")
    before, after = change.pieces
    assert (said(before), said(after)) == ("- en\n- [to]\n- tre", "- en\n- [2]\n- tre")


def test_what_is_long_and_the_same_is_left_out() -> None:
    same = "Det samme ord igen. " * 200
    (change,) = diff.compare(content(f"{same}før {same}"), content(f"{same}efter {same}"))

    before, after = change.pieces
    assert [p.is_left_out for p in after] == [True, False, False, False, False, True]
    assert len("".join(p.text for p in after)) < 400
    assert [p.text for p in before if p.is_only_here] == ["før"]
    assert [p.text for p in after if p.is_only_here] == ["efter"]


STAFF = BudgetRow("staff", "løn og timer", "Møder", 2027, Decimal(500), "Vand ApS", True)
TRAVEL = BudgetRow("travel", "rejser", "", 2028, Decimal(80), "", False)
FUND = FinancingRow(2027, "Realdania", Decimal(0), "requested", "søgt")


def test_rows_are_compared_too() -> None:
    (change,) = diff.compare(content("a"), content("a", financing=(FUND,)))

    assert (change.name, change.label, change.section) == (
        "financing",
        "Finansiering",
        "Økonomi og medfinansiering",
    )
    assert rows_said(change) == [
        (
            "added",
            "Realdania",
            [("Kilde", "", "Realdania"), ("År", "", "2027"), ("Beløb", "", "0 kr."), ("Status", "", "søgt")],
        )
    ]  # fmt: skip


def test_a_row_is_the_same_row_when_an_amount_was_changed() -> None:
    before = replace(content("a"), budget=(STAFF, TRAVEL))
    after = replace(before, budget=(replace(STAFF, amount=Decimal(900)), TRAVEL))

    (change,) = diff.compare(before, after)

    assert rows_said(change) == [("changed", "løn og timer", [("Beløb", "500 kr.", "900 kr.")])]
    assert change.table
    assert (change.table.unchanged, change.table.is_moved) == (1, False)
    assert change.table.total
    assert danish.plain(change.table.total.after) == "980 kr."


def test_a_row_is_the_same_row_when_it_was_called_something_else() -> None:
    before = replace(content("a"), budget=(STAFF, TRAVEL))
    after = replace(before, budget=(replace(STAFF, description="Workshops"), TRAVEL))

    (change,) = diff.compare(before, after)

    assert rows_said(change) == [
        ("changed", "løn og timer", [("Beskrivelse", "Møder", "Workshops")])
    ]


def test_rows_in_another_order_are_told() -> None:
    before = replace(content("a"), budget=(STAFF, TRAVEL))

    (change,) = diff.compare(before, replace(before, budget=(TRAVEL, STAFF)))

    assert change.table == diff.RowsChange(rows=(), unchanged=2, is_moved=True)


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from("123")), max_size=7
)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_what_changed_in_rows_leads_from_the_old_to_the_new(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]]
) -> None:
    pairs = diff.matched(old, new, keys=1)
    came = {b: a for a, b in pairs}

    # Take away what is gone, put in what is new, change what was changed: that is the new, in its order.
    applied = [old[came[place]] if place in came else row for place, row in enumerate(new)]
    changed = [place for place, row in enumerate(new) if applied[place] != row]
    for place in changed:
        applied[place] = new[place]

    assert applied == new
    assert len(set(came.values())) == len(came)
    assert Counter(old) & Counter(new) <= Counter(new[b] for a, b in pairs if old[a] == new[b])


def test_markup_stays_text() -> None:
    (change,) = diff.compare(content(""), content("<script>alert(1)</script>"))

    assert change.after == "<script>alert(1)</script>"


@pytest.mark.parametrize("lines", (400, 20_000))
def test_a_huge_text_is_compared_in_bounded_time(lines: int) -> None:
    before = "\n".join(f"linje {number}" for number in range(lines))
    after = "\n".join(f"linje {number} ny" for number in range(lines))
    started = perf_counter()

    for change in diff.compare(content(before), content(after)):
        assert change.pieces

    assert perf_counter() - started < 20


def test_a_version_written_before_a_question_existed_can_still_be_compared() -> None:
    old = content("a")
    old = replace(old, answers=old.answers[:1])

    (change,) = diff.compare(old, content("a"))

    assert (change.before, change.after) == ("", "a")
