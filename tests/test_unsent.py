"""What was typed is kept over an ended session and an old token, for its writer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client

import pytest

from klimaspor import unsent
from proposals.models import Access, Function
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round
from tests.pages import Page, Pages

if TYPE_CHECKING:
    from proposals.models import Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


def url(proposal: Proposal, slug: str = "effekt") -> str:
    return f"/forslag/{proposal.number}/afsnit/{slug}/"


def slip(page: Page) -> str:
    return page.value(unsent.SLIP) or ""


def test_old_token_costs_no_text(cast: Cast, draft: Proposal) -> None:
    pages = Pages(Client(enforce_csrf_checks=True)).as_(cast.owner)
    given = slip(pages.get(url(draft)))

    refused = pages.post(
        url(draft), {"revision": "1", "effects": "Lang tekst", unsent.SLIP: given}, status=403
    )

    assert refused.primary == ["Åbn siden igen"]
    assert pages.get(url(draft)).value("effects") == "Lang tekst"


def test_another_site_puts_no_words_in_a_form(cast: Cast, draft: Proposal) -> None:
    pages = Pages(Client(enforce_csrf_checks=True)).as_(cast.owner)
    pages.get(url(draft))

    refused = pages.post(url(draft), {"revision": "1", "effects": "Sneget ind"}, status=403)

    assert refused.primary == []
    assert pages.get(url(draft)).value("effects") == ""


def test_slip_of_another_person_puts_no_words_in_a_form(cast: Cast, draft: Proposal) -> None:
    theirs = slip(Pages(Client()).as_(cast.owner).get(url(draft)))
    pages = Pages(Client(enforce_csrf_checks=True)).as_(cast.stranger)

    pages.post(url(draft), {"effects": "Sneget ind", unsent.SLIP: theirs}, status=403)

    assert pages.get("/forslag/").body.find(b"Sneget ind") == -1
    assert pages.as_(cast.owner).get(url(draft)).value("effects") == ""


def test_what_another_typed_is_never_taken_as_ones_own(cast: Cast, draft: Proposal) -> None:
    Access.objects.grant(draft, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    pages = Pages(Client())
    theirs = slip(pages.as_(cast.owner).get(url(draft)))
    pages.as_(cast.stranger)
    typed = {"revision": "1", "do": "save", "effects": "Ellas", unsent.SLIP: theirs}

    refused = pages.post(url(draft), typed, status=403)

    assert "er ikke modtaget" in refused.text
    assert unsent.KEPT not in pages.client.session
    assert pages.get(url(draft)).value("effects") == ""


def test_old_token_and_another_person_is_not_said_to_be_kept(cast: Cast, draft: Proposal) -> None:
    theirs = slip(Pages(Client()).as_(cast.owner).get(url(draft)))
    pages = Pages(Client(enforce_csrf_checks=True)).as_(cast.stranger)

    refused = pages.post(url(draft), {"effects": "Ellas", unsent.SLIP: theirs}, status=403)

    assert "er ikke modtaget" in refused.text


def test_several_pages_are_kept_and_the_oldest_is_let_go(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    slugs = (
        "udfordringer",
        "effekt",
        "udviklingselement",
        "klimahandlingsplaner",
        "periode",
        "rus",
    )
    given = {slug: slip(pages.as_(cast.owner).get(url(draft, slug))) for slug in slugs}
    pages.client.logout()
    for slug in slugs:
        pages.post(url(draft, slug), {"do": slug, unsent.SLIP: given[slug]})

    kept = [page["path"] for page in pages.client.session[unsent.KEPT]]

    assert kept == [url(draft, slug) for slug in slugs[1:]]


def test_what_is_longer_than_any_form_is_not_kept(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    given = slip(pages.as_(cast.owner).get(url(draft)))
    pages.client.logout()
    pages.post(url(draft), {"effects": "x" * (unsent.MOST_CHARACTERS + 1), unsent.SLIP: given})
    assert unsent.KEPT not in pages.client.session
