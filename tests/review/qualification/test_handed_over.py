"""The proposal is given to another DGO: what was written goes along, and what somebody is typing is not lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from klimaspor.mail.models import OutgoingMail
from proposals.drafting import dgo as dgos
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.models import Qualification
from review.qualification.seen import Words
from tests.factories.intake import NOW
from tests.factories.walk import World, a_world, proposal_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from proposals.line.models import Proposal
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def begun(world: World) -> Proposal:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=NOW)
    qualification.save(
        qualification_pk=draft.pk,
        words=Words(summary="Det første", statements={world.criteria[0].pk: "God effekt"}),
        by=world.cast.adviser,
        at=NOW,
    )
    return proposal


def hand_over(proposal: Proposal, world: World, *, stays: bool = False) -> None:
    dgos.change_dgo(
        proposal_pk=proposal.pk,
        dgo=world.cast.other_dgo,
        reason="Ligger i Nordjylland. Spørg til pumperne.",
        stays=stays,
        by=world.cast.secretariat,
        at=NOW,
    )


def test_an_adviser_gives_it_away_with_a_note(pages: Pages, world: World, begun: Proposal) -> None:
    url = f"/forslag/{begun.number}/dgo/"
    overview = pages.as_(world.cast.adviser).get(f"/forslag/{begun.number}/")
    assert "Giv videre til en anden DGO" in overview.text
    empty = pages.post(url, {"dgo": world.cast.other_dgo.pk, "reason": ""}, status=200)
    assert empty.problems == ["Skriv, hvorfor DGO'en skal skiftes"]
    answer = pages.post(url, {"dgo": world.cast.other_dgo.pk, "reason": "Spørg til pumperne."})

    # It is no longer theirs to see.
    assert answer.location == "/"
    assert "KlimaNord har nu hovedansvaret" in pages.get(answer.location).text
    pages.get(f"/forslag/{begun.number}/", status=404)
    history = pages.as_(world.cast.owner).get(f"/forslag/{begun.number}/forloeb/").text
    assert "DGO skiftet: KlimaNord" in history
    assert "Spørg til pumperne." in history
    letters = OutgoingMail.objects.filter(name="dgo_changed").order_by("pk")
    assert [letter.recipient for letter in letters] == [
        world.cast.other_adviser.email,
        world.cast.owner.email,
    ]
    assert all("Rune Rådgiver har givet" in letter.body for letter in letters)
    assert all("Spørg til pumperne." in letter.body for letter in letters)


def test_what_was_written_goes_along(pages: Pages, world: World, begun: Proposal) -> None:
    hand_over(begun, world)
    other = world.cast.other_adviser

    shown = pages.as_(other).get(f"/kvalificering/{begun.number}/")
    assert shown.value("summary") == "Det første"
    # Given before anybody there has begun anew, and nobody of the DGO before has it.
    begun.refresh_from_db()
    assert holding.holder_of(begun) is None
    holding.pass_on(proposal_pk=begun.pk, to_user=other, note="", by=other, at=NOW)
    begin_again = qualification.begin(proposal_pk=begun.pk, by=other, at=NOW)
    draft = Qualification.objects.get(pk=begin_again.pk)
    assert (draft.dgo, draft.assigned_to) == (world.cast.other_dgo, other)
    assert [row.text for row in draft.statements.all()] == ["God effekt"]


@pytest.mark.parametrize("stays", (False, True))
def test_what_is_being_typed_is_shown_to_be_copied(
    pages: Pages, world: World, begun: Proposal, stays: bool
) -> None:
    url = f"/kvalificering/{begun.number}/"
    statement = f"statement_{world.criteria[0].pk}"
    form = pages.as_(world.cast.adviser).get(url)
    typed = {
        "revision": form.value("revision"),
        "summary": "Et langt <b>afsnit</b>",
        statement: "Meget god effekt",
    }
    hand_over(begun, world, stays=stays)

    shown = pages.post(url, typed, status=409)
    assert f"{begun.number} er givet videre til KlimaNord." in shown.text
    assert "Et langt <b>afsnit</b>" in shown.text
    assert "V1 Klimaeffekt Meget god effekt" in shown.text
    assert Qualification.objects.get().summary == "Det første"
    part = pages.client.post(url, {**typed, "unit": "summary"})
    assert (part.status_code, part.json()["state"]) == (409, "gone")
    assert part.json()["said"] == (
        f"{begun.number} er givet videre til KlimaNord. Det, du skrev, er ikke gemt, men står stadig her, "
        "så du kan kopiere det."
    )
    back = pages.post(
        f"{url}tilbage/",
        {"revision": typed["revision"], "section_effekt": "Skriv tal", "answer_date": "22.4.2027"},
        status=409,
    )
    assert "Skriv tal" in back.text


def test_nobody_else_hears_where_it_went(pages: Pages, world: World, begun: Proposal) -> None:
    url = f"/kvalificering/{begun.number}/"
    hand_over(begun, world)
    # Opened, it is as a number that does not exist.
    pages.as_(world.cast.adviser).get(url, status=404)
    pages.as_(world.cast.stranger).post(url, {"summary": "Hej"}, status=404)
    pages.as_(world.cast.committee).post(url, {"summary": "Hej"}, status=404)
    row = impartiality.declare(
        proposal_pk=begun.pk,
        user=world.cast.adviser,
        reason="Nabo",
        by=world.cast.adviser,
        at=NOW,
    )
    impartiality.settle(
        impartiality_pk=row.pk, is_impartial=False, note="", by=world.cast.secretariat, at=NOW
    )
    pages.as_(world.cast.adviser).post(url, {"summary": "Hej"}, status=404)


def test_nobody_of_the_dgo_before_acts_once_it_is_given_away(world: World, begun: Proposal) -> None:
    """What came through the page just before is held to who has it when the row is held."""
    draft = Qualification.objects.get()
    hand_over(begun, world)
    by = world.cast.adviser
    words = Words(outcome="recommended", summary="For sent")
    acts: tuple[Callable[[], object], ...] = (
        lambda: qualification.begin(proposal_pk=begun.pk, by=by, at=NOW),
        lambda: qualification.save(qualification_pk=draft.pk, by=by, at=NOW, words=words),
        lambda: qualification.complete(
            qualification_pk=draft.pk, revision=begun.revision, by=by, at=NOW
        ),
        lambda: qualification.return_for_changes(
            proposal_pk=begun.pk,
            revision=begun.revision,
            reasons={"effekt": "Tal"},
            answer_date=date(2027, 4, 22),
            by=by,
            at=NOW,
        ),
    )
    for act in acts:
        with pytest.raises(qualification.HandedOver, match="er givet videre til KlimaNord"):
            act()
    begun.refresh_from_db()
    assert begun.status == Status.IN_QUALIFICATION
    assert Qualification.objects.get().summary == "Det første"
