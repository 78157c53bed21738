"""Pages of lists that are counted to a thousand and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import InvalidPage
from django.template.loader import render_to_string
from django.test import RequestFactory

import pytest

from klimaspor.accounts.models import Organization
from klimaspor.paging import Paginator

if TYPE_CHECKING:
    from klimaspor import paging


def make(count: int) -> Any:
    Organization.objects.bulk_create(
        Organization(name=f"Firma {number:05}", kind="company") for number in range(count)
    )
    return Organization.objects.order_by("pk")


def shown(page: paging.Page) -> str:
    query = RequestFactory().get("/").GET
    html = render_to_string("components/pagination.html", {"page": page, "query": query})
    return " ".join(html.split("</p>")[0].split(">")[-1].split())


@pytest.mark.parametrize(
    ("number", "here"),
    (
        (None, 1),
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("4", 3),
        ("0", 3),
        ("-1", 3),
        ("to", 1),
        ("9" * 40, 3),
        ("1.5", 1),
    ),
)
def test_a_short_list_is_counted_and_paged(db: None, number: str | None, here: int) -> None:
    page = Paginator(make(52), 25).get_page(number)

    assert (page.number, page.paginator.count, page.paginator.num_pages) == (here, 52, 3)
    assert len(page) == (2 if here == 3 else 25)
    assert (page.has_previous(), page.has_next()) == (here > 1, here < 3)
    first, last = page.start_index(), page.end_index()
    assert shown(page) == f"Viser {first}-{last} af 52 forslag"
    assert page.numbers == [1, 2, 3]


def test_what_fits_on_a_page_is_not_counted(db: None, django_assert_num_queries: Any) -> None:
    found = make(25)
    with django_assert_num_queries(1):
        page = Paginator(found, 25).get_page(None)
        assert (page.paginator.count, page.has_other_pages()) == (25, False)
    assert shown(page) == "25 forslag"


def test_the_last_page_tells_the_length(db: None, django_assert_num_queries: Any) -> None:
    found = make(30)
    with django_assert_num_queries(1):
        page = Paginator(found, 25).get_page("2")
        assert page.paginator.count == 30


def test_nothing_is_one_empty_page(db: None) -> None:
    page = Paginator(make(0), 25).get_page(None)
    assert (list(page), page.paginator.count, page.paginator.num_pages) == ([], 0, 1)
    assert (page.start_index(), page.end_index(), shown(page)) == (0, 0, "0 forslag")


@pytest.mark.parametrize(("count", "text"), ((1000, "1.000"), (1001, "over 1.000")))
def test_a_thousand_is_counted_and_more_is_over_it(db: None, count: int, text: str) -> None:
    page = Paginator(make(count), 25).get_page("2")
    assert shown(page) == f"Viser 26-50 af {text} forslag"


def test_one_goes_on_beyond_what_is_counted(db: None) -> None:
    found = make(1060)
    pages = [Paginator(found, 25).get_page(str(number)) for number in (1, 40, 41, 42, 43)]

    assert [page.has_next() for page in pages] == [True, True, True, True, False]
    assert [page.numbers for page in pages] == [
        [1, 2, 3, None],
        [1, None, 38, 39, 40, 41, None],
        [1, None, 39, 40, 41, 42, None],
        [1, None, 40, 41, 42, 43, None],
        [1, None, 41, 42, 43],
    ]
    assert shown(pages[-1]) == "Viser 1.051-1.060 af over 1.000 forslag"
    assert pages[-1].next_page_number if pages[-1].has_next() else True
    # Whoever writes a page into the address that is none gets the last.
    assert Paginator(found, 25).get_page("99").number == 43


def test_no_more_is_counted_than_a_thousand(db: None, django_assert_num_queries: Any) -> None:
    found = make(1060)
    with django_assert_num_queries(2) as asked:
        assert not Paginator(found, 25).get_page(None).paginator.is_counted
    assert "LIMIT 1001" in asked.captured_queries[1]["sql"]


def test_what_is_no_page_is_refused(db: None) -> None:
    pages = Paginator(make(30), 25)
    for number in ("0", "3", "to", None):
        with pytest.raises(InvalidPage):
            pages.page(number)
    with pytest.raises(InvalidPage):
        pages.page(2).next_page_number()
    with pytest.raises(InvalidPage):
        pages.page(1).previous_page_number()


def test_pages_around_the_one_shown_have_links() -> None:
    found = list(range(312))
    shown = {n: Paginator(found, 25).get_page(n).numbers for n in (1, 2, 5, 7, 12, 13)}
    assert shown == {
        1: [1, 2, 3, None, 13],
        2: [1, 2, 3, 4, None, 13],
        5: [1, 2, 3, 4, 5, 6, 7, None, 13],
        7: [1, None, 5, 6, 7, 8, 9, None, 13],
        12: [1, None, 10, 11, 12, 13],
        13: [1, None, 11, 12, 13],
    }
