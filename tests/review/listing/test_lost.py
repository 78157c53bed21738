"""What is left of a case to whoever is found partial in it: a title line that says so, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klimaspor import danish
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from tests.factories.walk import AFTER, proposal_at

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.factories.walk import World
    from tests.pages import Pages


def find_partial(proposal: Proposal, user: User, world: World, *, is_impartial: bool) -> None:
    raised = impartiality.declare(
        proposal_pk=proposal.pk, user=user, reason="Gift med ejeren", by=user, at=AFTER
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=is_impartial,
        note="Tæt på",
        by=world.cast.colleague if user == world.cast.secretariat else world.cast.secretariat,
        at=AFTER,
    )


def lines(pages: Pages, user: User, query: str = "") -> list[str]:
    root = pages.as_(user).get(f"/forslag/{query}").root
    found = root.iterfind(".//section[@aria-labelledby='lost-heading']/ul/li")
    return [danish.plain(" ".join("".join(line.itertext()).split())) for line in found]


@pytest.mark.parametrize(
    ("who", "status"),
    (
        ("adviser", Status.IN_QUALIFICATION),
        ("secretariat", Status.IN_APPROVAL),
        ("committee", Status.ON_AGENDA),
        ("funder", Status.APPROVED),
    ),
)
def test_a_title_line_says_so_and_nothing_else_is_there(
    who: str, status: Status, world: World, pages: Pages
) -> None:
    proposal = proposal_at(status, world)
    user = getattr(world.cast, who)
    assert lines(pages, user) == []
    find_partial(proposal, user, world, is_impartial=False)
    # What is written since was never sent to anybody.
    Proposal.objects.filter(pk=proposal.pk).update(title="Hemmelig ny titel")

    assert lines(pages, user) == [f"{proposal.number} Lavbundsjord"]
    page = pages.as_(user).get("/forslag/")
    assert not [link for link in page.links if proposal.number in link]
    assert "Gift med ejeren" not in page.text
    pages.get(f"/forslag/{proposal.number}/", status=404)
    for query in ("?q=Lavbundsjord", f"?q={proposal.number}", f"?status={status}"):
        assert "Lavbundsjord" not in pages.get(f"/forslag/{query}").text
        assert lines(pages, user, query) == []


def test_of_what_was_never_sent_to_them_there_is_a_number_and_no_title(
    world: World, pages: Pages
) -> None:
    proposal = proposal_at(Status.DRAFT, world)
    proposal.accesses.create(
        function="advise", dgo=world.cast.dgo, since_at=proposal.created_at, since_by=proposal.owner
    )
    find_partial(proposal, world.cast.adviser, world, is_impartial=False)

    assert lines(pages, world.cast.adviser) == [proposal.number]


def test_nobody_else_gets_the_line(world: World, pages: Pages) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    find_partial(proposal, world.cast.adviser, world, is_impartial=True)
    # Not theirs to work with either way.
    find_partial(proposal, world.cast.other_adviser, world, is_impartial=False)
    find_partial(proposal, world.cast.owner, world, is_impartial=False)

    for who in ("adviser", "other_adviser", "owner", "secretariat", "stranger"):
        assert lines(pages, getattr(world.cast, who)) == [], who
