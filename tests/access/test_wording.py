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


BROKEN = re.compile(
    r"\bkl\. [0-9]|\b[0-9]{1,2}\. (?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)\b"
    r"|[0-9] (?:kr\.|mio\.|%)|§ [0-9]|[0-9]-[0-9]+[\xa0 ](?:%|mio\.|kr\.)"
)
"""A date, a time of day, an amount or a share that a line may end in."""
TELEPHONE = re.compile(r"(?:\+[0-9]{2}[\xa0 ])?(?:[0-9]{2}[\xa0 ]){3}[0-9]{2}\b")


@pytest.mark.slow("opens every address there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("who", WHO)
def test_dates_times_and_amounts_stay_on_one_line_and_numbers_can_be_pressed(
    leaky: Leaky, who: str
) -> None:
    broken, silent = {}, {}
    for page in opened(leaky, who):
        if found := BROKEN.findall(words_within(page.root)):
            broken[page.url] = found
        dialed = {
            words_within(a) for a in page.root.iter("a") if a.get("href", "").startswith("tel:")
        }
        if silence := set(TELEPHONE.findall(words_within(page.root))) - dialed:
            silent[page.url] = silence

    assert broken == {}
    assert silent == {}


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
