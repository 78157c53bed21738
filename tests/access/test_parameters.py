"""Whatever stands in an address, the answer is a page: no parameter of any of them is read otherwise than by the one reader."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

import pytest

from klimaspor.accounts.forms import InvitationFilter, OrganizationFilter, PeopleFilter
from klimaspor.mail.forms import Filters
from proposals.reading.forms import CompareFilter
from review.dgo_desk.forms import DeskFilter
from review.listing.forms import ProposalFilter
from tests.access.test_access import address_of, rows, somebody

if TYPE_CHECKING:
    from django.test import Client

    from tests.access.conftest import Leaky

READ = re.compile(r'GET(?:\.get\(|\[|, )"([a-z_]+)"')
FORMS = (InvitationFilter, OrganizationFilter, PeopleFilter, Filters, CompareFilter)
PARAMETERS = {
    *ProposalFilter.base_filters,
    *(name for form in FORMS for name in form.base_fields),
    # Django's, allauth's and htmx's own.
    *("page", "sort", "next", "email", "code", "state", "error", "o", "p", "e", "all"),
    *DeskFilter.base_fields,
    *("alle", "navn", "vis", "frist", "q", "kommune", "soeg", "search", "searched"),
    *("term", "valgt", "om", "laest", "fra"),
}
HOSTILE = {
    "nothing": "",
    "nul": "%00",
    "nul within": "a%00b",
    "half a sign": "%ED%A0%80",
    "no utf-8": "%FF%FE",
    "unseen": quote("\u2060\u202e\ufeff\u200b"),
    "a letter": quote("å"),
    "digits": "9" * 5000,
    "a huge number": "9223372036854775808",
    "a negative one": "-1",
    "a power": quote("²"),
    "long": "x" * 10_000,
    "quotes": quote("'\"\\%_();--<script>"),
    "words": quote('"a b" -c or or - "'),
    "a fraction": "1.5",
}
SHOWN = {200, 302, 400, 403, 404, 405, 409}


def test_every_parameter_that_is_read_is_tried() -> None:
    read = {
        name
        for room in ("klimaspor", "proposals", "review")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        for name in READ.findall(path.read_text())
    }

    assert read <= PARAMETERS
    assert {"page", "sort", "q", "kommune", "soeg", "search"} <= read


def answered(client: Client, address: str) -> int:
    """Give the status of what an address answers, read to its end."""
    answer: Any = client.get(address)
    if answer.streaming:
        b"".join(answer)
    return int(answer.status_code)


LISTS: dict[str, tuple[str, ...]] = {
    "/forslag/": ("q", "status", "runde", "dgo", "sort", "page"),
    "/forslag/i-organisationen/": ("q", "status", "runde", "organisation", "sort", "page"),
    "/kvalificering/": ("q", "tilstand", "hvem", "kun", "runde", "sort", "page", "alle"),
    "/kvalificering/visninger/ny/": ("q", "hvem", "sort"),
    "/dgo/": ("kommune",),
    "/ideer/": ("q", "tilstand", "page"),
    "/ideer/modtaget/": ("q", "tilstand", "page"),
    "/administration/personer/": ("q", "rolle", "adgang", "page"),
    "/administration/organisationer/": ("q", "type", "bidragyder", "page"),
    "/administration/invitationer/": ("tilstand", "page"),
    "/administration/invitationer/ny/": ("email", "navn"),
    "/sekretariat/runder/{round}/": ("status", "dgo", "frist", "page"),
    "/sekretariat/habilitet/": ("soeg", "vis", "page"),
    "/administration/breve/": ("modtager", "tilstand", "page"),
    "/forslag/{on_agenda}/sammenlign/1/2/": ("fra", "til"),
    "/konto/profil/organisation/": ("q",),
    "/konto/profil/organisation/ny/": ("q",),
    "/forslag/nyt/organisationer/": ("search",),
    "/forslag/{opened}/afsnit/deltagere/soeg/": ("soeg", "valgt"),
    "/forslag/{opened}/afsnit/deltagere/": ("soeg", "valgt"),
    "/forslag/{opened}/sparring/kommentar/": ("om", "laest", "fra"),
}


@pytest.mark.slow("opens every address there is with everything there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 5))
@pytest.mark.parametrize("who", ("owner", "secretariat"))
def test_any_parameters_are_answered(leaky: Leaky, who: str, turn: int) -> None:
    client = somebody(leaky, who)
    values = list(HOSTILE.values())

    found = {}
    for place, (name, given, _) in enumerate(rows()):
        # Once, and as what others call an array.
        asked = "&".join(
            f"{parameter}={value}&{parameter}[]={value}"
            for number, parameter in enumerate(sorted(PARAMETERS))
            for value in [values[(place + number + turn) % len(values)]]
        )
        found[name] = answered(client, f"{address_of(leaky, name, given)}?{asked}")

    assert {name: status for name, status in found.items() if status not in SHOWN} == {}


@pytest.mark.slow("asks every list for everything there is")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("place", LISTS)
def test_each_parameter_of_a_list_is_answered(leaky: Leaky, place: str) -> None:
    is_owners = "/konto/" in place or "{opened}" in place
    who = "owner" if is_owners else "secretariat"
    client = somebody(leaky, "adviser" if "/kvalificering/" in place else who)
    address = place.format(**leaky.things)

    found = {
        (name, what): answered(client, f"{address}?{name}={value}")
        for name in LISTS[place]
        for what, value in HOSTILE.items()
    }

    assert {pair: status for pair, status in found.items() if status != 200} == {}


@pytest.mark.parametrize("number", ("0", "-1", "2", "999", "9" * 40, "1.5", "%00", ""))
@pytest.mark.parametrize(
    ("who", "view"), (("secretariat", "review:list"), ("adviser", "review:dgo_desk"))
)
def test_a_page_that_is_not_there_is_the_last(
    leaky: Leaky, who: str, view: str, number: str
) -> None:
    client = somebody(leaky, who)
    address = reverse(view)
    first = re.findall(r"KS-\d+-\d+", client.get(address).content.decode())

    shown = client.get(f"{address}?page={number}")

    assert shown.status_code == 200
    assert re.findall(r"KS-\d+-\d+", shown.content.decode()) == first != []


@pytest.mark.slow("opens every address that takes a text")
@pytest.mark.urls("tests.access.urls")
@pytest.mark.parametrize("text", ("%00", "a%00b", "%FF", "%E2%81%A0", "9" * 300, "%27"))
def test_any_path_is_answered(leaky: Leaky, text: str) -> None:
    client = somebody(leaky, "secretariat")
    given_texts = ("number", "token", "slug", "date", "what", "kind", "key", "uidb36")

    found = {}
    for name, given, _ in rows():
        for part in given_texts:
            if part in given:
                parts = {**given, part: "XXXX" if part != "date" else given[part]}
                with contextlib.suppress(NoReverseMatch):
                    address = address_of(leaky, name, parts)
                    found[name, part] = answered(client, address.replace("XXXX", text))

    assert found
    assert {place: status for place, status in found.items() if status not in SHOWN} == {}


def test_too_many_parameters_are_refused_and_nothing_breaks(client: Client, db: None) -> None:
    assert client.get("/dgo/?" + "&".join(f"a{n}=1" for n in range(4000))).status_code in (400, 404)
