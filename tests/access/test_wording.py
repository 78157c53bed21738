"""What every page says, to those who may open it: which words stand first, and which stay on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.access.test_access import address_of, somebody, visited
from tests.pages import Page, words_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.conftest import Leaky

WHO = ("nobody", "owner", "adviser", "secretariat", "committee", "funder")
TRACK = re.compile(r"\b(?:klimaudviklings)?spor(?:et|ene)?\b", re.IGNORECASE)


def opened(leaky: Leaky, who: str) -> Iterator[Page]:
    """Give the pages somebody may open."""
    client = somebody(leaky, who)
    for name, given, _ in visited(who):
        response: Any = client.get(address := address_of(leaky, name, given))
        if response.streaming:
            # Read to its end a file is closed.
            b"".join(response)
            continue
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_page:
            yield Page(response, address, response.content)


@pytest.mark.slow("opens every address there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", WHO)
def test_a_page_names_a_klimaudviklingsspor_in_full_before_it_says_spor(
    leaky: Leaky, who: str
) -> None:
    first = {}
    for page in opened(leaky, who):
        for main in page.root.iter("main"):
            text = " ".join(words_within(main).split())
            found = TRACK.search(text)
            if found and not found[0].lower().startswith("klima"):
                first[page.url] = text[max(0, found.start() - 60) : found.end() + 40]

    assert first == {}
