"""What was not sent to a person's stop is neither shown nor found."""

from __future__ import annotations

import pytest

from klimaspor import search
from klimaspor.accounts.models import Role, User
from proposals.drafting import steps as drafting
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import AFTER, a_world, day, proposal_at

pytestmark = pytest.mark.django_db


def shown(user: User, text: str) -> list[str]:
    rows = Proposal.objects.visible_to(user, at=AFTER).with_reading(user, at=AFTER)
    rows = rows.matching(search.tsquery(text)) if text else rows
    return [row.shown_title for row in rows]


def test_committee_and_funders_read_and_find_what_was_sent_to_approval_only() -> None:
    world = a_world()
    cast = world.cast
    both = person("Begge Dele")
    for role in (Role.COMMITTEE, Role.SECRETARIAT):
        give_role(both, role)
    proposal = walk.meet(proposal_at(Status.RECOMMENDED, world), "sent_back", world)
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={"title": "Biokul"},
        by=cast.owner,
        at=day(7),
    )

    # The new draft is its writers' own.
    for user, title in (
        (cast.owner, "Biokul"),
        (cast.adviser, "Lavbundsjord"),
        (cast.secretariat, "Lavbundsjord"),
        (both, "Lavbundsjord"),
        (cast.committee, "Lavbundsjord"),
    ):
        assert (shown(user, title), shown(user, "")) == ([title], [title]), user

    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(8))

    # Sent to qualification it is the DGO's and the secretariat's, and not yet the committee's.
    for user, title, other in (
        (cast.adviser, "Biokul", "Lavbundsjord"),
        (cast.secretariat, "Biokul", "Lavbundsjord"),
        (both, "Biokul", "Lavbundsjord"),
        (cast.committee, "Lavbundsjord", "Biokul"),
    ):
        assert (shown(user, title), shown(user, other)) == ([title], []), user
