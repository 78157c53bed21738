"""
What the tabs of a browser say: of every page about something, what it is about.

Two pages of two things never have the same title, and two of the same thing have not either; the addresses come from the table.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from review.agenda.models import Agenda
from tests.access.test_access import WHO, address_of, rows, somebody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.conftest import Leaky

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FEW = 3
"""How many things of each address are opened."""
NEAR = 5
"""How far from the key of the one the others are looked for."""
SAME = {
    # One link leads to another page, or says that it has been used.
    "account_confirm_email",
    "account_reset_password_from_key",
}
WORDS_OF_PLACES = {
    "slug",
    "gate",
    "what",
    "kind",
    "name",
    "first",
    "second",
    "uidb36",
    "key",
    "token",
}
"""What an address names that is no thing of its own."""


def others(leaky: Leaky, given: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give what the address may name instead."""
    for name, value in given.items():
        if name == "number" and leaky.numbered(value):
            numbers = [proposal.number for proposal in leaky.proposals.values()]
            yield from ({**given, name: number} for number in numbers)
        elif name == "date":
            yield from ({**given, name: a.meeting_date.isoformat()} for a in Agenda.objects.all())
        elif name not in WORDS_OF_PLACES:
            key = int(value.format(**leaky.things))
            near = range(max(1, key - NEAR), key + NEAR)
            yield from ({**given, name: str(other)} for other in near)


def titles(leaky: Leaky) -> dict[str, dict[str, str]]:
    """Give the title of every page there is, by the name of its address and then where it is."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    clients: dict[str, Any] = {}
    for name, given, cells in rows():
        may = [who for who, cell in zip(WHO, cells, strict=True) if cell == "200"]
        for who in may[:1]:
            client = clients.setdefault(who, somebody(leaky, who))
            for things in (given, *others(leaky, given)):
                address = address_of(leaky, name, things)
                if address in found[name] or len(found[name]) >= FEW:
                    continue
                answer = client.get(address)
                is_page = answer.status_code == 200 and "html" in answer["Content-Type"]
                if is_page and (title := TITLE.search(answer.content.decode())):
                    found[name][address] = html.unescape(title[1]).strip()
                if answer.streaming:
                    b"".join(answer)
    return found


@pytest.mark.slow("opens every page for some of what it is about")
@pytest.mark.urls("tests.access.urls")
def test_every_title_says_what_the_page_is_about(leaky: Leaky) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, of_address in titles(leaky).items():
        for address, title in of_address.items():
            assert title.endswith(" – Klimaspor"), address
            if name not in SAME:
                places[title].append(address)

    assert {title: there for title, there in places.items() if len(there) > 1} == {}
