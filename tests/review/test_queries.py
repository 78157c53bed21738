"""How many questions the proposal's page asks: never more than 16, however much there is, for whoever reads which tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from proposals.line.lifecycle import Status
from proposals.sparring import steps as advice
from tests.factories.walk import AFTER, proposal_at

if TYPE_CHECKING:
    from tests.factories.walk import World
    from tests.pages import Pages

TABS = ("", "indhold/", "sparring/", "versioner/", "forloeb/")
ASKED = {
    Status.QUALIFIED: {
        "owner": (16, 15, 13, 11, 13),
        "adviser": (16, 14, 13, 11, 13),
        "secretariat": (16, 13, 13, 11, 13),
    },
    Status.ON_AGENDA: {
        "owner": (16, 16, 13, 11, 13),
        "adviser": (16, 14, 13, 11, 13),
        "secretariat": (16, 13, 13, 11, 13),
        "committee": (16, 11, 9, 11, 12),
    },
    Status.APPROVED: {
        "owner": (15, 16, 13, 11, 13),
        "adviser": (16, 14, 13, 11, 13),
        "secretariat": (16, 13, 13, 11, 13),
        "committee": (16, 11, 9, 11, 12),
        "funder": (16, 11, 9, 11, 12),
    },
}


@pytest.mark.slow("walks proposals far along the line")
@pytest.mark.parametrize("count", (1, 3))
@pytest.mark.parametrize("status", ASKED)
def test_the_proposals_page_asks_the_same_however_much_is_said(
    pages: Pages, world: World, django_assert_num_queries: Any, status: Status, count: int
) -> None:
    proposals = [proposal_at(status, world) for _ in range(count)]
    number = proposals[0].number
    for _ in range(count):
        advice.comment(
            proposal_pk=proposals[0].pk, section="", text="Spørg", by=world.cast.owner, at=AFTER
        )

    for who, asked in ASKED[status].items():
        pages.as_(getattr(world.cast, who))
        for tab, queries in zip(TABS, asked, strict=True):
            with django_assert_num_queries(queries, info=f"{who} {tab}"):
                pages.get(f"/forslag/{number}/{tab}")
