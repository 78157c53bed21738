"""Another DGO reads along where a proposal crosses areas: what it reads, what it may, who is told, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from klimaspor.accounts.models import Dgo, Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from proposals.drafting import dgo as dgos
from proposals.line import impartiality
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.standing import edition
from proposals.sparring import steps as sparring
from proposals.sparring.models import Advice
from proposals.submission import withdrawal
from proposals.writers.readers import readers
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft, give_role, person
from tests.factories.walk import DAY, World, a_world, proposal_at

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.pages import Pages

pytestmark = pytest.mark.django_db

S = Status


@dataclass
class Along:
    """A DGO that may read along, with its one adviser."""

    dgo: Dgo
    adviser: User


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def along(world: World) -> Along:
    dgo = Dgo.objects.create(slug="fyn", name="DGO Fyn", area="Fyn")
    dgo.municipalities.add(world.cast.municipalities[1])
    adviser = person("Fie Fyn")
    give_role(adviser, Role.DGO_ADVISER, dgo=dgo)
    return Along(dgo, adviser)


@pytest.fixture
def opened(world: World) -> Proposal:
    proposal = a_ready_draft(world.cast, world.round, title="Åbnet")
    sparring.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    proposal.refresh_from_db()
    return proposal


def add(proposal: Proposal, along: Along, by: User, note: str = "Se på Ærø.") -> None:
    dgos.add_co_reader(proposal_pk=proposal.pk, dgo=along.dgo, note=note, by=by, at=DAY[1])
    proposal.refresh_from_db()


def sees(user: User, proposal: Proposal) -> bool:
    found = Proposal.objects.visible_to(user, at=DAY[5])
    return found.filter(pk=proposal.pk).exists()


def test_it_reads_what_the_dgo_reads_and_comments(
    world: World, along: Along, opened: Proposal
) -> None:
    assert not sees(along.adviser, opened)
    add(opened, along, world.cast.owner)

    assert sees(along.adviser, opened)
    assert edition(along.adviser, opened, at=DAY[2]) == Edition.LIVE
    sparring.comment(
        proposal_pk=opened.pk, section="", text="Set fra Fyn", by=along.adviser, at=DAY[2]
    )
    assert Advice.objects.get().author_role == "DGO Fyn"
    walk.submit(opened, world, at=DAY[3])
    along.adviser.clock = DAY[4]
    assert along.adviser.has_perm("proposals.comment", opened)
    assert not along.adviser.has_perm("review.qualify", opened)
    assert edition(along.adviser, opened, at=DAY[4]) == Edition.LIVE
    sparring.close_sparring(proposal_pk=opened.pk, by=world.cast.owner, at=DAY[4])
    opened.refresh_from_db()
    assert edition(along.adviser, Proposal.objects.get(pk=opened.pk), at=DAY[5]) == Edition.SENT


def test_nobody_reads_along_on_what_the_dgo_does_not_read(
    world: World, along: Along, opened: Proposal
) -> None:
    draft = a_ready_draft(world.cast, world.round, title="Ikke åbnet")
    with pytest.raises(dgos.NotWithDgo):
        add(draft, along, world.cast.owner)

    add(opened, along, world.cast.owner)
    sparring.close_sparring(proposal_pk=opened.pk, by=world.cast.owner, at=DAY[2])
    assert not sees(along.adviser, opened)
    assert not sees(world.cast.adviser, opened)


def test_it_is_told_by_letter_and_hears_what_the_people_answer(
    world: World, along: Along, opened: Proposal
) -> None:
    add(opened, along, world.cast.adviser)

    letter = OutgoingMail.objects.get(name="co_reader_added")
    assert letter.recipient == along.adviser.email
    assert "Rune Rådgiver har bedt DGO Fyn om at læse med" in letter.body
    assert "Se på Ærø." in letter.body
    sparring.comment(proposal_pk=opened.pk, section="", text="Hej", by=world.cast.owner, at=DAY[2])
    told = OutgoingMail.objects.filter(name="advice_given").values_list("recipient", flat=True)
    assert sorted(told) == sorted([world.cast.adviser.email, along.adviser.email])
    withdrawal.withdraw(
        proposal_pk=opened.pk,
        revision=opened.revision,
        reason="Nej",
        by=world.cast.owner,
        at=DAY[3],
    )
    told = OutgoingMail.objects.filter(name="withdrawn").values_list("recipient", flat=True)
    assert along.adviser.email in told


def test_it_is_added_once_and_never_beside_itself(
    world: World, along: Along, opened: Proposal
) -> None:
    add(opened, along, world.cast.owner)
    with pytest.raises(AlreadyDone):
        add(opened, along, world.cast.secretariat)
    with pytest.raises(Missing):
        add(opened, Along(world.cast.dgo, world.cast.adviser), world.cast.owner)

    assert OutgoingMail.objects.filter(name="co_reader_added").count() == 1
    dgos.change_dgo(
        proposal_pk=opened.pk,
        dgo=along.dgo,
        reason="Bytte",
        stays=True,
        by=world.cast.adviser,
        at=DAY[2],
    )
    held = opened.accesses.current(at=DAY[3]).exclude(dgo=None)
    assert sorted(held.values_list("function", "dgo__name")) == [
        ("advise", "DGO Fyn"),
        ("co_read", "DGO Midtjylland"),
    ]


def test_it_is_taken_off_again_and_what_it_said_stays(
    world: World, along: Along, opened: Proposal
) -> None:
    add(opened, along, world.cast.owner)
    sparring.comment(proposal_pk=opened.pk, section="", text="Hej", by=along.adviser, at=DAY[2])
    dgos.remove_co_reader(
        proposal_pk=opened.pk, dgo=along.dgo, by=world.cast.secretariat, at=DAY[3]
    )

    assert not sees(along.adviser, opened)
    assert Advice.objects.get().author_role == "DGO Fyn"
    with pytest.raises(AlreadyDone):
        dgos.remove_co_reader(proposal_pk=opened.pk, dgo=along.dgo, by=world.cast.owner, at=DAY[4])


def test_a_tied_adviser_is_asked_about_and_told_nothing(
    world: World, along: Along, opened: Proposal
) -> None:
    give_role(along.adviser, Role.MEMBER, organization=world.cast.municipalities[1])
    add(opened, along, world.cast.owner)

    assert opened.impartialities.get().user == along.adviser
    assert not OutgoingMail.objects.filter(name="co_reader_added").exists()
    with pytest.raises(impartiality.NotImpartial):
        sparring.comment(proposal_pk=opened.pk, section="", text="Hej", by=along.adviser, at=DAY[2])


def test_proposals_of_dgos_are_those_they_have_and_those_they_read_along_with(
    world: World, along: Along, opened: Proposal
) -> None:
    other = a_ready_draft(world.cast, world.round, title="En anden")
    add(opened, along, world.cast.owner)

    def found(dgo: Dgo) -> set[int]:
        return set(Proposal.objects.of_dgos([dgo.pk], at=DAY[2]).values_list("pk", flat=True))

    assert found(along.dgo) == {opened.pk}
    assert found(world.cast.dgo) == {opened.pk, other.pk}
    assert found(world.cast.other_dgo) == set()


# The pages


@pytest.mark.usefixtures("now")
def test_the_page_suggests_adds_shows_and_takes_off(
    pages: Pages, world: World, along: Along
) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    url = f"/forslag/{proposal.number}/medlaesere/"
    pages.as_(along.adviser).get(url, status=404)
    shown = pages.as_(world.cast.adviser).get(url)
    assert "Forslagets deltagere hører også til DGO Fyn." in shown.text
    assert shown.value("dgo") == str(along.dgo.pk)

    assert pages.post(url, {"dgo": "", "note": "Ø"}, status=200).problems == ["Vælg en DGO"]
    shown = pages.get(pages.post(url, {"dgo": along.dgo.pk, "note": "Se på Ærø."}).location)
    assert "DGO Fyn læser nu med" in shown.text
    assert "hører også til" not in shown.text
    overview = pages.get(f"/forslag/{proposal.number}/")
    assert "Rådgiverne i DGO Fyn (læser med)" in overview.text
    history = pages.get(f"/forslag/{proposal.number}/forloeb/").text
    assert "Ny medlæsende DGO: DGO Fyn" in history
    assert "Se på Ærø." in history
    mine = pages.as_(along.adviser).get(f"/forslag/{proposal.number}/")
    assert "Kvalificér forslaget" not in mine.text
    assert "Lad en anden DGO læse med" not in mine.text
    pages.get(url, status=403)
    pages.get(f"/kvalificering/{proposal.number}/", status=403)
    assert "rådgiverne i DGO Fyn" in sparring.readers(proposal, at=NOW)
    said = {r.text[:24]: r.may for r in readers(proposal, to=world.cast.owner, at=NOW)}
    assert said["DGO Fyn læser versionen,"] == (
        "Læser med fra et andet område og kommenterer, men kvalificerer ikke"
    )

    remove = f"{url}{along.dgo.pk}/fjern/"
    assert "DGO Fyn" in pages.as_(world.cast.owner).get(remove).text
    assert pages.post(remove, {}).location == url
    pages.as_(along.adviser).get(f"/forslag/{proposal.number}/", status=404)


@pytest.mark.usefixtures("now")
def test_the_page_says_what_to_do_first(pages: Pages, world: World) -> None:
    draft = a_ready_draft(world.cast, world.round)
    shown = pages.as_(world.cast.owner).get(f"/forslag/{draft.number}/medlaesere/")
    assert "Åbn for sparring, eller indsend forslaget, før en anden DGO kan læse med." in shown.text
    assert "Lad DGO'en læse med" not in shown.buttons


@pytest.mark.usefixtures("now")
def test_a_dgo_that_nothing_is_open_to_is_not_offered_to_go_on_reading(
    world: World, pages: Pages
) -> None:
    proposal = a_ready_draft(world.cast, world.round, title="Lukket")
    proposal.accesses.create(
        function="recommend", group="secretariat", since_at=NOW, since_by=world.cast.owner
    )
    address = f"/forslag/{proposal.number}/dgo/"
    pages.as_(world.cast.secretariat)
    assert "læser stadig med" not in pages.get(address).text
    pages.post(
        address,
        {"dgo": world.cast.other_dgo.pk, "reason": "Forkert område", "revision": proposal.revision},
    )
    proposal.refresh_from_db()
    assert proposal.lead_dgo == world.cast.other_dgo

    sparring.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    assert "læser stadig med" in pages.get(address).text
