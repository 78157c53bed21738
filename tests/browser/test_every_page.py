"""
Every page kind at every width: accessible, whole, in order, with one heading, one primary button and nothing that breaks in the console.

The pages come from the table of addresses in tests/access, which lacks none: a new page kind is looked at without being written
here. Pictures are kept when SHOTS names a folder.

An address that is no page is listed here with what it is instead. Reconsider if it comes to take more than a few
minutes on an idle machine: then sample the statuses of the proposal's page.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from pytest_django.live_server_helper import LiveServer

from klimaspor.accounts import demo as demo_people
from klimaspor.accounts.models import Organization, User
from proposals.line.lifecycle import Status
from review import reference
from review.management.commands import demo
from review.qualification import steps as qualification
from review.qualification.seen import Words
from tests.access.conftest import AT, Leaky
from tests.access.test_access import BACKEND, WHO, address_of, named_addresses, rows, user_of
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE, SHOTS, TABLET, ZOOMED
from tests.browser.hands import (
    COVERED,
    EASILY_MISSED,
    OUT_OF_ORDER,
    TOO_WIDE,
    UNNUMBERED,
    UNSORTABLE,
)
from tests.factories import walk
from tests.suite import axe, database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("makes a portal in use, and looks at each page twice"),
    pytest.mark.django_db,
]

# What a page has none of, or too many: headings, primary buttons, boxes with nothing in them.
ODD = """() => {
  const seen = s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility());
  const found = [];
  if (seen('h1').length !== 1) found.push(`${seen('h1').length} h1`);
  if (seen('main .button-primary').length > 1)
    found.push('primary: ' + seen('main .button-primary').map(e => e.innerText).join(' | '));
  for (const e of seen('main :is(.box, .card, .alert, table, ul, ol, dl, p, td)'))
    // A line that is spoken when something happens waits empty.
    if (!e.innerText.trim() && e.getAttribute('role') !== 'status' && !e.querySelector('img, svg, input, select, button') && e.tagName !== 'TD')
      found.push('empty: ' + e.outerHTML.slice(0, 120));
  return found;
}"""

# Who a page is looked at as: the first of these who may open it.
FIRST = (
    "nobody",
    "owner",
    "adviser",
    "committee",
    "funder",
    "secretariat",
    "administrator",
    "claimant",
)

SURE = ("secretariat", "two_steps")
"""Who has just shown once more that it is them."""
PASSWORD = "hemmeligt-kodeord-1"

FILES = {
    "health",
    "security",
    "proposals:rounds_ics",
    "proposals:version_pdf",
    "proposals:attachment",
    "proposals:print",
    "proposals:word_form",
    "proposals:sheet_form",
    "review:paper",
    "review:document",
    "review:round_file",
}
PIECES = {
    "proposals:autosave",
    "proposals:autosave_economy",
    "proposals:autosave_participants",
    "proposals:economy_sums",
    "proposals:economy_grid_sums",
    "proposals:organization_choices",
    "proposals:participant_search",
    "review:papers",
}
"""What a page fetches while somebody writes or waits."""

PRESSES = {
    "accounts:account",
    "accounts:act_for",
    "accounts:claim",
    "accounts:confirm_claim",
    "accounts:demo_sign_in",
    "accounts:leave",
    "accounts:send_invitation_again",
    "accounts:stay",
    "accounts:send_invitation_elsewhere",
    "accounts:take_back_request",
    "accounts:withdraw_invitation",
    "mail:try_again",
    "mail:try_all_again",
    "proposals:answer_oneself",
    "proposals:close_sparring",
    "proposals:confirm_organization",
    "proposals:draft_of_idea",
    "proposals:end_visit",
    "proposals:go_back",
    "proposals:keep_person",
    "proposals:list_to_members",
    "proposals:mark_as_read",
    "proposals:open_sparring",
    "proposals:reopen",
    "proposals:put_idea_aside",
    "proposals:report_done",
    "proposals:resolve",
    "proposals:send_answer_code",
    "proposals:send_invitation_again",
    "proposals:send_invitation_elsewhere",
    "proposals:submit",
    "proposals:take_idea_up",
    "proposals:take_wording",
    "proposals:unlist",
    "proposals:withdraw_invitation",
    "review:add_proposal",
    "review:assign",
    "review:begin_qualification",
    "review:remove_dgo_view",
    "review:copy_criteria",
    "review:move_criterion",
    "review:move_item",
    "review:paper_again",
    "review:remove_item",
    "review:take_back_signature",
}
"""What only takes a press: opened, it leads on or says no."""

NOT_IN_USE = {
    "account_confirm_login_code",
    "account_set_password",
    "accounts:organization_connect",
    "mfa_authenticate",
    "mfa_download_recovery_codes",
}
"""Of the sign-in: what nobody here comes to without half a sign-in behind them, and a file of codes."""

ELSEWHERE = {
    "proposals:leave",
    "proposals:remove_person",
    "proposals:visit",
    "review:discard_decision",
}
"""Pages about a co-writer, whom nobody in the table is, about a draft, and for whoever entered a code: their own tests look at them."""

MORE = (
    ("nobody", "/findes-ikke/", 404),
    ("nobody", "accounts:demo", 200),
    ("nobody", "mail:demo_letters", 200),
    ("nobody", "/dgo/?kommune=aar", 200),
    ("owner", "/", 200),
    ("owner", "/sekretariat/", 403),
    ("owner", "/forslag/{in_qualification}/tjek/", 409),
    ("owner", "/forslag/{in_qualification}/afsnit/effekt/", 409),
    ("owner", "/forslag/?q=findes+ikke", 200),
    *(("owner", f"/forslag/{{{status}}}/", 200) for status in Status if status != Status.DRAFT),
    *(("owner", f"/forslag/{{{status}}}/forloeb/", 200) for status in ("active", "rejected")),
    *(
        ("owner", f"/forslag/{{opened}}/afsnit/{slug}/", 200)
        for slug in ("udfordringer", "udviklingselement", "klimahandlingsplaner", "periode", "rus")
    ),
    ("adviser", "/", 200),
    ("adviser", "review:complete_qualification number={begun}", 200),
    ("adviser", "/kvalificering/{begun}/", 200),
    ("adviser", "/ideer/{idea}/", 200),
    ("secretariat", "review:cosign number={begun}", 200),
    ("adviser", "/kvalificering/?q=findes+ikke&hvem=mig", 200),
    ("secretariat", "/", 200),
    ("secretariat", "/moeder/{published}/", 200),
    ("committee", "/", 200),
    ("committee", "/moeder/{published}/", 200),
    ("funder", "/", 200),
    ("administrator", "/", 200),
    ("peter", "/kvalificering/", 200),
    ("birgitte", "/sekretariat/", 200),
    ("mette", "/", 200),
    ("mette", "/forslag/", 200),
    ("two_steps", "mfa_index", 200),
    ("secretariat", "mfa_activate_totp", 200),
    ("two_steps", "mfa_deactivate_totp", 200),
    ("two_steps", "mfa_view_recovery_codes", 200),
    ("two_steps", "mfa_generate_recovery_codes", 200),
    ("two_steps", "mfa_reauthenticate", 200),
)
"""The same kinds where they look otherwise, and those that take more than a role to come to."""


def places() -> Iterator[Any]:
    for name, given, cells in rows():
        may = [who for who in FIRST if cells[WHO.index(who)] == "200"]
        if may and name not in FILES | PIECES:
            yield pytest.param(may[0], name, given, 200, id=f"{name}-{may[0]}")
    for who, place, status in MORE:
        name, *rest = place.split()
        yield pytest.param(who, name, dict(p.split("=") for p in rest), status, id=f"{place}-{who}")


class House:
    """The portal in use, served, and a browser of each one's own."""

    def __init__(self, world: Leaky, server: LiveServer, browser: Browser) -> None:
        self.world, self.server, self.browser = world, server, browser
        self.complaints: list[str] = []
        self.pages: dict[str, Page] = {}
        # Within a test they would be its own, and the server would not know them.
        everybody = {*FIRST, *(who for who, _, _ in MORE)} - {"nobody"}
        self._cookies = {"nobody": [], **{who: [self._cookie(who)] for who in everybody}}

    def address(self, name: str, given: dict[str, str]) -> str:
        if name.startswith("/"):
            return f"{self.server}{name.format(**self.world.things)}"
        return f"{self.server}{address_of(self.world, name, given)}"

    def page_of(self, who: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(viewport=DESKTOP, locale="da-DK")
            context.set_default_timeout(PATIENCE)
            context.on("weberror", lambda error: self.complaints.append(str(error.error)))
            context.on("console", self._said)
            context.add_cookies(self._cookies[who])
            self.pages[who] = context.new_page()
        return self.pages[who]

    def _said(self, said: Any) -> None:
        if said.type in ("error", "warning") and "status of 4" not in said.text:
            self.complaints.append(said.text)

    def _cookie(self, who: str) -> Any:
        client = Client()
        client.force_login(self._user(who), backend=BACKEND)
        if who in SURE:
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        name = django_settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": str(self.server)}

    def _user(self, who: str) -> User:
        made_up = {person.key: person.email for person in demo_people.PEOPLE}
        if who in made_up:
            return User.objects.demo().with_address(made_up[who]).get()
        return user_of(self.world, {"two_steps": "workmate"}.get(who, who))


@pytest.fixture(scope="module")
def house(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,
) -> Iterator[House]:
    """Make a portal in use once: a proposal at every stop, and the twelve of the demo."""
    storages = {
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "klimaspor.files.Files",
            "OPTIONS": {"location": tmp_path_factory.mktemp("files")},
        },
    }
    cache.clear()
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages, DEMO=True, ALLOWED_HOSTS=["localhost", "testserver"]),
        time_machine.travel(AT, tick=False),
        database.lasting() as keep,
    ):
        with transaction.atomic():
            world = Leaky()
            reference.load(at=AT)
            # The demo asks it for money.
            Organization.objects.named("Region Midtjylland").update(is_funder=True)
            demo.Walk(AT).whole()
            world.things["begun"] = _begun(world)
            TOTP.activate(world.workmate, generate_totp_secret())
            RecoveryCodes.activate(world.workmate)
            # Nobody is to work on it.
            connection.run_on_commit.clear()
        keep()
        server = LiveServer("localhost")
        made = House(world, server, browser)
        yield made
        for page in made.pages.values():
            page.context.close()
        server.stop()


def _begun(world: Leaky) -> str:
    """Give a proposal whose statement is written and not yet given."""
    proposal = walk.proposal_at(Status.IN_QUALIFICATION, world.world, title="Fælles varmepumper")
    by = world.cast.adviser
    begun = qualification.begin(proposal_pk=proposal.pk, by=by, at=AT)
    qualification.save(
        qualification_pk=begun.pk,
        words=Words(
            outcome="with_remarks",
            summary="Et stærkt forslag.\n\n- Skriv mere om effekten",
            tested="Metoden",
            statements={
                criterion.pk: f"Om {criterion.title}" for criterion in world.world.criteria
            },
        ),
        by=by,
        at=AT,
    )
    return proposal.number


@pytest.fixture(autouse=True)
def files() -> None:
    """Keep the files where the house put them."""


def test_every_address_is_a_page_that_is_looked_at_or_known_for_something_else() -> None:
    looked_at = {place.values[1] for place in places()}
    others = (FILES, PIECES, PRESSES, NOT_IN_USE, ELSEWHERE)

    known = {n for n in named_addresses(get_resolver()) if not n.startswith("admin:")}
    assert known - looked_at == set().union(*others)
    assert sum(map(len, others)) == len(set().union(*others))
    assert not looked_at & set().union(*others)


def test_what_is_no_page_is_none(house: House) -> None:
    found = {}
    for name, given, cells in rows():
        if name in FILES | PIECES | PRESSES:
            may = [who for who in FIRST if cells[WHO.index(who)] not in ("in", "403", "404")]
            who = may[0] if may else "nobody"
            answer = house.page_of(who).request.get(house.address(name, given), max_redirects=0)
            found[name] = answer.status == 200 and "<html" in answer.text()

    assert not [name for name, is_page in found.items() if is_page]


@pytest.mark.parametrize(("who", "name", "given", "status"), tuple(places()))
def test_page_is_accessible_and_whole(
    house: House, who: str, name: str, given: dict[str, str], status: int
) -> None:
    page = house.page_of(who)
    house.complaints.clear()
    page.set_viewport_size(DESKTOP)
    address = house.address(name, given)
    response = page.goto(address)
    assert response
    assert (response.status, page.url) == (status, address)

    wrong: list[Any] = []
    for size in (DESKTOP, TABLET, ZOOMED, PHONE):
        page.set_viewport_size(size)
        wrong += [(size["width"], "order", e) for e in page.evaluate(OUT_OF_ORDER)]
        wrong += [(size["width"], "sorting", e) for e in page.evaluate(UNSORTABLE)]
        wrong += [(size["width"], "missed", e) for e in page.evaluate(EASILY_MISSED)]
        wrong += [(size["width"], "too wide", e) for e in page.evaluate(TOO_WIDE)]
        wrong += [(size["width"], "covered", e) for e in page.evaluate(COVERED)]
        if size in (TABLET, ZOOMED):
            continue
        if SHOTS:
            words = re.sub(r"\W+", "-", f"{name}-{'-'.join(given.values())}").strip("-")
            page.screenshot(path=Path(SHOTS) / f"{words}-{who}-{size['width']}.png", full_page=True)
        wrong += [(size["width"], *fault) for fault in axe.faults(page)]
    wrong += [("a card without its number", e) for e in page.evaluate(UNNUMBERED)]
    wrong += house.complaints
    wrong += page.evaluate(ODD)

    assert wrong == [], page.url
