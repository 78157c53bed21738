"""Rows that come back: pressed twice, half in order, one more asked for, with others writing in them meanwhile."""

from __future__ import annotations

from django.test import Client

import pytest

from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round
from tests.pages import Pages
from tests.proposals.drafting.test_autosave import choice, press, row, save, tokens, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    proposal = a_draft(cast, a_round())
    Access.objects.grant(proposal, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    return proposal


@pytest.fixture
def hers(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.owner)


@pytest.fixture
def his(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.stranger)


def budget(amount: str, category: str = "staff") -> dict[str, str]:
    return {
        "budgetlinjer-TOTAL_FORMS": "1",
        "budgetlinjer-INITIAL_FORMS": "0",
        "budgetlinjer-0-year": "2027",
        "budgetlinjer-0-category": category,
        "budgetlinjer-0-amount": amount,
        "budgetlinjer-0-description": "",
        "budgetlinjer-0-recipient": "",
    }


def sources(draft: Proposal) -> list[str]:
    return [line.source for line in draft.financing.listed()]


def amounts(draft: Proposal) -> list[int]:
    return [int(line.amount) for line in draft.budget_lines.listed()]


def test_asking_for_one_more_line_overwrites_nothing(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    page = url(draft, "oekonomi")
    press(hers, draft, "oekonomi", **budget("100.000"), **hers.seen(page))
    seen = his.seen(page)
    stood = budget("100.000") | {"budgetlinjer-INITIAL_FORMS": "1"}
    changed = stood | {"budgetlinjer-0-amount": "250.000"}
    press(hers, draft, "oekonomi", **changed, **hers.seen(page))
    asked = {"add-row": "linjer", "linjer-TOTAL_FORMS": "1", "linjer-INITIAL_FORMS": "0"}

    untouched = press(his, draft, "oekonomi", status=200, do="", **stood, **asked, **seen)
    assert amounts(draft) == [250_000]
    assert untouched.value("linjer-TOTAL_FORMS") == "2"

    touched = stood | {"budgetlinjer-0-amount": "300.000"}
    shown = press(his, draft, "oekonomi", status=409, do="", **touched, **asked, **seen)
    assert amounts(draft) == [250_000]
    assert "2027, Løn og timer, 250.000" in shown.conflict


def test_nobody_disagrees_with_what_was_saved_on_the_way_to_one_more_line(
    hers: Pages, draft: Proposal
) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    asked = {"add-row": "budgetlinjer", "budgetlinjer-TOTAL_FORMS": "0"}
    asked |= {"budgetlinjer-INITIAL_FORMS": "0"}
    shown = press(
        hers, draft, "oekonomi", status=200, do="", **row("Realdania"), **asked, **seen
    )  # fmt: skip
    assert sources(draft) == ["Realdania"]

    press(hers, draft, "oekonomi", **row("Realdania"), **budget("5"), **tokens(shown))
    assert (sources(draft), amounts(draft)) == (["Realdania"], [5])


def test_nobody_disagrees_with_the_half_that_was_saved(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    half = budget("200.000", category="")
    shown = press(hers, draft, "oekonomi", status=200, **row("Realdania"), **half, **seen)
    assert (sources(draft), amounts(draft)) == (["Realdania"], [])

    again = press(hers, draft, "oekonomi", status=200, **row("Realdania"), **half, **tokens(shown))
    whole = row("Realdania") | budget("200.000")
    told = save(hers, draft, "financing", "oekonomi", **whole, **tokens(again))
    assert (told["state"], amounts(draft)) == ("saved", [200_000])


def test_pressing_twice_is_no_quarrel_however_the_lines_are_written(
    hers: Pages, draft: Proposal
) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    lines = {
        **row("KL", amount="1,5 mio."),
        "linjer-TOTAL_FORMS": "3",
        "linjer-1-year": "2026",
        "linjer-1-source": "Realdania",
        "linjer-1-amount": "0",
        "linjer-1-status": "granted",
        "linjer-2-year": "2027",
        "linjer-2-source": "Fortrudt",
        "linjer-2-DELETE": "on",
    }
    for _ in range(2):
        press(hers, draft, "oekonomi", **lines, **budget("10"), **seen)
    told = save(hers, draft, "financing", "oekonomi", **lines, **budget("10"), **seen)
    assert told["state"] == "saved"

    # What is saved goes on from there.
    lines["linjer-0-amount"] = "1,6 mio."
    token = {"base-financing": told["token"]}
    told = save(hers, draft, "financing", "oekonomi", **lines, **budget("10"), **token)
    assert told["state"] == "saved"
    assert sources(draft) == ["Realdania", "KL"]
    assert draft.financing.listed()[1].amount == 1_600_000


def test_going_back_to_what_once_stood_can_be_chosen(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    page = url(draft, "oekonomi")
    press(hers, draft, "oekonomi", **row("Realdania"), **hers.seen(page))
    seen = his.seen(page)
    press(hers, draft, "oekonomi", **row("KL"), **hers.seen(page))
    shown = press(his, draft, "oekonomi", status=409, **row("Region Sjælland"), **seen)

    mine = choice(shown, "Gem min udgave")
    press(his, draft, "oekonomi", do=mine, **row("Realdania"), **tokens(shown))

    assert sources(draft) == ["Realdania"]


def test_participant_added_beside_an_error_is_shown_and_keeps_its_role(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    aarhus = draft.participants.get()
    role = {f"role-{aarhus.pk}": "participant"}
    added = {"do": f"add:{cast.municipalities[1].pk}", "new_role": "knowledge"}
    too_long = {"joining": "a" * 6001}
    seen = hers.seen(url(draft, "deltagere"))

    shown = press(hers, draft, "deltagere", status=200, **added, **too_long, **role, **seen)

    new = draft.participants.exclude(pk=aarhus.pk).get()
    assert shown.value(f"role-{new.pk}") == "knowledge"
    role = {f"role-{aarhus.pk}": "problem_owner", f"role-{new.pk}": "knowledge"}
    press(hers, draft, "deltagere", joining="Kort", **role, **tokens(shown))
    aarhus.refresh_from_db()
    assert aarhus.role == "problem_owner"


def test_participant_somebody_else_added_keeps_its_role(
    hers: Pages, his: Pages, cast: Cast, draft: Proposal
) -> None:
    aarhus = draft.participants.get()
    seen = his.seen(url(draft, "deltagere"))
    press(hers, draft, "deltagere", do=f"add:{cast.municipalities[1].pk}", new_role="knowledge")
    new = draft.participants.exclude(pk=aarhus.pk).get()

    shown = press(
        his, draft, "deltagere", status=200,
        joining="a" * 6001, **{f"role-{aarhus.pk}": "participant"}, **seen,
    )  # fmt: skip

    assert shown.value(f"role-{new.pk}") == "knowledge"


ODD = "Re\x00al\x01da\u202en\u200bia 😀 שלום"


def test_signs_that_nobody_sees_are_cleaned_out_of_lines(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    lines = row(ODD) | budget("5") | {"budgetlinjer-0-description": ODD}
    press(hers, draft, "oekonomi", **lines, **hers.seen(url(draft, "oekonomi")))
    assert sources(draft) == ["Realdania 😀 שלום"]
    assert draft.budget_lines.get().description == "Realdania 😀 שלום"

    typed = {"typed_name": ODD, "typed_kind": "company", "typed_role": "supplier"}
    press(hers, draft, "deltagere", do="typed", **typed, **hers.seen(url(draft, "deltagere")))
    new = draft.participants.get(organization=None)
    assert new.typed_name == "Realdania 😀 שלום"
    page = f"/forslag/{draft.number}/deltager/{new.pk}/"
    hers.post(page, {"do": "save", "role": "supplier", "case_number": ODD}, status=302)
    assert new.commitment.case_number == "Realdania 😀 שלום"


def test_participant_who_has_said_something_is_asked_about_before_it_goes(
    hers: Pages, draft: Proposal
) -> None:
    aarhus = draft.participants.get()
    page = f"/forslag/{draft.number}/deltager/{aarhus.pk}/"
    hers.post(page, {"do": "save", "role": "participant", "case_number": "26/1"}, status=302)

    shown = press(
        hers, draft, "deltagere", status=200, do=f"remove:{aarhus.pk}", joining="Skriv til os"
    )
    assert draft.participants.get().commitment.case_number == "26/1"
    assert "Skal Aarhus Kommune fjernes?" in shown.text
    assert shown.value("joining") == "Skriv til os"

    press(hers, draft, "deltagere", do=choice(shown, "Fjern Aarhus Kommune, og slet svaret"))
    assert not draft.participants.exists()


def test_nobody_is_typed_in_twice_or_beside_the_list(hers: Pages, draft: Proposal) -> None:
    typed = {"do": "typed", "typed_kind": "company", "typed_role": "supplier"}
    shown = press(hers, draft, "deltagere", status=200, **typed, typed_name="aarhus kommune")
    assert shown.problems == ["Aarhus Kommune står på listen. Søg den frem, og tilføj den derfra"]
    for name in ("Firma A", "firma a"):
        press(hers, draft, "deltagere", **typed, typed_name=name)
    assert {p.name for p in draft.participants.all()} == {"Aarhus Kommune", "Firma A"}
    assert draft.participants.count() == 2


def test_a_new_line_begins_as_the_one_above_goes_on(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    lines = row("Realdania") | budget("5")

    shown = press(
        hers, draft, "oekonomi", status=200, do="", **lines, **seen, **{"add-row": "linjer"}
    )
    assert [shown.value(f"linjer-1-{name}") for name in ("year", "source", "amount", "status")] == [
        "2028",
        "Realdania",
        "",
        "granted",
    ]
    shown = press(
        hers, draft, "oekonomi", status=200, do="", **shown.sent | {"add-row": "budgetlinjer"}
    )
    assert shown.value("budgetlinjer-1-year") == "2028"
    assert shown.value("budgetlinjer-1-category") == "staff"

    # What nobody has written in is no line; what somebody has is one to finish.
    press(hers, draft, "oekonomi", **shown.sent)
    assert (sources(draft), amounts(draft)) == (["Realdania"], [5])
    typed = shown.sent | {"linjer-1-source": "KL"}
    refused = press(hers, draft, "oekonomi", status=200, **typed)
    assert refused.problems == ["Indtast et beløb, fx 1.500.000"]
