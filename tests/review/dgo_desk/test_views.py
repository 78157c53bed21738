"""The views of the desk one keeps: named, shown first, renamed and removed, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

import pytest

from proposals.line.lifecycle import Status
from review.dgo_desk import steps
from review.dgo_desk.models import SavedView
from tests.factories.walk import proposal_at
from tests.review.dgo_desk.test_desk import DESK, titles

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.factories.walk import World
    from tests.pages import Pages

VIEWS = f"{DESK}visninger/"
NEW = f"{VIEWS}ny/"


@pytest.fixture
def adviser(world: World, pages: Pages) -> User:
    pages.as_(world.cast.adviser)
    return world.cast.adviser


def test_filters_are_kept_under_a_name_and_are_what_the_desk_opens_with(
    pages: Pages, world: World, adviser: User
) -> None:
    proposal_at(Status.IN_QUALIFICATION, world, title="Venter")
    proposal_at(Status.QUALIFIED, world, title="Videre")
    page = pages.get(f"{DESK}?sort=titel&tilstand=qualified&page=1&x=y")
    kept = f"{NEW}?tilstand=qualified&sort=titel"
    assert kept in page.links
    assert "fagligt kvalificeret; titel, fra a til å" in pages.get(kept).text

    saved = pages.post(kept, {"name": "De videre", "is_default": "on"})

    assert saved.location == f"{DESK}?tilstand=qualified&sort=titel"
    page = pages.get(saved.location)
    assert page.messages == ["Visningen De videre er gemt."]
    current = [a for a in page.root.iter("a") if a.get("aria-current") == "true"]
    assert ["".join(a.itertext()) for a in current] == ["De videre"]
    assert pages.get(DESK, status=302).location == saved.location
    # Everything is one link away all the same.
    assert titles(pages.get(f"{DESK}?alle=1")) == ["Venter", "Videre"]
    assert f"{DESK}?alle=1" in page.links


def test_where_one_is_sent_on_the_desk_is_not_read(pages: Pages, adviser: User) -> None:
    steps.keep(name="Mine", query="hvem=mig", is_default=True, by=adviser)
    with CaptureQueriesContext(connection) as asked_for:
        assert pages.get(DESK, status=302).location == f"{DESK}?hvem=mig"
    # Who it is, what they may, and what stands around.
    assert len(asked_for) == 4, [str(query["sql"])[:200] for query in asked_for.captured_queries]


def test_a_name_is_ones_own_and_once(pages: Pages, world: World, adviser: User) -> None:
    steps.keep(name="Mine", query="hvem=mig", is_default=False, by=adviser)
    steps.keep(name="Mine", query="hvem=mig", is_default=True, by=world.cast.other_adviser)

    page = pages.post(f"{NEW}?hvem=ingen", {"name": " Mine "}, status=200)
    assert page.problems == ["Du har allerede en visning med det navn. Vælg et andet"]
    assert page.value("name") == " Mine "
    assert pages.post(f"{NEW}?hvem=ingen", {"name": ""}, status=200).problems == [
        "Indtast et navn, fx Mine, der haster"
    ]


def test_one_view_is_shown_first(adviser: User) -> None:
    first = steps.keep(name="A", query="hvem=mig", is_default=True, by=adviser)
    second = steps.keep(name="B", query="kun=ny", is_default=True, by=adviser)
    assert list(SavedView.objects.defaults()) == [second]
    steps.change(view_pk=first.pk, name="A", is_default=True, by=adviser)
    assert list(SavedView.objects.defaults()) == [first]
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.update(is_default=True)


def test_a_view_is_renamed_and_removed(pages: Pages, adviser: User) -> None:
    view = steps.keep(name="Gammel", query="kun=ny", is_default=False, by=adviser)
    steps.keep(name="Anden", query="", is_default=False, by=adviser)
    address = f"{VIEWS}{view.pk}/"
    page = pages.get(address)
    assert (page.value("name"), "ny siden sidst" in page.text) == ("Gammel", True)
    taken = pages.post(address, {"name": "Anden"}, status=200)
    assert taken.problems == ["Du har allerede en visning med det navn. Vælg et andet"]

    pages.post(address, {"name": "<b>Nyt</b>", "is_default": "on"})

    shown = pages.get(VIEWS)
    assert "<b>Nyt</b> Vises, når du åbner skrivebordet" in shown.text
    pages.post(f"{address}fjern/")
    assert [view.name for view in SavedView.objects.of(adviser)] == ["Anden"]


def test_nobody_changes_anothers(pages: Pages, world: World, adviser: User) -> None:
    theirs = steps.keep(name="Deres", query="", is_default=False, by=world.cast.other_adviser)
    for address in (f"{VIEWS}{theirs.pk}/", f"{VIEWS}{theirs.pk}/fjern/"):
        pages.post(address, {"name": "Min"}, status=404)
    assert "Deres" not in pages.get(VIEWS).text
    theirs.refresh_from_db()
    assert theirs.name == "Deres"


def test_there_are_no_more_views_than_one_finds_ones_way_among(pages: Pages, adviser: User) -> None:
    for number in range(steps.MOST_VIEWS):
        steps.keep(name=f"Nr. {number}", query="", is_default=False, by=adviser)
    page = pages.post(NEW, {"name": "En til"}, status=200)
    assert page.problems == ["Du har allerede 20 visninger. Fjern en af dem først."]


def test_no_views_is_a_page_too(pages: Pages, adviser: User) -> None:
    page = pages.get(VIEWS)
    assert "Her kommer de visninger, du gemmer." in page.text
    assert DESK in page.links


@pytest.mark.parametrize("query", ("hvem=999", "tilstand=x&sort=y", "q=%00", "=&&", "<script>"))
def test_a_view_of_what_is_gone_is_answered(pages: Pages, adviser: User, query: str) -> None:
    SavedView.objects.create(user=adviser, name="Gammel", query=query, is_default=True)
    page = pages.get(pages.get(DESK, status=302).location)
    assert page.heading == "Kvalificering"
    pages.get(VIEWS)
