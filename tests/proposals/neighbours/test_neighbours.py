"""Neighbours: who touches the same, why, and to whom it may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from proposals.drafting import steps as drafting
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.neighbours import steps as neighbours
from proposals.participants import steps as participants
from proposals.search import steps as search
from proposals.sparring import steps as advice
from tests.factories.intake import NOW, Cast, a_draft, a_ready_draft, person
from tests.factories.walk import AFTER, World, a_world, proposal_at, submit

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.pages import Pages

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("now"),
    pytest.mark.slow("each walks several proposals far along the line"),
]

MIRE = "Lavbundsjorde udleder drivhusgasser, og vådområder mangler hydrologiske kort."
PLAN = "Handling 4.2: vådområder på lavbundsjord, og rørlagte vandløb åbnes."


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


def written(proposal: Proposal, by: User, **answers: str) -> Proposal:
    for slug, names in (
        ("udfordringer", ("title", "challenges")),
        ("klimahandlingsplaner", ("plan_needs",)),
    ):
        given = {name: answers[name] for name in names if name in answers}
        drafting.save_section(proposal_pk=proposal.pk, slug=slug, answers=given, by=by, at=NOW)
    proposal.refresh_from_db()
    return proposal


def mine(world: World) -> Proposal:
    """A draft of somebody who sees nothing else, about mires, with a municipality that the others have not."""
    writer = person("Sigrid Skriver")
    proposal = drafting.create(
        owner=writer,
        organization=None,
        round=world.round,
        title="Kort over vådområder",
        by=writer,
        at=NOW,
    )
    return written(proposal, writer, challenges=MIRE, plan_needs=PLAN)


def found(proposal: Proposal, user: User | None = None, *, at: Any = NOW) -> list[Any]:
    user = user or proposal.owner
    read = Proposal.objects.with_reading(user, at=at).with_frame().get(pk=proposal.pk)
    return [(row.number, row.title, row.why) for row in neighbours.find(read, user, at=at)]


def a_track(world: World, title: str, **texts: str) -> Proposal:
    """A track, whose text was another before it walked: what it says was sent."""
    proposal = proposal_at(Status.ACTIVE, world, title=title)
    version = proposal.versions.newest_first()[0]
    content = version.content
    for answer in content["answers"]:
        answer["text"] = texts.get(answer["name"], answer["text"])
    version.content = content
    version.save(update_fields=["content"])
    search.index([proposal.pk])
    return proposal


def test_a_track_about_the_same_is_found_and_says_why(world: World) -> None:
    a_track(world, "Hydrologi", challenges=MIRE, plan_needs=PLAN)
    a_track(world, "Elbusser", challenges="Busserne kører på diesel.", plan_needs="Elbusser.")

    [(number, title, why)] = found(mine(world))

    assert (number, title) == ("", "Hydrologi")
    assert why[0].startswith("samme emne: ")
    assert set(why[0].removeprefix("samme emne: ").split(", ")) <= {
        "kort",
        "vådområder",
        "lavbundsjord",
        "lavbundsjorde",
        "hydrologiske",
        "drivhusgasser",
        "udleder",
        "rørlagte",
        "vandløb",
        "åbnes",
    }
    assert why[1].startswith("samme behov i klimahandlingsplanen: ")


def test_the_same_participants_are_named(world: World, cast: Cast) -> None:
    a_track(world, "Elbusser", challenges="Busserne kører på diesel.", plan_needs="Elbusser.")
    proposal = mine(world)
    participants.add_participant(
        proposal_pk=proposal.pk,
        organization=cast.municipalities[2],
        role="participant",
        by=proposal.owner,
        at=NOW,
    )

    assert found(proposal) == [("", "Elbusser", ("samme deltagere: Solrød Kommune",))]


def test_what_one_cannot_see_is_not_told_of(world: World, cast: Cast) -> None:
    proposal = mine(world)
    hidden = written(
        a_draft(cast, world.round), cast.owner, title="Kort over vådområder", challenges=MIRE
    )
    sent = a_ready_draft(cast, world.round, title="Kort over vådområder", challenges=MIRE)
    submit(sent, world)

    assert found(proposal) == []
    # Opened to its reader it is found, by number.
    Access.objects.grant(hidden, Function.READ, user=proposal.owner, by=cast.owner, at=NOW)
    assert [row[0] for row in found(proposal)] == [hidden.number]


def test_what_was_changed_since_it_was_sent_is_its_writers(world: World, cast: Cast) -> None:
    """The adviser reads what was sent, in which nothing is about mires."""
    other = proposal_at(Status.QUALIFIED, world, title="Elbusser")
    written(other, cast.owner, title="Kort over vådområder", challenges=MIRE, plan_needs=PLAN)
    participants.add_participant(
        proposal_pk=other.pk, organization=cast.region, role="participant", by=cast.owner, at=NOW
    )
    proposal = mine(world)
    participants.add_participant(
        proposal_pk=proposal.pk,
        organization=cast.region,
        role="participant",
        by=proposal.owner,
        at=NOW,
    )
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="deltagere",
        answers={"lead_dgo": cast.dgo},
        by=proposal.owner,
        at=NOW,
    )
    advice.open_sparring(proposal_pk=proposal.pk, by=proposal.owner, at=NOW)

    assert found(proposal, cast.adviser) == []
    Access.objects.grant(other, Function.READ, user=proposal.owner, by=cast.owner, at=NOW)
    assert [row[0] for row in found(proposal)] == [other.number]


def test_the_rejected_is_for_dgo_and_secretariat(world: World, cast: Cast) -> None:
    rejected = proposal_at(Status.REJECTED, world, title="Lavbundsjord i ådale")
    # The same people see one more, sent to all of them.
    looked_at = proposal_at(Status.ON_AGENDA, world, title="Lavbundsjord i ådale")

    told = {
        user.name: rejected.number in [row[0] for row in found(looked_at, user)]
        for user in (cast.adviser, cast.secretariat, cast.committee, cast.owner)
    }

    assert told == {
        "Rune Rådgiver": True,
        "Sanne Sekretær": True,
        "Uffe Udvalg": False,
        # It is the owner's own.
        "Ella Ejer": True,
    }


def test_five_are_shown_the_nearest_first(world: World, cast: Cast) -> None:
    for number in range(6):
        a_ready_draft(
            cast, world.round, title=f"Vandløb {number}", challenges="Vandløb og åbne grøfter."
        )
    near = a_ready_draft(cast, world.round, title="Kort over vådområder", challenges=MIRE)
    here = a_ready_draft(cast, world.round, title="Vådområder", challenges=f"{MIRE} Vandløb.")

    rows = found(here)

    assert len(rows) == 5
    assert rows[0][0] == near.number


def test_an_empty_draft_has_no_neighbours(world: World) -> None:
    writer = person("Tom Tavs")
    proposal = drafting.create(
        owner=writer, organization=None, round=world.round, title="", by=writer, at=NOW
    )

    assert found(proposal) == []


def test_words_that_no_query_can_hold_do_no_harm(world: World) -> None:
    writer = person("Ulla Uro")
    proposal = drafting.create(
        owner=writer,
        organization=None,
        round=world.round,
        title="' | \\ & !(vådområder:*) <-> \"",
        by=writer,
        at=NOW,
    )
    a_track(world, "Vådområder", challenges=MIRE)

    assert [row[1] for row in found(proposal)] == ["Vådområder"]


@pytest.mark.parametrize("count", (1, 3))
def test_queries(
    pages: Pages, world: World, cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        a_ready_draft(cast, world.round, title=f"Vådområder {number}", challenges=MIRE)
        a_track(world, f"Vådområder {number}", challenges=MIRE)
    here = a_ready_draft(cast, world.round, title="Vådområder", challenges=MIRE)
    pages.as_(cast.owner).get("/forslag/")

    with django_assert_num_queries(QUERIES):
        shown = pages.get(f"/forslag/{here.number}/naboer/")

    assert shown.text.count("Samme emne") == min(2 * count, neighbours.MOST)


QUERIES = 11


def test_the_page_is_for_parties_and_advisers(
    pages: Pages, world: World, cast: Cast, now: Any
) -> None:
    sent = proposal_at(Status.ON_AGENDA, world)
    now.move_to(AFTER)
    path = f"/forslag/{sent.number}/naboer/"
    for user, status in (
        (cast.owner, 200),
        (cast.adviser, 200),
        (cast.secretariat, 200),
        (cast.committee, 403),
        (cast.stranger, 404),
    ):
        pages.as_(user).get(path, status=status)
