"""Participants and economy in Excel and in Word's tables: fetched, filled in, looked at and taken in."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

import docx
import openpyxl
import pytest

from klimaspor.accounts.models import OrganizationKind
from proposals.economy import steps as economy
from proposals.participants import steps as participants
from proposals.participants.models import Commitment
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round, minutes_later
from tests.proposals.printing.rus_docx import saved
from tests.proposals.printing.test_views_word import at, carried, fetched, take, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from proposals.line.models import Proposal
    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Any:
    return a_cast()


@pytest.fixture
def proposal(cast: Any) -> Proposal:
    return a_ready_draft(cast, a_round())


def sheet(pages: Pages, proposal: Proposal, change: Callable[[Any], None]) -> bytes:
    """Fetch the Excel file, change it as somebody would, and save it."""
    book = openpyxl.load_workbook(io.BytesIO(fetched(pages, proposal, "word/regneark/")))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(pages: Pages, proposal: Proposal, file: bytes) -> Page:
    return upload(pages, proposal, file, "tal.xlsx")


def items(look: Page) -> dict[str, bool]:
    """Give what the look shows of rows, each with whether it is ticked."""
    boxes = {e.get("id", ""): e for e in look.root.iter("input") if e.get("name") == "raekke"}
    labels = [e for e in look.root.iter("label") if e.get("for", "") in boxes]
    return {
        " ".join("".join(e.itertext()).split()).replace("\xa0", " "): boxes[e.get("for", "")].get(
            "checked"
        )
        is not None
        for e in labels
    }


def people(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [(p.name, p.role, p.contact_email) for p in proposal.participants.listed()]


def financing(proposal: Proposal) -> list[tuple[int, str, Decimal, str]]:
    lines = sorted(proposal.financing.listed(), key=lambda one: one.position)
    return [(one.year, one.source, one.amount, one.status) for one in lines]


def budget(proposal: Proposal) -> list[tuple[int, str, str, Decimal, str]]:
    lines = sorted(proposal.budget_lines.listed(), key=lambda one: one.position)
    return [
        (o.year, o.category, o.description, o.amount, o.recipient.name if o.recipient else "")
        for o in lines
    ]


def test_the_file_has_a_sheet_for_each_and_what_stands(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    book = openpyxl.load_workbook(io.BytesIO(fetched(pages, proposal, "word/regneark/")))

    shown = {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}

    assert list(shown) == ["Deltagere", "Budget", "Finansiering", "Om filen"]
    assert shown["Deltagere"][0] == ["Navn", "Rolle", "Type", "Kontaktperson", "Mailadresse"]
    assert shown["Finansiering"][:4] == [
        ["Kilde", "Status", 2027, 2028, 2029, "I alt"],
        ["Klimaalliancen", "søgt", 1500000, None, None, "=SUM(C2:E2)"],
        ["Ærø Kommune", "egen tid", 0, None, None, "=SUM(C3:E3)"],
        ["Region Midtjylland", "forventet", None, 250000.5, None, "=SUM(C4:E4)"],
    ]
    assert shown["Om filen"][0] == ["Forslag", proposal.number]


def test_an_untouched_file_changes_nothing(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)

    look = send(pages, proposal, sheet(pages, proposal, lambda book: None))

    assert items(look) == {}
    assert "Der er ingen forskel" in look.text


def test_what_was_filled_in_is_shown_and_taken_in_by_one_press_and_once(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    company = cast.company.name

    def fill(book: Any) -> None:
        who, spent, given = book["Deltagere"], book["Budget"], book["Finansiering"]
        who.append([cast.municipalities[3].name, "deltager", "", "Kim Kontakt", "kim@example.org"])
        # Somebody there already, by a shorter name, and somebody new.
        who.append([cast.municipalities[0].name.removesuffix(" Kommune")])
        who.append(["midtjylland"])
        who.append(["Foreningen Ukendt", "videnspartner", str(OrganizationKind.ASSOCIATION.label)])
        row = next(row for row in who.iter_rows() if row[0].value == company)
        row[1].value = "videnspartner"
        given["C2"] = 1600000
        given["D3"] = "25.000"
        given.append(["Realdania", "tilsagn", None, 300000])
        spent.append(["kaffe", "", "", 5000])

    look = send(pages, proposal, sheet(pages, proposal, fill))

    assert items(look) == {
        f"Ændret: {company} Nu: leverandør · Filen: videnspartner": True,
        f"Ny: {cast.municipalities[3].name} Filen: deltager, Kim Kontakt, kim@example.org": True,
        f"Ny: {cast.region.name} Filen: deltager": True,
        "Ny: Foreningen Ukendt Filen: videnspartner": True,
        "I tvivl: kaffe Filen: 2027: 5.000 kr.": True,
        "Ændret: Klimaalliancen, søgt, 2027 Nu: 1.500.000 kr. · Filen: 1.600.000 kr.": True,
        "Ny: Ærø Kommune, egen tid, 2028 Filen: 25.000 kr.": True,
        "Ny: Realdania, tilsagn, 2028 Filen: 300.000 kr.": True,
    }
    before = (people(proposal), financing(proposal), budget(proposal))
    sent = carried(look)
    # Which category coffee is must be said first.
    refused = take(pages, proposal, sent, status=200)
    assert refused.problems == ["Vælg ved kaffe, eller fjern krydset. Der er ikke læst noget ind"]
    assert (people(proposal), financing(proposal), budget(proposal)) == before

    sent = carried(refused)
    [asked] = [
        e.get("name", "")
        for e in refused.root.iter("select")
        if any(o.get("value") == "sharing" for o in e.iter("option"))
    ]
    sent[asked] = ["other"]
    take(pages, proposal, sent)

    assert people(proposal)[0] == before[0][0]
    assert {(name, role, mail) for name, role, mail in people(proposal)} - set(before[0]) == {
        (company, "knowledge", ""),
        (cast.municipalities[3].name, "participant", "kim@example.org"),
        (cast.region.name, "participant", ""),
        ("Foreningen Ukendt", "knowledge", ""),
    }
    assert financing(proposal) == [
        (2027, "Klimaalliancen", Decimal(1600000), "requested"),
        (2027, "Ærø Kommune", Decimal(0), "own_time"),
        (2028, "Region Midtjylland", Decimal("250000.50"), "expected"),
        (2028, "Ærø Kommune", Decimal(25000), "own_time"),
        (2028, "Realdania", Decimal(300000), "committed"),
    ]
    assert budget(proposal) == [*before[2], (2027, "other", "kaffe", Decimal(5000), "")]

    after = (people(proposal), financing(proposal), budget(proposal))
    take(pages, proposal, sent, status=302)
    assert (people(proposal), financing(proposal), budget(proposal)) == after


def test_a_colleagues_change_since_the_file_was_fetched_is_not_undone(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = sheet(pages, proposal, lambda book: book["Finansiering"].append(["KL", "søgt", 10]))
    later = minutes_later(NOW, 5)
    economy.save_financing(
        proposal_pk=proposal.pk,
        lines=[(2027, "Klimaalliancen", Decimal(2_000_000), "requested")],
        by=cast.owner,
        at=later,
    )
    participants.add_participant(
        proposal_pk=proposal.pk,
        organization=cast.municipalities[3],
        role="participant",
        by=cast.owner,
        at=later,
    )

    look = send(pages, proposal, file)

    shown = items(look)
    assert (
        shown["Ændret: Klimaalliancen, søgt, 2027 Nu: 2.000.000 kr. · Filen: 1.500.000 kr."]
        is False
    )
    assert shown[f"Står ikke i filen: {cast.municipalities[3].name} Nu: deltager"] is False
    assert not any(shown.values())
    assert "har ændret finansiering her på siden" in look.text


def test_rows_changed_after_the_look_are_shown_again_and_nothing_is_taken_in(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = sheet(pages, proposal, lambda book: book["Finansiering"].append(["KL", "søgt", 10]))
    sent = carried(send(pages, proposal, file))
    economy.save_financing(
        proposal_pk=proposal.pk,
        lines=[(2027, "Klimaalliancen", Decimal(2_000_000), "requested")],
        by=cast.owner,
        at=minutes_later(NOW, 5),
    )

    again = take(pages, proposal, sent, status=200)

    assert financing(proposal) == [(2027, "Klimaalliancen", Decimal(2_000_000), "requested")]
    assert "siden du så det" in again.text
    shown = items(again)
    assert not any(shown.values())
    # Having seen it, one may.
    sent = carried(again)
    sent["raekke"] = [
        e.get("value", "") for e in again.root.iter("input") if e.get("name") == "raekke"
    ][:1]
    take(pages, proposal, sent)
    assert financing(proposal) == [(2027, "Klimaalliancen", Decimal(1_500_000), "requested")]


def test_who_has_answered_is_not_taken_off_unasked_and_who_has_not_is(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    company = proposal.participants.get(organization=cast.company)
    said = proposal.participants.get(organization=cast.municipalities[2])
    Commitment.objects.create(participant=said, hours=10)

    def delete(book: Any) -> None:
        who = book["Deltagere"]
        for row in range(who.max_row, 1, -1):
            if who.cell(row, 1).value in (company.name, said.name):
                who.delete_rows(row)

    look = send(pages, proposal, sheet(pages, proposal, delete))

    assert items(look) == {
        f"Står ikke i filen: {company.name} Nu: leverandør": True,
        f"Står ikke i filen: {said.name} Nu: deltager": False,
    }
    assert "Alt, hvad der er skrevet og svaret på deltagerens side, bliver slettet." in look.text
    take(pages, proposal, carried(look))
    assert {p.name for p in proposal.participants.listed()} == {
        cast.municipalities[1].name,
        said.name,
        *(
            p.name
            for p in proposal.participants.listed()
            if p.organization == cast.municipalities[0]
        ),
    }


def test_a_file_of_another_proposal_takes_nobody_off(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    other = a_draft(cast, proposal.round, title="En anden")
    file = sheet(pages, other, lambda book: book["Finansiering"].append(["KL", "søgt", 10]))

    look = send(pages, proposal, file)

    assert f"Filen er hentet fra et andet forslag, {other.number}." in look.text
    assert {text.partition(":")[0] for text, ticked in items(look).items() if ticked} == {"Ny"}


def test_words_tables_come_back(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)
    document = docx.Document(io.BytesIO(fetched(pages, proposal)))
    tables = {t.rows[0].cells[0].text: t for t in document.tables if len(t.columns) > 2}
    for cell, text in zip(
        tables["Navn"].rows[-1].cells, (cast.municipalities[3].name, "", "deltager"), strict=False
    ):
        cell.text = text
    for cell, text in zip(
        tables["Kilde"].rows[-2].cells, ("Realdania", "tilsagn", "300.000"), strict=False
    ):
        cell.text = text
    for cell, text in zip(
        tables["Post"].rows[-1].cells, ("andet", "Kaffe", "", "2028", "5 mio."), strict=True
    ):
        cell.text = text

    look = upload(pages, proposal, saved(document))

    assert items(look) == {
        f"Ny: {cast.municipalities[3].name} Filen: deltager": True,
        "Ny: andet, Kaffe, 2028 Filen: 5.000.000 kr.": True,
        "Ny: Realdania, tilsagn, 2027 Filen: 300.000 kr.": True,
    }
    take(pages, proposal, carried(look))
    assert (2027, "Realdania", Decimal(300000), "committed") in financing(proposal)
    assert budget(proposal)[-1] == (2028, "other", "Kaffe", Decimal(5000000), "")


def test_formulas_are_text_in_the_file_and_told_in_what_comes_back(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    participants.add_participant(
        proposal_pk=proposal.pk, typed_name="=cmd|' /C calc'!A0", typed_kind="association", role="participant",
        by=cast.owner, at=NOW,
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(fetched(pages, proposal, "word/regneark/")))
    [cell] = [row[0] for row in book["Deltagere"].iter_rows() if "calc" in str(row[0].value)]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)

    def fill(book: Any) -> None:
        book["Finansiering"]["C2"] = "=1000*2"

    look = send(pages, proposal, sheet(pages, proposal, fill))

    assert "formlerne i C2 har intet gemt resultat og er ikke læst" in look.text


def test_a_book_without_our_tables_is_refused(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "Indkøbsliste"
    book.save(out)

    refused = pages.post(
        at(proposal, "word/"),
        {"do": "upload", "file": SimpleUploadedFile("x.xlsx", out.getvalue())},
        status=200,
    )

    assert len(refused.problems) == 1


def test_what_no_line_can_hold_is_told_and_not_read(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)

    def fill(book: Any) -> None:
        book["Finansiering"].append(["x" * 201, "søgt", 10])
        book["Finansiering"].append(["KL", "søgt", 10**13])
        book["Finansiering"].append(["KL", "søgt", "cirka ti"])
        book["Deltagere"].append(["Foreningen X", "kaptajn", "andet", "K" * 151, "ingen adresse"])

    look = send(pages, proposal, sheet(pages, proposal, fill))

    assert list(items(look)) == ["Ny: Foreningen X Filen: deltager"]
    for told in (
        "Finansiering: Række 6 har en tekst på mere end 200 tegn og er ikke læst.",
        "Finansiering: Række 7, 2027: ",
        "“cirka ti” kan ikke læses",
        "»kaptajn« ved Foreningen X er ingen rolle, vi kender. Vælg rollen på siden.",
        "»ingen adresse« ved Foreningen X er ingen mailadresse og er ikke læst.",
        "Kontaktpersonens navn ved Foreningen X er for langt og er ikke læst.",
    ):
        assert told in look.text


def test_more_lines_than_there_may_be_are_not_taken_in(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)

    def fill(book: Any) -> None:
        for number in range(100):
            book["Finansiering"].append([f"Kilde {number}", "søgt", 10])

    sent = carried(send(pages, proposal, sheet(pages, proposal, fill)))
    refused = take(pages, proposal, sent, status=200)

    assert refused.problems == [
        "Finansiering kan højst have 100 linjer. Fjern nogle kryds. Der er ikke læst noget ind"
    ]
    assert proposal.financing.count() == 3
