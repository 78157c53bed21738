"""Comparing any two texts, the press "Markér som læst" with its way back, and the history of an answer as a page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.test import Client

import pytest

from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.reading.models import ReadMark
from proposals.sparring import steps as sparring
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.pages import Page, Pages

if TYPE_CHECKING:
    from klimaspor.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def pages() -> Pages:
    return Pages(Client())


@pytest.fixture
def opened(cast: Cast) -> Proposal:
    """A draft that was written in the morning, and opened for sparring half an hour ago."""
    proposal = a_ready_draft(cast, a_round())
    yesterday = NOW - timedelta(days=1)
    proposal.answer_changes.update(began_at=yesterday, edited_at=yesterday)
    proposal.field_versions.update(edited_at=yesterday)
    write(proposal, "Før åbningen", by=cast.owner, minutes=-60)
    sparring.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW - timedelta(minutes=30))
    proposal.refresh_from_db()
    return proposal


def write(proposal: Proposal, text: str, *, by: User, minutes: float = 0) -> None:
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": text},
        by=by,
        at=NOW + timedelta(minutes=minutes),
    )


def at(proposal: Proposal, path: str) -> str:
    return f"/forslag/{proposal.number}/{path}"


def mark(pages: Pages, proposal: Proposal, shown: Page) -> Page:
    return pages.post(at(proposal, "laest/"), {"base-page": shown.value("base-page")})


def test_the_press_and_what_is_new_after_it(pages: Pages, cast: Cast, opened: Proposal) -> None:
    pages.as_(cast.adviser)
    shown = pages.get(at(opened, "indhold/"))
    assert "Du har ikke markeret forslaget som læst" in shown.text
    assert mark(pages, opened, shown).location == at(opened, "indhold/")
    assert "Der er ikke noget nyt, siden du læste forslaget" in pages.get(at(opened, "")).text
    ReadMark.objects.update(read_at=NOW - timedelta(minutes=20))

    write(opened, "Efter <b>åbningen</b>", by=cast.owner, minutes=-10)
    economy.save_financing(
        proposal_pk=opened.pk,
        lines=[(2027, "Vindfonden", Decimal(500), "requested")],
        by=cast.owner,
        at=NOW - timedelta(minutes=10),
    )

    for path in ("", "indhold/"):
        told = pages.get(at(opened, path))
        assert "2 svar er ændret (Effekt og Finansiering)" in told.text
        assert f"{at(opened, 'sammenlign/laest/nu/')}#aendring-1" in told.links
    compared = pages.get(at(opened, "sammenlign/laest/nu/"))
    assert compared.heading == "Ændringer, siden du sidst læste"
    assert "Før [kun her: Før ] åbningen" in compared.text
    assert "Efter [kun her: Efter <b> ] åbningen [kun her: </b>" in compared.text
    assert "Tilføjet: Vindfonden" in compared.text
    assert "#aendring-2" in compared.links
    assert at(opened, "svar/effects/") in compared.links

    mark(pages, opened, compared)
    shown = pages.get(at(opened, "indhold/"))
    assert "Der er ikke noget nyt" in shown.text
    for _ in range(2):
        pages.post(at(opened, "laest/fortryd/"), {"marked": shown.value("marked")})
    assert "2 svar er ændret" in pages.get(at(opened, "indhold/")).text


def test_a_press_at_an_older_text_is_refused(pages: Pages, cast: Cast, opened: Proposal) -> None:
    shown = pages.as_(cast.adviser).get(at(opened, "indhold/"))
    write(opened, "Nyt", by=cast.owner)

    answer = mark(pages, opened, shown)

    assert "Forslaget er ændret, siden du åbnede siden" in pages.get(answer.location).text
    assert not ReadMark.objects.exists()


def test_two_texts_are_chosen_without_a_script(pages: Pages, cast: Cast, opened: Proposal) -> None:
    pages.as_(cast.adviser)
    mark(pages, opened, pages.get(at(opened, "indhold/")))

    chosen = pages.get(
        at(opened, "sammenlign/nu/nu/"), data={"fra": "laest", "til": "nu"}, status=302
    )

    assert chosen.location == at(opened, "sammenlign/laest/nu/")
    pages.get(at(opened, "sammenlign/1/nu/"), status=404)


def test_what_one_reads_oneself_only_is_compared(
    pages: Pages, cast: Cast, opened: Proposal
) -> None:
    pages.as_(cast.adviser)
    mark(pages, opened, pages.get(at(opened, "indhold/")))
    sparring.close_sparring(proposal_pk=opened.pk, by=cast.owner, at=NOW)

    for path in ("sammenlign/laest/nu/", "sammenlign/nu/nu/", "svar/effects/"):
        pages.get(at(opened, path), status=404)


# The history of an answer


def test_an_adviser_reads_the_history_from_when_sparring_was_opened(
    pages: Pages, cast: Cast, opened: Proposal
) -> None:
    write(opened, "Efter åbningen", by=cast.owner, minutes=-10)

    whole = pages.as_(cast.owner).get(at(opened, "svar/effects/"))
    later = pages.as_(cast.adviser).get(at(opened, "svar/effects/"))

    assert whole.text.count(cast.owner.name) - later.text.count(cast.owner.name) >= 2
    assert "Kommunerne mangler" in whole.text
    assert "Kommunerne mangler" not in later.text
    assert "Før [kun her: Før ] åbningen" in later.text
    assert "Sæt teksten fra før ændringen ind igen" not in later.text
    pages.get(at(opened, "svar/status/"), status=404)
    pages.get(at(opened, "svar/attachments/"))


def test_an_earlier_text_is_brought_back_and_back_again(
    pages: Pages, cast: Cast, opened: Proposal
) -> None:
    write(opened, "Efter åbningen", by=cast.owner, minutes=-1)
    pages.as_(cast.owner)

    for expected in ("Før åbningen", "Efter åbningen", "Før åbningen"):
        way = next(
            link
            for link in pages.get(at(opened, "svar/effects/")).links
            if "/svar/effects/" in link
        )
        shown = pages.get(way)
        answer = pages.post(way, shown.sent)
        assert answer.location == at(opened, "svar/effects/")
        opened.refresh_from_db()
        assert opened.effects == expected


def test_what_another_wrote_meanwhile_is_not_written_over_unseen(
    pages: Pages, cast: Cast, opened: Proposal
) -> None:
    Access.objects.grant(opened, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    entry = opened.answer_changes.filter(name="effects").latest("pk")
    way = at(opened, f"svar/effects/{entry.pk}/")
    shown = pages.as_(cast.owner).get(way)
    write(opened, "Fridas", by=cast.stranger)

    refused = pages.post(way, shown.sent, status=409)

    opened.refresh_from_db()
    assert opened.effects == "Fridas"
    assert "Fridas" in refused.text
    pages.post(way, refused.sent)
    opened.refresh_from_db()
    assert opened.effects == entry.before


@pytest.mark.parametrize(
    ("slug", "name", "first", "second"),
    (
        ("oekonomi", "requested_amount", Decimal(1500), Decimal(2000)),
        ("rus", "goals", [6, 13], [1]),
        ("udviklingselement", "is_open", True, False),
    ),
)
def test_answers_of_any_kind_are_brought_back(  # one row says what was and what is
    slug: str,
    name: str,
    first: object,
    second: object,
    pages: Pages,
    cast: Cast,
    opened: Proposal,
) -> None:
    for value, minutes in ((first, -20), (second, -10)):
        drafting.save_section(
            proposal_pk=opened.pk,
            slug=slug,
            answers={name: value},
            by=cast.owner,
            at=NOW + timedelta(minutes=minutes),
        )
    entry = opened.answer_changes.filter(name=name).latest("pk")
    way = at(opened, f"svar/{name}/{entry.pk}/")

    pages.post(way, pages.as_(cast.owner).get(way).sent)

    opened.refresh_from_db()
    assert getattr(opened, name) == first
