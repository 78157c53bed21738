"""Letters to those who follow a proposal without being asked for anything: DGOs that read along, and contact persons."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from klimaspor.accounts.models import Dgo, Role, User
from klimaspor.mail.models import OutgoingMail
from proposals.drafting import dgo as dgos
from proposals.line import impartiality
from proposals.participants.models import Commitment
from proposals.sparring import steps as sparring
from proposals.submission import taking_back, withdrawal
from review.qualification import steps as qualification
from review.track import steps as track
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft, give_role, person
from tests.factories.walk import DAY, World, a_world
from tests.review.qualification.test_document import amend

if TYPE_CHECKING:
    from proposals.line.models import Proposal

pytestmark = pytest.mark.django_db

ALONG = "Du får besked, fordi din DGO læser med i forslaget."
AT_AERO = "Du får besked, fordi du svarer for Ærø Kommune i forslaget."


@pytest.fixture
def world() -> World:
    return a_world()


def answer_for(proposal: Proposal, place: int, user: User, *, is_confirmed: bool | None) -> None:
    row = proposal.participants.order_by("pk")[place]
    answer, _ = Commitment.objects.get_or_create(participant=row)
    answer.contact, answer.is_confirmed = user, is_confirmed
    if is_confirmed is not None:
        answer.answered_at, answer.answered_by = NOW, user
        answer.reason = "" if is_confirmed else "Vi har ikke tid"
    answer.save()
    proposal.accesses.create(function="read", user=user, since_at=NOW, since_by=proposal.owner)


@pytest.fixture
def followed(world: World) -> Proposal:
    """A draft that one DGO reads along with, with contacts who have and have not answered, and one who said no."""
    proposal = a_ready_draft(world.cast, world.round, title="Lavbundsjord")
    sparring.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    dgo = Dgo.objects.create(slug="fyn", name="DGO Fyn", area="Fyn")
    for name in ("Fie Fyn", "Tove Tilknyttet"):
        give_role(person(name), Role.DGO_ADVISER, dgo=dgo)
    give_role(User.objects.get(name="Tove Tilknyttet"), Role.MEMBER, organization=world.cast.region)
    proposal.participants.create(organization=world.cast.region, role="participant", added_at=NOW)
    names = [row.name for row in proposal.participants.order_by("pk")]
    answer_for(proposal, names.index("Ærø Kommune"), person("Ulla Uvis"), is_confirmed=None)
    others = [place for place, name in enumerate(names) if name != "Ærø Kommune"]
    answer_for(proposal, others[0], person("Jan Ja"), is_confirmed=True)
    answer_for(proposal, others[1], person("Nina Nej"), is_confirmed=False)
    dgos.add_co_reader(
        proposal_pk=proposal.pk, dgo=dgo, note="Se på Ærø.", by=world.cast.owner, at=NOW
    )
    proposal.refresh_from_db()
    OutgoingMail.objects.all().delete()
    return proposal


def told() -> dict[str, dict[str, list[str]]]:
    """Give, of each letter and person, why it says they get it; and empty the outbox."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for letter in OutgoingMail.objects.order_by("pk"):
        name = User.objects.get(email=letter.recipient).name
        words = " ".join(letter.body.split())
        start = words.find("Du får besked, fordi")
        why = words[start : words.index(".", start) + 1] if start >= 0 else ""
        found[letter.name][name].append(why)
    OutgoingMail.objects.all().delete()
    return {name: dict(people) for name, people in found.items()}


def sent(proposal: Proposal, world: World) -> dict[str, dict[str, list[str]]]:
    walk.submit(proposal, world)
    return told()


def test_what_is_sent_is_told_to_them_once_and_to_nobody_who_has_the_receipt(
    world: World, followed: Proposal
) -> None:
    adviser, owner = world.cast.adviser.name, world.cast.owner.name

    letters = sent(followed, world)

    assert letters["submitted"] == {adviser: [""], "Fie Fyn": [ALONG], "Ulla Uvis": [AT_AERO]}
    assert letters["receipt"].keys() == {owner, "Jan Ja"}
    assert letters.keys() == {"submitted", "receipt"}


def test_taken_back_and_withdrawn(world: World, followed: Proposal) -> None:
    sent(followed, world)
    taking_back.take_back(
        proposal_pk=followed.pk, revision=followed.revision, by=world.cast.owner, at=DAY[1]
    )
    letters = told()["taken_back"]
    adviser = world.cast.adviser.name
    assert {name: why[0] for name, why in letters.items() if name != "Jan Ja"} == {
        adviser: "",
        "Fie Fyn": ALONG,
        "Ulla Uvis": AT_AERO,
    }
    assert all(len(why) == 1 for why in letters.values())
    assert "svarer for" in letters["Jan Ja"][0]

    followed.refresh_from_db()
    withdrawal.withdraw(
        proposal_pk=followed.pk,
        revision=followed.revision,
        reason="Slut",
        by=world.cast.owner,
        at=DAY[2],
    )
    assert {name: why for name, why in told()["withdrawn"].items() if name in letters} == letters


def test_qualified_and_returned(world: World, followed: Proposal) -> None:
    sent(followed, world)
    walk.qualify(followed, world)
    letters = told()["qualified"]
    assert letters.keys() == {world.cast.owner.name, "Fie Fyn", "Ulla Uvis", "Jan Ja"}
    assert (letters[world.cast.owner.name], letters["Fie Fyn"]) == ([""], [ALONG])
    assert letters["Ulla Uvis"] == [AT_AERO]


def test_returned_says_what_is_missing_and_asks_only_the_writers(
    world: World, followed: Proposal
) -> None:
    sent(followed, world)
    qualification.return_for_changes(
        proposal_pk=followed.pk,
        revision=followed.revision,
        reasons={"effekt": "Sæt tal på."},
        answer_date=DAY[4].date(),
        by=world.cast.adviser,
        at=DAY[2],
    )
    bodies = {letter.recipient: letter.body for letter in OutgoingMail.objects.all()}
    asks = {body for email, body in bodies.items() if "Ret forslaget" in body}
    assert asks == {bodies[world.cast.owner.email]}
    assert all("> Sæt tal på." in body for body in bodies.values())
    letters = told()["returned"]
    assert letters.keys() == {world.cast.owner.name, "Fie Fyn", "Ulla Uvis", "Jan Ja"}


def test_whoever_follows_in_two_ways_is_told_once_and_the_partial_are_not(
    world: World, followed: Proposal
) -> None:
    fie = User.objects.get(name="Fie Fyn")
    answers = Commitment.objects.get(contact__name="Ulla Uvis")
    answers.contact = fie
    answers.save()
    # Being its contact person is a tie, too: what she is told, she is told as one.
    letters = sent(followed, world)
    assert letters["submitted"]["Fie Fyn"] == [AT_AERO]

    raised = impartiality.declare(
        proposal_pk=followed.pk, user=fie, reason="Nabo", by=fie, at=DAY[1]
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=True,
        note="Ingen sag",
        by=world.cast.secretariat,
        at=DAY[1],
    )
    taking_back.take_back(
        proposal_pk=followed.pk, revision=followed.revision, by=world.cast.owner, at=DAY[1]
    )
    assert told()["taken_back"]["Fie Fyn"] == [ALONG]


def test_whoever_was_told_of_a_statement_is_told_what_becomes_of_it(
    world: World, followed: Proposal
) -> None:
    sent(followed, world)
    walk.qualify(followed, world)
    amend(world, followed)
    walk.submit_for_approval(followed, world)
    walk.recommend(walk.check(followed, world), world)
    walk.meet(followed, "approved", world)
    walk.answer(followed, "consented", world)
    followed.refresh_from_db()
    track.launch(
        proposal_pk=followed.pk,
        revision=followed.revision,
        by=world.cast.secretariat,
        at=walk.day(8),
    )

    letters = told()

    for name in ("qualified", "amended", "decided_approved", "launched"):
        assert (letters[name]["Fie Fyn"], letters[name]["Ulla Uvis"]) == ([ALONG], [AT_AERO]), name
        assert letters[name][world.cast.owner.name] == [""], name


def test_a_draft_that_is_moved_to_another_round_is_told_of(
    world: World, followed: Proposal
) -> None:
    later = walk.a_round(name="Senere", opens_at=NOW, qualification_deadline_at=DAY[7])
    withdrawal.move_round(
        proposal_pk=followed.pk,
        revision=followed.revision,
        round=later,
        reason="Ikke klar",
        by=world.cast.owner,
        at=NOW,
    )

    assert told()["moved_round"] == {
        world.cast.adviser.name: [""],
        "Fie Fyn": [ALONG],
        "Jan Ja": ["Du får besked, fordi du svarer for Aarhus Kommune i forslaget."],
        "Ulla Uvis": [AT_AERO],
    }
