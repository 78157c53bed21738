"""What is pasted from Excel, or stands in a table of Word: what is understood, what is doubtful, and that nothing is lost."""

from __future__ import annotations

import pytest

from klimaspor import danish
from proposals.economy.pasted import Pasted, as_text, cells_of, read_budget, read_financing

YEARS = (2027, 2028, 2029)
PEOPLE = {"7": "Aarhus Kommune", "8": "Teknologisk Institut A/S"}


def budget(text: str) -> Pasted:
    return read_budget(cells_of(text), years=YEARS, recipients=PEOPLE)


def financing(text: str, **statuses: str) -> Pasted:
    return read_financing(cells_of(text), years=YEARS, statuses=statuses)


def rows(read: Pasted) -> list[tuple[str, ...]]:
    """Give each row as its heads, and its amounts by year."""
    return [(*r.heads.values(), *(f"{y}={a}" for y, a in r.amounts.items())) for r in read.rows]


def said(read: Pasted, *, is_open: bool = True) -> list[str]:
    return [str(doubt) for doubt in read.doubts if doubt.is_open == is_open]


def test_a_budget_with_years_across_titles_and_sums() -> None:
    read = budget(
        "Budget for Lavbundsjord\t\t\t\t\t\n"
        "\t\t\t\t\t\n"
        "Post\tHvad\tModtager\t2027\t2028\tI alt\n"
        "Løn og timer\tProjektleder\tAarhus Kommune\t1.250.000\t1 250 000,00 kr.\t2.500.000\n"
        "Test og demonstration\t\tteknologisk institut a/s\tkr. 500,-\t-\t500\n"
        "I alt\t\t\t1.250.500\t1.250.000\t2.500.500\n"
    )

    assert rows(read) == [
        ("staff", "Projektleder", "7", "2027=1.250.000", "2028=1.250.000"),
        ("tests", "", "8", "2027=500"),
    ]
    assert said(read) == []
    assert read.left_out == (
        "Række 1, “Budget for Lavbundsjord”, er en overskrift",
        "Række 6, “I alt”, er en sum",
    )
    assert read.years == (2027, 2028)


def test_what_is_no_category_is_kept_beside_one_to_choose() -> None:
    read = budget("\t2027\nProjektløn, Ella\t100\nHokuspokus\t200\nLøn og rådgivning\t300\n")

    assert rows(read) == [
        ("staff", "Projektløn, Ella", "", "2027=100"),
        ("", "Hokuspokus", "", "2027=200"),
        ("", "Løn og rådgivning", "", "2027=300"),
    ]
    assert said(read, is_open=False) == [
        "Række 2, Post: “Projektløn, Ella” er forstået som løn og timer"
    ]
    assert said(read) == [
        "Række 3, Post: “Hokuspokus” er ikke en af posterne. Vælg post",
        "Række 4, Post: “Løn og rådgivning” er ikke en af posterne. Vælg post",
    ]


@pytest.mark.parametrize("typed", ("1,250,000.00", "-5.000", "(500)", "#I/T", "1.5", "5000?"))
def test_an_amount_that_cannot_be_read_stays_as_typed(typed: str) -> None:
    read = budget(f"Post\t2027\t2028\nLøn og timer\t{typed}\t100\n")

    assert rows(read) == [("staff", "", "", f"2027={typed}", "2028=100")]
    [doubt] = said(read)
    assert doubt.startswith(f"Række 2, 2027: “{typed}” kan ikke læses. ")


def test_a_line_a_year_becomes_one_row() -> None:
    read = budget(
        "År\tPost\tHvad\tBeløb i kr.\n2027\tLøn og timer\tA\t100\n2028\tLøn og timer\tA\t200\n"
    )
    assert rows(read) == [("staff", "A", "", "2027=100", "2028=200")]

    read = financing(
        "Kilde\tStatus\tÅr\tBeløb\nRealdania\tbevilget\t2027\t1 mio.\nKL\tsøgt\tsnart\t5\n"
    )
    assert rows(read) == [("Realdania", "granted", "2027=1.000.000")]
    assert said(read) == ["Række 3, År: “snart” er ikke et årstal. Rækken er ikke taget med"]


def test_two_rows_about_the_same_in_the_same_year_stay_two() -> None:
    read = budget("Post\t2027\nAndet\t100\nAndet\t200\n")

    assert rows(read) == [("other", "", "", "2027=100"), ("other", "", "", "2027=200")]


def test_without_a_head_amounts_stand_in_the_years_of_the_proposal() -> None:
    assert rows(budget("Løn og timer\t100\t200\t\t300\n")) == [
        ("staff", "", "", "2027=100", "2028=200", "2029=300")
    ]
    # The last adds up the others.
    assert rows(budget("Andet\t1\t2\t3\t6\nUdstyr og materialer\t1\t\t\t1\n")) == [
        ("other", "", "", "2027=1", "2028=2", "2029=3"),
        ("equipment", "", "", "2027=1"),
    ]
    read = budget("Andet\t1\t2\t3\t4\n")
    assert read.left_out == ("Kolonne 5 har beløb, men intet årstal, og er ikke taget med",)


def test_a_heading_names_the_category_of_the_rows_below() -> None:
    read = budget(
        "\t2027\t2028\nLøn og timer\t\t\nProjektleder A\t100\t\nKoordinator\t\t50\nUdstyr\t\t\nDrone\t10\t\n"
    )

    assert rows(read) == [
        ("staff", "Projektleder A", "", "2027=100"),
        ("staff", "Koordinator", "", "2028=50"),
        ("equipment", "Drone", "", "2027=10"),
    ]


def test_what_the_amounts_are_counted_in_is_read_and_told() -> None:
    read = budget("Beløb i 1.000 kr.\nPost\t2027\nLøn og timer\t1.250\n")

    assert rows(read) == [("staff", "", "", "2027=1.250.000")]
    assert "Beløbene er læst som 1.000 kr." in said(read, is_open=False)[0]


def test_the_financing_knows_how_sure_a_source_is() -> None:
    read = financing(
        "Kilde\tStatus\t2027\t2028\nRealdania\tBevilget\t100\t200\nKL\t\t5\t\nEU\tmåske\t1\t\n",
        KL="requested",
    )

    assert rows(read) == [
        ("Realdania", "granted", "2027=100", "2028=200"),
        ("KL", "requested", "2027=5"),
        ("EU", "", "2027=1"),
    ]
    assert said(read) == ["Række 4, Status: “måske” er ikke en af mulighederne. Vælg status"]


def test_a_recipient_that_takes_no_part_is_asked_about() -> None:
    read = budget("Post\tModtager\t2027\nAndet\tHr. Hansen\t5\n")

    assert rows(read) == [("other", "", "", "2027=5")]
    assert said(read) == [
        "Række 2, Modtager: “Hr. Hansen” er ikke blandt deltagerne. Vælg modtager"
    ]


def test_cells_are_copied_as_a_spreadsheet_does() -> None:
    cells = [["Post", "2027"], ['Løn "A"', "1.000"], ["", "5"]]

    assert cells_of(as_text(cells)) == cells
    assert cells_of("a;b\n1;2\n") == [["a", "b"], ["1", "2"]]
    assert cells_of('"To\nlinjer"\t5\n') == [["To linjer", "5"]]


@pytest.mark.parametrize("text", ("", "\n\n", "\t\t\n", "kun tekst", '"', "\x00", "I alt\t500\n"))
def test_what_says_nothing_gives_no_rows(text: str) -> None:
    assert budget(text).rows == ()
    assert financing(text).rows == () or text == "kun tekst"


def test_our_own_table_by_year_comes_back() -> None:
    table = [
        ["Kilde", "Status", "2027", "2028", "I alt"],
        ["Klimaalliancen", "søgt", "1.500.000", "–", "1.500.000"],
        ["Ærø Kommune", "egen tid", "0", f"250.000,50{danish.NBSP}kr.", "250.000,50"],
        ["I alt", "", "1.500.000", "250.000,50", "1.750.000,50"],
    ]
    read = read_financing(table, years=YEARS, statuses={})
    assert rows(read) == [
        ("Klimaalliancen", "requested", "2027=1.500.000"),
        ("Ærø Kommune", "own_time", "2027=0", "2028=250.000,50"),
    ]
    assert said(read) == []
