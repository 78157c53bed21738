"""The kit of pages: what holds for every page that stands on it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

from klimaspor.pages import FormPage, Page, Press

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ANCESTORS = 5
"""Of ours, so that a stranger finds whose method runs."""


def views(resolver: URLResolver) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern):
            yield getattr(entry.callback, "view_class", entry.callback)


PAGES = sorted(
    {view for view in views(get_resolver()) if isinstance(view, type) and issubclass(view, Page)},
    key=lambda page: (page.__module__, page.__name__),
)


def test_every_page_says_what_the_kit_asks() -> None:
    assert len(PAGES) > 100
    assert [page for page in PAGES if inspect.isabstract(page)] == []
    assert [page for page in PAGES if issubclass(page, FormPage) and issubclass(page, Press)] == []


def test_no_page_has_more_ancestors_than_a_stranger_can_follow() -> None:
    ours = {
        page: [
            kind.__name__
            for kind in page.__mro__[1:]
            if kind.__module__.partition(".")[0] in ("klimaspor", "proposals", "review")
        ]
        for page in PAGES
    }

    assert {page: kinds for page, kinds in ours.items() if len(kinds) > MOST_ANCESTORS} == {}
