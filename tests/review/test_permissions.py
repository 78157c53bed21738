"""Who may do what: every role on one proposal that everybody of the procedure sees."""

from __future__ import annotations

from typing import Any

from django.urls import resolve

import pytest
from rules.permissions import permissions

from klimaspor.accounts.models import Dgo, Role, User
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.sql import blocked_for
from proposals.line.standing import standing, standings
from proposals.participants.models import Commitment
from review.next_steps.buttons import open_steps
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import AFTER, World, a_world, day, proposal_at

pytestmark = pytest.mark.django_db

REVIEW = (
    "review.reply",
    "review.qualify",
    "review.cosign",
    "review.pass_on",
    "review.amend",
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
PARTIES = {
    "proposals.read",
    "proposals.copy",
    "proposals.see_neighbours",
    "proposals.comment",
    "proposals.note",
    "proposals.access",
    "proposals.see_participants",
    "proposals.see_receipt",
}
WRITERS = PARTIES | {
    "proposals.edit",
    "proposals.submit",
    "proposals.open_sparring",
    "proposals.see_invitations",
    "review.reply",
}
OWNER = WRITERS | {
    "proposals.invite",
    "proposals.change_organization",
    "proposals.withdraw",
    "proposals.take_back",
    "proposals.move_round",
    "proposals.hand_over",
    "proposals.remove_person",
    "proposals.choose_co_readers",
    "proposals.list_to_members",
}
CO_READERS = {"proposals.choose_co_readers"}
LEAVES = {"proposals.leave"}
ADVISES = {
    "proposals.read",
    "proposals.see_neighbours",
    "proposals.comment",
    "proposals.note",
    "proposals.declare",
}
WORKS = (set(REVIEW) - {"review.reply", "review.qualify", "review.pass_on"}) | {
    "proposals.remove_person",
    "proposals.settle_organization",
    "proposals.choose_co_readers",
}
ADMINISTERS = {
    "proposals.move_round",
    "proposals.change_dgo",
    "proposals.grant_dispensation",
}
SECRETARIAT = {"proposals.hand_over", "proposals.register"}
READS = {"proposals.read"}
CELLS: dict[str, set[str]] = {
    "owner": OWNER,
    "writer": WRITERS | LEAVES,
    "reader": PARTIES | LEAVES,
    "registrar": WRITERS
    | LEAVES
    | ADVISES
    | ADMINISTERS
    | SECRETARIAT
    | WORKS
    | {
        "proposals.invite",
        "proposals.change_organization",
        "proposals.withdraw",
        "proposals.take_back",
    },
    "stranger": set(),
    "adviser": ADVISES
    | CO_READERS
    | {"review.qualify", "review.cosign", "review.amend", "review.pass_on", "proposals.change_dgo"},
    "co_reader": ADVISES,
    "other_adviser": set(),
    "secretariat": ADVISES | ADMINISTERS | SECRETARIAT | WORKS,
    "colleague": ADVISES | ADMINISTERS | SECRETARIAT | WORKS,
    "committee": READS | {"proposals.declare"},
    "funder": READS | {"proposals.declare"},
    "administrator": set(),
    "tied_adviser": ADVISES,
    "tied_secretary": ADVISES | ADMINISTERS | SECRETARIAT,
    "cleared_secretary": ADVISES | ADMINISTERS | SECRETARIAT | WORKS,
    "partial_secretary": SECRETARIAT,
    "claimant": set(),
}
"""What each may do with a proposal that the whole procedure has seen; the registrar typed it in and writes along."""
EVERYTHING = sorted(set().union(*CELLS.values()))


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
    for name, function in (("writer", "write"), ("reader", "read"), ("registrar", "write")):
        found[name] = person(name)
        proposal.accesses.create(
            function=function, user=found[name], since_at=day(0), since_by=world.cast.owner
        )
    give_role(found["registrar"], Role.SECRETARIAT)
    along = Dgo.objects.create(slug="medlaeser", name="DGO Medlæser", area="Fyn")
    found["co_reader"] = person("co_reader")
    give_role(found["co_reader"], Role.DGO_ADVISER, dgo=along)
    proposal.accesses.create(
        function="co_read", dgo=along, since_at=day(0), since_by=world.cast.owner
    )
    # Writing what one has typed in for another is no tie.
    Proposal.objects.filter(pk=proposal.pk).update(created_by=found["registrar"])
    proposal.refresh_from_db()
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
        name: {p for p in EVERYTHING if user.has_perm(p, *about(p, proposal))}
        for name, user in people(world, proposal).items()
    }
    assert found == CELLS


def about(permission: str, proposal: Proposal) -> tuple[Proposal, ...]:
    alone = ("proposals.register", "review.read_meetings", "review.manage_agendas")
    return () if permission in alone else (proposal,)


def test_no_permission_is_left_out() -> None:
    others = {"review.fund", "review.manage_agendas", "review.read_meetings"}
    known = {name for name in permissions if name.startswith(("proposals.", "review."))}
    assert known == set(EVERYTHING) | others


FOR_SOME = {
    # Who has said it already is told so on the page.
    "declare",
    # Pages about a meeting, or about one's own consent or participant, which are open without a part in this proposal.
    "place",
    "publish",
    "prepare",
    "decide",
    "approve",
    "consent",
    "commit",
    # The conversation is read by all who take part in it.
    "advise",
    "open_sparring",
}
"""Buttons whose page is open to more than those who are shown them."""


@pytest.mark.parametrize("status", Status)
def test_a_button_is_shown_to_those_whom_its_page_lets_in(status: Status) -> None:
    world = a_world()
    proposal = proposal_at(status, world)
    everybody = people(world, proposal)
    shown: dict[str, set[str]] = {}
    pages: dict[str, Any] = {}
    for name, user in everybody.items():
        for step in open_steps(proposal, user, at=AFTER):
            shown.setdefault(step.id, set()).add(name)
            pages[step.id] = resolve(step.url).func.view_class  # type: ignore[attr-defined]  # Django puts it there

    for button, page in pages.items():
        asked = getattr(page, "duty", None) or getattr(page, "permission", "")
        let_in = {
            name
            for name, user in everybody.items()
            if Proposal.objects.visible_to(user, at=AFTER).filter(pk=proposal.pk).exists()
            and (
                not asked
                or user.has_perm(
                    asked, *([] if "meetings" in asked or "agendas" in asked else [proposal])
                )
            )
        }
        if button in FOR_SOME:
            assert shown[button] <= let_in, (button, asked)
        else:
            assert shown[button] == let_in, (button, asked)


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
        "registrar",
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
    writer = everybody["writer"] = person("writing secretary")
    give_role(writer, Role.SECRETARIAT)
    proposals[0].accesses.create(
        function="write", user=writer, since_at=day(0), since_by=world.cast.owner
    )
    merged = everybody["of the successor"] = person("of the successor")
    give_role(merged, Role.DGO_ADVISER, dgo=world.cast.dgo)
    give_role(merged, Role.MEMBER, organization=world.cast.region)
    world.cast.municipalities[2].successor = world.cast.region
    world.cast.municipalities[2].save()

    for name, organization in (
        ("funder of its own", world.cast.municipalities[0]),
        ("funder of another", world.cast.realdania),
    ):
        everybody[name] = person(name)
        give_role(everybody[name], Role.FUNDER, organization=organization)
    give_role(everybody["funder of another"], Role.MEMBER, organization=world.cast.region)
    answers = everybody["contact"] = person("contact")
    give_role(answers, Role.FUNDER, organization=world.cast.realdania)
    row = proposals[1].participants.order_by("pk").first()
    Commitment.objects.create(participant=row, contact=answers)

    tied_as_funder = {}
    for name, user in everybody.items():
        user.__dict__.pop("duties", None)
        funds = Proposal.objects.filter(
            blocked_for(user, user.duties_at(AFTER), at=AFTER, as_funder=True)
        )
        assert set(funds) == {
            p for p in proposals if impartiality.is_blocked(user, p, at=AFTER, as_funder=True)
        }, name
        tied_as_funder[name] = len(funds)
        rows = Proposal.objects.filter(blocked_for(user, user.duties_at(AFTER), at=AFTER))
        expected = {p.pk for p in proposals if impartiality.is_blocked(user, p, at=AFTER)}
        assert set(rows.values_list("pk", flat=True)) == expected, name
        held = standings(user, proposals, at=AFTER)
        for proposal in proposals:
            through = proposal.accesses.through_function(user.duties_at(AFTER))
            held_as = set(through.values_list("function", flat=True))
            said = held[proposal.pk]
            assert said.is_blocked == (proposal.pk in expected and bool(held_as - {"fund"})), name
            assert said.is_blocked_as_funder == (proposal in funds and "fund" in held_as), name
    # What was held equal is not equal because it is empty.
    assert [
        tied_as_funder[name] for name in ("funder of its own", "funder of another", "contact")
    ] == [
        0,
        2,
        1,
    ]


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
