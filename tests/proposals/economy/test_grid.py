"""The lines with years across: the same lines, each row guarded by itself, and what is pasted is shown before it is saved."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor.seen import Changed, Shown
from proposals.economy import steps as economy
from proposals.economy.seen import BUDGET, FINANCING, grid_rows, shown_grid
from proposals.economy.steps import TypedRow
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.pages import Page, Pages

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    proposal = a_ready_draft(cast, a_round())
    Access.objects.grant(proposal, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    return proposal


@pytest.fixture
def hers(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.owner)


@pytest.fixture
def his(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.stranger)


def url(proposal: Proposal, rest: str = "") -> str:
    return f"/forslag/{proposal.number}/afsnit/oekonomi/aar-for-aar/{rest}"


def budget(proposal: Proposal) -> list[str]:
    return [
        f"{b.year} {b.category} {b.description}={b.amount.normalize():f}"
        for b in proposal.budget_lines.listed()
    ]


def financing(proposal: Proposal) -> list[str]:
    return [
        f"{f.year} {f.source} {f.status}={f.amount.normalize():f}"
        for f in proposal.financing.listed()
    ]


def press(pages: Pages, page: Page, proposal: Proposal, **typed: str) -> Page:
    status = int(typed.pop("status", "302"))
    return pages.post(url(proposal), page.sent | {"do": "save"} | typed, status=status)


B, F = "skema-budget", "skema-financing"


def test_the_grid_shows_the_lines_in_the_years_of_the_period(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))

    assert page.value(f"{B}-0-category") == "staff"
    assert page.value(f"{B}-0-y2027") == "10.000.000"
    assert page.value(f"{B}-0-y2028") == ""
    assert page.value(f"{B}-0-y2029") == ""
    assert page.value(f"{B}-1-y2028") == "250.000,50"
    assert page.value(f"{F}-0-source") == "Klimaalliancen"
    assert f"{B}-0-y2030" not in page.sent


def test_an_untouched_grid_writes_nothing(hers: Pages, draft: Proposal) -> None:
    before = (
        list(draft.budget_lines.values_list("pk", flat=True)),
        list(draft.financing.values_list("pk", flat=True)),
        list(draft.field_versions.values_list("name", "number")),
    )
    page = hers.get(url(draft))

    press(hers, page, draft)

    assert before == (
        list(draft.budget_lines.values_list("pk", flat=True)),
        list(draft.financing.values_list("pk", flat=True)),
        list(draft.field_versions.values_list("name", "number")),
    )


def test_a_cell_is_the_amount_of_a_line(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))

    press(
        hers, page, draft,
        **{f"{B}-0-y2028": "1 250 000 kr.", f"{B}-1-y2028": "", f"{B}-1-y2029": "7"},
    )  # fmt: skip

    assert budget(draft) == [
        "2027 staff Projektledelse=10000000",
        "2028 staff Projektledelse=1250000",
        "2029 tests =7",
    ]
    assert draft.budget_lines.get(category="tests").recipient is not None


def test_a_row_whose_words_are_changed_takes_its_lines_along(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))

    press(hers, page, draft, **{f"{F}-0-source": "Fonden", f"{F}-0-status": "granted"})

    assert financing(draft) == [
        "2027 Fonden granted=1500000",
        "2027 Ærø Kommune own_time=0",
        "2028 Region Midtjylland expected=250000.5",
    ]


def test_a_row_is_added_and_another_taken_away(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))
    shown = press(hers, page, draft, status="200", **{"add-row": F, "do": ""})
    assert shown.problems == []

    press(
        hers, shown, draft,
        **{
            f"{F}-3-source": "KL", f"{F}-3-status": "expected", f"{F}-3-y2029": "5",
            f"{F}-1-DELETE": "on",
        },
    )  # fmt: skip

    assert financing(draft) == [
        "2027 Klimaalliancen requested=1500000",
        "2028 Region Midtjylland expected=250000.5",
        "2029 KL expected=5",
    ]


def test_several_lines_in_a_cell_are_shown_as_a_sum_and_left_alone(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    economy.save_budget(
        proposal_pk=draft.pk,
        lines=[
            (2027, "staff", "", Decimal(100), None),
            (2027, "staff", "", Decimal(50), None),
            (2028, "staff", "", Decimal(5), None),
        ],
        by=cast.owner,
        at=NOW,
    )
    page = hers.get(url(draft))
    assert f"{B}-0-y2027" not in page.sent
    assert "2 linjer" in page.text
    assert f"/forslag/{draft.number}/afsnit/oekonomi/#budgetlinjer_rows" in page.links

    press(hers, page, draft, **{f"{B}-0-y2028": "6"})

    assert budget(draft) == ["2027 staff =100", "2027 staff =50", "2028 staff =6"]


def test_what_is_wrong_is_said_by_row_and_column_and_stays(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))

    shown = press(
        hers, page, draft, status="200",
        **{f"{B}-1-y2029": "-5", f"{B}-0-y2027": "", f"{F}-2-status": ""},
    )  # fmt: skip

    assert shown.problems == [
        "Række 1, 2027: indtast et beløb i et af årene, eller fjern rækken",
        "Række 2, 2029: beløbet kan ikke være negativt. Indtast det uden minus, fx 1.500.000",
        "Række 3, Status: vælg, hvor sikkert beløbet er",
    ]
    assert shown.value(f"{B}-1-y2029") == "-5"
    assert budget(draft)[0] == "2027 staff Projektledelse=10000000"


def test_the_same_row_twice_is_refused(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))
    same = {f"{F}-1-source": "Klimaalliancen", f"{F}-1-status": "requested"}

    shown = press(hers, page, draft, status="200", **same)

    assert shown.problems == ["Række 2, Kilde: står allerede i række 1. Skriv beløbene i én række"]


# Two writers


def test_two_who_write_in_different_rows_do_not_meet(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    mine, theirs = hers.get(url(draft)), his.get(url(draft))

    press(hers, mine, draft, **{f"{B}-0-y2029": "1"})
    press(his, theirs, draft, **{f"{F}-0-y2029": "2", f"{B}-1-y2029": "3"})

    assert budget(draft) == [
        "2027 staff Projektledelse=10000000",
        "2029 staff Projektledelse=1",
        "2028 tests =250000.5",
        "2029 tests =3",
    ]
    assert "2029 Klimaalliancen requested=2" in financing(draft)


def test_two_who_write_in_the_same_row_see_what_stands(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    mine, theirs = hers.get(url(draft)), his.get(url(draft))
    press(hers, mine, draft, **{f"{B}-0-y2027": "1"})

    refused = press(his, theirs, draft, status="409", **{f"{B}-0-y2027": "2"})

    assert budget(draft)[0] == "2027 staff Projektledelse=1"
    assert "2027: 1" in refused.text
    assert refused.value(f"{B}-0-y2027") == "2"
    press(his, refused, draft)
    assert budget(draft)[0] == "2027 staff Projektledelse=2"


def test_two_who_rename_the_same_row_do_not_make_two_of_it(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    mine, theirs = hers.get(url(draft)), his.get(url(draft))
    press(hers, mine, draft, **{f"{F}-0-source": "Fonden"})

    refused = press(his, theirs, draft, status="409", **{f"{F}-0-source": "Min fond"})

    assert next(f.source for f in draft.financing.as_written()) == "Fonden"
    assert "Fonden, søgt" in refused.text
    assert refused.value(f"{F}-0-source") == "Min fond"
    # What stands is in the grid too, and is taken away by whoever wants their own.
    assert refused.value(f"{F}-3-source") == "Fonden"
    press(his, refused, draft, **{f"{F}-3-DELETE": "on"})
    assert {f.source for f in draft.financing.all()} == {
        "Min fond",
        "Ærø Kommune",
        "Region Midtjylland",
    }


def test_a_row_somebody_has_added_since_stays(hers: Pages, his: Pages, draft: Proposal) -> None:
    theirs = his.get(url(draft))
    shown = press(
        hers, hers.get(url(draft)), draft, status="200", **{"add-row": B, "do": ""}
    )  # fmt: skip
    press(hers, shown, draft, **{f"{B}-2-category": "other", f"{B}-2-y2027": "9"})

    press(his, theirs, draft, **{f"{B}-0-y2027": "2"})

    assert budget(draft) == [
        "2027 staff Projektledelse=2",
        "2028 tests =250000.5",
        "2027 other =9",
    ]


def test_whoever_has_the_lines_open_sees_what_the_grid_wrote(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    lines = f"/forslag/{draft.number}/afsnit/oekonomi/"
    theirs = his.get(lines).sent
    press(hers, hers.get(url(draft)), draft, **{f"{B}-0-y2027": "1"})

    refused = his.post(lines, theirs | {"budgetlinjer-0-amount": "2", "do": "save"}, status=409)

    assert budget(draft)[0] == "2027 staff Projektledelse=1"
    assert "2027, Løn og timer, 1" in refused.conflict


def test_a_row_is_kept_while_its_writer_goes_on(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))
    shown = press(hers, page, draft, status="200", **{"add-row": B, "do": ""})

    def send(token: str, **typed: str) -> dict[str, Any]:
        rows = {n: v for n, v in shown.sent.items() if n.startswith("skema-")}
        data = {**rows, "unit": "skema", "base-skema": token, **typed}
        answer: dict[str, Any] = hers.client.post(url(draft), data).json()
        return answer

    first = send(
        shown.sent["base-skema"][0], **{f"{B}-2-category": "other", f"{B}-2-y2027": "9"}
    )  # fmt: skip
    assert (first["state"], budget(draft)[-1]) == ("saved", "2027 other =9")
    # The same new row with other words is the same row still.
    again = send(first["token"], **{f"{B}-2-category": "sharing", f"{B}-2-y2027": "9"})
    assert again["state"] == "saved"
    assert budget(draft)[2:] == ["2027 sharing =9"]


def test_the_first_row_of_an_empty_grid_is_kept_too(hers: Pages, cast: Cast) -> None:
    empty = a_draft(cast, a_round())
    page = hers.get(url(empty))

    assert page.sent["base-skema"]
    press(
        hers, page, empty,
        **{f"{F}-0-source": "KL", f"{F}-0-status": "expected", f"{F}-0-y2027": "5"},
    )  # fmt: skip
    assert financing(empty) == ["2027 KL expected=5"]


# Pasted and copied


def paste(pages: Pages, page: Page, proposal: Proposal, table: str, text: str) -> Page:
    return press(
        pages, page, proposal, status="200", do=f"paste:{table}", **{f"paste-{table}": text}
    )


def test_what_is_pasted_is_shown_and_saved_by_the_next_press(hers: Pages, draft: Proposal) -> None:
    before = budget(draft)
    shown = paste(
        hers, hers.get(url(draft)), draft, BUDGET,
        "Post\tHvad\t2027\t2028\tI alt\n"
        "Løn og timer\tProjektledelse\t11.000.000\t1 250 000\t12.250.000\n"
        "Konsulenter\t\t400.000 kr.\t-\t400.000\n"
        "I alt\t\t11.400.000\t1.250.000\t12.650.000\n",
    )  # fmt: skip

    assert budget(draft) == before
    assert shown.problems == []
    assert "Budget: 2 rækker" in shown.text
    assert "Række 3, Post: “Konsulenter” er forstået som ekstern rådgivning" in shown.text
    assert "Række 4, “I alt”, er en sum" in shown.text
    assert shown.value(f"{B}-0-y2027") == "11.000.000"
    assert shown.value(f"{B}-2-category") == "consultants"
    assert "data-autosave" not in shown.body.decode()
    for _ in range(2):
        press(hers, shown, draft)
    assert budget(draft) == [
        "2027 staff Projektledelse=11000000",
        "2028 staff Projektledelse=1250000",
        "2028 tests =250000.5",
        "2027 consultants Konsulenter=400000",
    ]


def test_pasted_cells_that_cannot_be_read_stay_and_unknown_words_are_chosen(
    hers: Pages, draft: Proposal
) -> None:
    shown = paste(
        hers, hers.get(url(draft)), draft, FINANCING,
        "Kilde\t2027\nKlimaalliancen\t2.000.000\nEU\tca. 5\n",
    )  # fmt: skip

    assert shown.value(f"{F}-0-y2027") == "2.000.000"
    assert (shown.value(f"{F}-3-source"), shown.value(f"{F}-3-y2027")) == ("EU", "ca. 5")
    assert shown.problems == [
        "Række 4, Status: vælg, hvor sikkert beløbet er",
        "Række 4, 2027: beløbet skal være et tal, fx 1.500.000",
    ]
    refused = press(hers, shown, draft, status="200")
    assert refused.value(f"{F}-3-y2027") == "ca. 5"
    press(hers, refused, draft, **{f"{F}-3-status": "expected", f"{F}-3-y2027": "5"})
    assert financing(draft)[0] == "2027 Klimaalliancen requested=2000000"
    assert "2027 EU expected=5" in financing(draft)


def test_rows_are_handed_over_by_another_page(hers: Pages, draft: Proposal) -> None:
    shown = hers.post(
        url(draft), {"do": "paste", "paste-financing": "KL\tsøgt\t5\t6\n"}, status=200
    )

    assert shown.value(f"{F}-0-source") == "Klimaalliancen"
    assert shown.value(f"{F}-3-y2028") == "6"
    press(hers, shown, draft)
    assert len(financing(draft)) == 5
    assert len(budget(draft)) == 2


def test_the_second_table_pasted_leaves_what_was_mended_in_the_first(
    hers: Pages, draft: Proposal
) -> None:
    shown = paste(hers, hers.get(url(draft)), draft, BUDGET, "Post\t2027\nHokus\t5\n")
    mended = shown.sent | {f"{B}-2-category": "other", f"{B}-2-y2027": "6"}

    shown = hers.post(
        url(draft),
        mended | {"do": "paste:financing", "paste-financing": "KL\tsøgt\t1\n"},
        status=200,
    )

    assert (shown.value(f"{B}-2-category"), shown.value(f"{B}-2-y2027")) == ("other", "6")
    assert f"{B}-3-category" not in shown.sent
    assert shown.value(f"{F}-3-source") == "KL"


def test_nothing_pasted_is_said_at_the_field(hers: Pages, draft: Proposal) -> None:
    shown = paste(hers, hers.get(url(draft)), draft, BUDGET, "\n")

    assert shown.problems == ["Sæt cellerne fra Excel ind i feltet først"]


def test_a_rows_first_amount_goes_to_the_empty_years(hers: Pages, draft: Proposal) -> None:
    page = hers.get(url(draft))

    shown = press(hers, page, draft, status="200", copy=f"{B}-1", **{f"{B}-1-y2027": "3"})

    years = [shown.value(f"{B}-1-y{year}") for year in (2027, 2028, 2029)]
    assert years == ["3", "250.000,50", "3"]
    assert shown.problems == []


def test_the_sums_follow_what_is_written_and_write_nothing(hers: Pages, draft: Proposal) -> None:
    before = budget(draft)
    page = hers.get(url(draft))

    answer = hers.client.post(
        url(draft, "summer/"), page.sent | {f"{B}-0-y2028": "500.000", f"{B}-1-y2027": "x"}
    )
    sums = Page(answer, "", answer.content)

    assert budget(draft) == before
    texts = {e.get("id"): "".join(e.itertext()) for e in sums.root.iter("strong") if e.get("id")}
    assert texts[f"{B}-0-total"] == "10.500.000"
    assert texts[f"{B}-sum-2028"] == "750.000,50"
    assert texts[f"{B}-sum"] == "10.750.000,50"
    assert "Budgetlinjerne giver 10.750.000,50 kr." in sums.text.replace("\xa0", " ")


# How it scales


COUNTS = (9, 8, 26, 14)
"""Of the page, its sums, a press that saves, and of the page of the lines."""


def long_list(cast: Cast, proposal: Proposal, rows: int) -> None:
    economy.save_budget(
        proposal_pk=proposal.pk,
        lines=[
            (2027 + year, "staff", f"Post {row}", Decimal(1000 * row + year), None)
            for row in range(rows)
            for year in range(3)
        ],
        by=cast.owner,
        at=NOW,
    )


def test_its_queries_do_not_grow_with_the_lines(hers: Pages, cast: Cast, draft: Proposal) -> None:
    def count(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask()
        return len(queries)

    counts = []
    lines = f"/forslag/{draft.number}/afsnit/oekonomi/"
    for rows in (1, 30):
        long_list(cast, draft, rows)
        page = hers.get(url(draft))
        counts.append(
            (
                count(partial(hers.get, url(draft))),
                count(partial(hers.client.post, url(draft, "summer/"), page.sent)),
                count(partial(press, hers, page, draft, **{f"{B}-0-y2027": "77"})),
                count(partial(hers.get, lines)),
            )
        )
    assert counts == [COUNTS, COUNTS]


def test_many_lines_fold_away_under_the_sums_by_year(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    lines = f"/forslag/{draft.number}/afsnit/oekonomi/"
    shown = hers.get(lines)
    assert "Ret linje for linje" not in shown.text
    assert "Budget efter post og år, 2027-2028, beløb i kr." in shown.text
    long_list(cast, draft, 5)

    shown = hers.get(lines)

    assert "Ret linje for linje: 15 linjer" in shown.text
    assert shown.value("budgetlinjer-14-amount") == "4.002"
    # What is typed is saved on the way to the grid.
    came = hers.post(lines, shown.sent | {"budgetlinjer-14-amount": "1", "do": "grid"}, status=302)
    assert came.location == url(draft)
    assert budget(draft)[14] == "2029 staff Post 4=1"


@pytest.mark.slow("sends as many lines as a grid may hold")
def test_as_many_lines_as_there_may_be_can_be_sent(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    economy.save_financing(
        proposal_pk=draft.pk,
        lines=[(2027, f"Kilde {n}", Decimal(n), "granted") for n in range(100)],
        by=cast.owner,
        at=NOW,
    )
    economy.save_budget(
        proposal_pk=draft.pk,
        lines=[(2027, "staff", f"Post {n}", Decimal(n), None) for n in range(100)],
        by=cast.owner,
        at=NOW,
    )
    lines = f"/forslag/{draft.number}/afsnit/oekonomi/"

    sent = hers.get(lines).sent | {"budgetlinjer-99-amount": "5", "do": "save"}
    hers.post(lines, sent, status=302)
    press(hers, hers.get(url(draft)), draft, **{f"{F}-99-y2027": "6"})
    assert budget(draft)[99] == "2027 staff Post 99=5"
    assert financing(draft)[99] == "2027 Kilde 99 granted=6"
    refused = press(
        hers, hers.get(url(draft)), draft, status="200", **{f"{F}-99-y2028": "6"}
    )  # fmt: skip
    assert refused.problems == ["Der kan højst være 100 beløb. Der er 101. Læg nogle rækker sammen"]


# The step


def test_a_step_without_a_page_writes_what_it_is_given(cast: Cast, draft: Proposal) -> None:
    economy.save_grid(
        proposal_pk=draft.pk,
        typed=[TypedRow(BUDGET, ("other", "", ""), {2027: Decimal(4), 2028: None})],
        bases=None,
        by=cast.owner,
        at=NOW,
    )

    assert budget(draft)[-1] == "2027 other =4"
    assert len(budget(draft)) == 3


def test_what_was_not_seen_is_not_written_over(cast: Cast, draft: Proposal) -> None:
    row = TypedRow(FINANCING, ("Klimaalliancen", "requested"), {2027: Decimal(4)})

    with pytest.raises(Changed):
        economy.save_grid(proposal_pk=draft.pk, typed=[row], bases={}, by=cast.owner, at=NOW)

    shown: Shown = shown_grid(grid_rows(FINANCING, draft.financing.listed()), {})
    economy.save_grid(proposal_pk=draft.pk, typed=[row], bases=shown.bases, by=cast.owner, at=NOW)
    # Those that were shown and did not come are gone.
    assert financing(draft) == ["2027 Klimaalliancen requested=4"]
