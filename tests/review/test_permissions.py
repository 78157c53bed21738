"""Who may do what: every role on one proposal that everybody of the procedure sees."""

from __future__ import annotations

import pytest

from klimaspor.accounts.models import Role, User
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.queries import blocked_for
from proposals.line.standing import standing, standings
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import AFTER, World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db

ABOUT_A_PROPOSAL = (
    "review.reply",
    "review.qualify",
    "review.step_in",
    "review.check",
    "review.refuse",
    "review.reopen",
    "review.recommend",
    "review.correct",
    "review.decide",
    "review.launch",
    "review.enter_consent",
)
OF_THE_SECRETARIAT = set(ABOUT_A_PROPOSAL) - {"review.reply", "review.qualify"}
CELLS: dict[str, set[str]] = {
    "owner": {"review.reply"},
    "stranger": set(),
    "adviser": {"review.qualify"},
    "other_adviser": set(),
    "secretariat": OF_THE_SECRETARIAT,
    "colleague": OF_THE_SECRETARIAT,
    "committee": set(),
    "funder": set(),
    "administrator": set(),
    "tied_adviser": set(),
    "tied_secretary": set(),
    "cleared_secretary": OF_THE_SECRETARIAT,
    "partial_secretary": set(),
    "claimant": set(),
}


def people(world: World, proposal: Proposal) -> dict[str, User]:
    """The cast, and those whose ties have been raised, dismissed and confirmed."""
    found = {name: value for name, value in vars(world.cast).items() if isinstance(value, User)}
    for name, role in (
        ("tied_adviser", Role.DGO_ADVISER),
        ("tied_secretary", Role.SECRETARIAT),
        ("cleared_secretary", Role.SECRETARIAT),
        ("partial_secretary", Role.SECRETARIAT),
    ):
        found[name] = person(name)
        give_role(found[name], role, dgo=world.cast.dgo if role == Role.DGO_ADVISER else None)
        give_role(found[name], Role.MEMBER, organization=world.cast.municipalities[1])
    for name in ("cleared_secretary", "partial_secretary"):
        raised = impartiality.declare(
            proposal_pk=proposal.pk,
            user=found[name],
            reason="Ansat i Ærø Kommune.",
            by=found[name],
            at=day(9),
        )
        impartiality.settle(
            impartiality_pk=raised.pk,
            is_impartial=name.startswith("cleared"),
            note="Set.",
            by=world.cast.secretariat,
            at=day(9),
        )
    claimant = found["claimant"] = person("claimant")
    claim = give_role(claimant, Role.MEMBER, organization=world.cast.municipalities[0])
    claim.confirmed_at = claim.confirmed_by = None
    claim.save()
    for user in found.values():
        user.clock = AFTER
        user.__dict__.pop("duties", None)
    return found


def test_every_role_and_permission() -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)
    found = {
        name: {p for p in ABOUT_A_PROPOSAL if user.has_perm(p, proposal)}
        for name, user in people(world, proposal).items()
    }
    assert found == CELLS


def test_meetings_and_consents_by_role() -> None:
    world = a_world()
    consent = proposal_at(Status.APPROVED, world).consents.get()
    everybody = people(world, consent.proposal)
    found = {
        permission: {name for name, user in everybody.items() if user.has_perm(permission, *about)}
        for permission, about in (
            ("review.manage_agendas", ()),
            ("review.read_meetings", ()),
            ("review.fund", (consent,)),
        )
    }
    secretaries = {
        "secretariat",
        "colleague",
        "tied_secretary",
        "cleared_secretary",
        "partial_secretary",
    }
    assert found == {
        "review.manage_agendas": secretaries,
        "review.read_meetings": secretaries | {"committee"},
        "review.fund": {"funder"},
    }


def test_sql_says_of_everybody_what_impartiality_says() -> None:
    world = a_world()
    proposals = [
        proposal_at(Status.APPROVED, world),
        proposal_at(Status.IN_APPROVAL, world, title="Uden region"),
    ]
    everybody = people(world, proposals[0])
    writer = everybody["writer"] = person("writer")
    give_role(writer, Role.SECRETARIAT)
    proposals[0].accesses.create(
        function="write", user=writer, since_at=day(0), since_by=world.cast.owner
    )
    merged = everybody["of the successor"] = person("of the successor")
    give_role(merged, Role.DGO_ADVISER, dgo=world.cast.dgo)
    give_role(merged, Role.MEMBER, organization=world.cast.region)
    world.cast.municipalities[2].successor = world.cast.region
    world.cast.municipalities[2].save()

    for name, user in everybody.items():
        rows = Proposal.objects.filter(blocked_for(user, user.duties_at(AFTER), at=AFTER))
        expected = {p.pk for p in proposals if impartiality.is_blocked(user, p, at=AFTER)}
        assert set(rows.values_list("pk", flat=True)) == expected, name
        held = standings(user, proposals, at=AFTER)
        for proposal in proposals:
            assert held[proposal.pk].functions == proposal.functions_of(user, at=AFTER), name
            assert held[proposal.pk].is_blocked == (
                proposal.pk in expected
                and bool(proposal.accesses.through_function(user.duties_at(AFTER)).exists())
            ), name


def test_standing_is_read_once_for_a_page(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    world = a_world()
    proposal = proposal_at(Status.APPROVED, world)
    user = world.cast.secretariat
    # A request reads a person's duties once.
    user.clock = AFTER
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's own fixture
        first = standing(user, proposal, at=AFTER)
    with django_assert_num_queries(0):  # type: ignore[operator]  # the same
        assert standing(user, proposal, at=AFTER) is first


def test_permissions_outside_a_request_are_an_error() -> None:
    world = a_world()
    proposal = walk.submit(walk.a_ready_draft(world.cast, world.round), world)
    world.cast.adviser.clock = None
    with pytest.raises(LookupError):
        world.cast.adviser.has_perm("review.qualify", proposal)
