"""What is being written of a decision: kept while it is typed, nowhere taken for one, and nothing is released over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor.accounts.models import Role
from klimaspor.refusals import AlreadyDone
from klimaspor.seen import Changed
from proposals.line import impartiality
from proposals.line.duties import Kind
from proposals.line.lifecycle import Status
from proposals.line.models import Duty
from proposals.submission import withdrawal
from review.decision import steps as decision
from review.decision.models import Decision, DecisionDraft
from review.papers.minutes import collect_minutes
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import AFTER, DAY, World, a_world, day, proposal_at

if TYPE_CHECKING:
    import time_machine

    from review.agenda.models import Agenda, AgendaItem
    from tests.pages import Pages

HALF = "Indstillingen blev god"


@pytest.fixture
def world(db: None, now: time_machine.Traveller) -> World:
    now.move_to(AFTER)
    return a_world()


def tabled(world: World) -> tuple[Agenda, AgendaItem]:
    """A published agenda with one proposal, and who was at the meeting."""
    agenda = walk.publish(walk.an_agenda(world, proposal_at(Status.RECOMMENDED, world)), world)
    walk.attend(agenda, world)
    return agenda, agenda.items.exclude(proposal=None).get()


def keep(item: AgendaItem, world: World, **words: Any) -> DecisionDraft | None:
    return decision.keep(item_pk=item.pk, by=world.cast.secretariat, at=DAY[6], **words)


def release(agenda: Agenda, world: World) -> Agenda:
    return decision.release(agenda_pk=agenda.pk, by=world.cast.secretariat, at=day(6))


def address(agenda: Agenda, rest: str) -> str:
    return f"/moeder/{agenda.meeting_date.isoformat()}/{rest}"


def duties(item: AgendaItem) -> set[str]:
    here = Duty.objects.filter(proposal=item.proposal, kind__in=(Kind.DECIDE, Kind.RELEASE))
    return set(here.values_list("kind", flat=True))


def test_half_a_decision_is_kept_and_is_none(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)

    keep(item, world, text=HALF)

    assert not Decision.objects.exists()
    assert not collect_minutes(agenda, at=AFTER).items[item.number - 1].decided.text
    shown = pages.as_(world.cast.secretariat).get(address(agenda, f"beslutninger/{item.pk}/"))
    assert shown.value("text") == HALF
    assert "Kladde, sidst gemt" in shown.text
    listed = pages.get(address(agenda, "beslutninger/"))
    assert "kladde, ikke gemt som beslutning" in listed.text
    assert HALF not in listed.text
    pages.as_(world.cast.committee)
    for rest in ("", f"punkt/{item.number}/"):
        assert HALF not in pages.get(address(agenda, rest)).text
    assert HALF not in pages.as_(world.cast.owner).get(f"/forslag/{item.proposal.number}/").text


def test_nothing_is_released_over_a_draft(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)
    walk.record(item, "approved", world)
    assert duties(item) == {Kind.RELEASE}

    keep(item, world, outcome="rejected", text=HALF)

    assert duties(item) == {Kind.DECIDE}
    with pytest.raises(decision.HalfWritten, match=f"punkt {item.number}") as refusal:
        release(agenda, world)
    assert refusal.value.items == (item,)
    url = address(agenda, "frigiv/")
    page = pages.as_(world.cast.secretariat).get(url)
    assert "Der er en kladde" in page.text
    assert address(agenda, f"beslutninger/{item.pk}/") in page.links
    assert "Frigiv beslutninger" not in page.buttons
    # What was saved before is what stands, there and everywhere.
    assert "Godkendt" in page.text
    assert "Frigiv beslutninger" not in pages.get(address(agenda, "beslutninger/")).primary
    assert "Frigiv beslutninger" not in pages.get(address(agenda, "")).primary


def test_a_draft_becomes_the_decision(world: World) -> None:
    agenda, item = tabled(world)
    keep(item, world, text=HALF, recused=["Tina Tilknyttet"])

    walk.record(item, "approved", world, text=f"{HALF}kendt.", recused=["Tina Tilknyttet"])

    assert Decision.objects.get().text == f"{HALF}kendt."
    assert not DecisionDraft.objects.exists()
    assert [row.name for row in item.recusals.all()] == ["Tina Tilknyttet"]
    assert release(agenda, world).released_at == day(6)


def test_what_says_the_same_as_the_decision_is_no_draft(world: World) -> None:
    _, item = tabled(world)
    assert keep(item, world) is None
    walk.record(item, "approved", world)
    same = {"outcome": "approved", "text": Decision.objects.get().text}

    assert keep(item, world, outcome="approved", text=HALF) is not None
    assert keep(item, world, **same) is None

    assert not DecisionDraft.objects.exists()
    assert duties(item) == {Kind.RELEASE}


def test_what_a_colleague_is_writing_becomes_no_decision_unread(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)
    url = address(agenda, f"beslutninger/{item.pk}/")
    mine = pages.as_(world.cast.secretariat).get(url).sent
    decision.keep(item_pk=item.pk, reason="Fordi det", by=world.cast.colleague, at=DAY[6])

    refused = pages.post(url, mine | {"outcome": "rejected", "text": "Afslag."}, status=409)

    assert not Decision.objects.exists()
    [problem] = refused.problems
    assert problem.startswith("Begrundelse er ændret, efter du åbnede siden.")
    assert (refused.value("reason"), refused.value("text")) == ("Fordi det", "Afslag.")
    pages.post(url, refused.sent)
    assert Decision.objects.get().reason == "Fordi det"


def test_a_draft_is_kept_without_javascript(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)
    url = address(agenda, f"beslutninger/{item.pk}/")
    page = pages.as_(world.cast.secretariat).get(url)

    kept = pages.post(url, page.sent | {"text": HALF, "draft": "1"})
    refused = pages.post(url, pages.get(url).sent, status=200)

    assert kept.location == url
    assert refused.problems == ["Vælg, hvad forretningsudvalget besluttede"]
    assert refused.value("text") == HALF
    assert DecisionDraft.objects.get().text == HALF


def test_a_draft_is_thrown_away_by_whoever_has_read_it(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)
    walk.record(item, "approved", world)
    keep(item, world, outcome="approved", text=HALF)
    url = address(agenda, f"beslutninger/{item.pk}/kasser/")
    page = pages.as_(world.cast.secretariat).get(url)
    assert HALF in page.text
    assert "Beslutningen, som den er gemt, bliver stående." in page.text
    keep(item, world, outcome="approved", text=f"{HALF}kendt")

    refused = pages.post(url, {"base-page": page.value("base-page")}, status=409)
    assert refused.problems[0].startswith("Kladden er ændret, siden du åbnede siden.")
    pages.post(url, {"base-page": refused.value("base-page")})

    assert not DecisionDraft.objects.exists()
    assert Decision.objects.get().text == "Udvalget besluttede."
    assert duties(item) == {Kind.RELEASE}
    with pytest.raises(AlreadyDone):
        decision.discard(item_pk=item.pk, by=world.cast.secretariat, at=day(6))
    assert pages.client.get(url).status_code == 302


def test_one_who_is_tied_writes_and_throws_away_nothing(pages: Pages, world: World) -> None:
    agenda, item = tabled(world)
    tied = person("Ib Inhabil")
    give_role(tied, Role.SECRETARIAT)
    assert item.proposal
    raised = impartiality.declare(
        proposal_pk=item.proposal.pk, user=tied, reason="Søskende", by=tied, at=DAY[6]
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=False,
        note="",
        by=world.cast.secretariat,
        at=DAY[6],
    )
    keep(item, world, text=HALF)

    for press in (decision.keep, decision.discard):
        with pytest.raises(impartiality.NotImpartial):
            press(item_pk=item.pk, by=tied, at=day(6))
    page = pages.as_(tied).get(address(agenda, "frigiv/"))
    assert f"Punkt {item.number}, som en kollega skriver" in page.text
    assert HALF not in page.text
    pages.get(address(agenda, f"beslutninger/{item.pk}/kasser/"), status=403)


def test_a_draft_of_what_left_the_table_stops_nothing(world: World) -> None:
    agenda, item = tabled(world)
    keep(item, world, text=HALF)
    withdrawal.withdraw(
        proposal_pk=item.proposal_id,
        revision=item.proposal.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=day(6),
    )

    release(agenda, world)

    assert Decision.objects.get().outcome == "dropped"
    assert not DecisionDraft.objects.exists()


def test_who_may_not_take_part_stands_as_it_was_suggested_until_somebody_says(
    pages: Pages, world: World
) -> None:
    tied = person("Tina Tilknyttet")
    give_role(tied, Role.COMMITTEE)
    give_role(tied, Role.MEMBER, organization=world.cast.municipalities[1])
    agenda, item = tabled(world)
    url = address(agenda, f"beslutninger/{item.pk}/")
    shown = pages.as_(world.cast.secretariat).get(url).sent

    # Another field first, then the marks: nobody meets themselves.
    bases = {"unit": "text", "base-text": shown["base-text"], "text": HALF}
    assert pages.client.post(url, bases).json()["state"] == "saved"
    assert DecisionDraft.objects.get().recused == tied.name
    none = {"unit": "recused", "base-recused": shown["base-recused"]}
    assert pages.client.post(url, none).json()["state"] == "saved"

    assert DecisionDraft.objects.get().recused == ""
    pages.post(url, pages.get(url).sent | {"outcome": "approved"})
    assert not item.recusals.exists()


def test_two_who_draft_the_same_meet(world: World) -> None:
    _, item = tabled(world)
    bases = decision.written(item, at=DAY[6]).shown.bases
    decision.keep(item_pk=item.pk, text="Den ene", bases=bases, by=world.cast.colleague, at=day(6))

    with pytest.raises(Changed):
        keep(item, world, text="Den anden", bases=bases)
    keep(item, world, reason="Et andet felt", bases=bases)

    draft = DecisionDraft.objects.get()
    assert (draft.text, draft.reason) == ("Den ene", "Et andet felt")
