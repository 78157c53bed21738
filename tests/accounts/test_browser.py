"""
The pages about people in a real Chromium: whole at both widths, accessible, and of use by keyboard and without JavaScript.

With SCREENS=1 each page is kept as a picture in tests/screens/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from klimaspor.accounts import invitations, people
from klimaspor.accounts.models import Dgo, Membership, Organization, Role, User
from klimaspor.models import SweepRecord
from proposals.rounds.models import Round
from review.criteria.models import Criterion
from tests.factories.intake import NOW, people_of_the_demo
from tests.proposals.drafting.test_browser import look, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("now"),
]

LONG = "Foreningen for fælleskommunal klimatilpasning og lavbundsjorder i Sydvestjylland og på Fanø"


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """Fail a test whose page broke a script or the content security policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda said: found.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield found
    assert [said for said in found if "status of 4" not in said] == []


@pytest.fixture
def users() -> dict[str, User]:
    return people_of_the_demo()


def fill(users: dict[str, User]) -> dict[str, Any]:
    """Let everything that is listed hold something, long words and angry signs among it."""
    people.request_organization(name=LONG, kind="association", by=users["mette"], at=NOW)
    asked = people.request_organization(
        name="<script>alert(1)</script>", kind="company", by=users["jonas"], at=NOW
    )
    people.claim(organization=Organization.objects.named("KL").get(), by=users["mette"], at=NOW)
    refused = people.claim(
        organization=Organization.objects.named("CONCITO").get(), by=users["mette"], at=NOW
    )
    people.refuse(membership_pk=refused.pk, reason="Ukendt", by=users["rasmus"], at=NOW)
    for role, extra in (
        (Role.DGO_ADVISER, {"dgos": list(Dgo.objects.by_name()[:2])}),
        (Role.ADMINISTRATOR, {}),
    ):
        sent = invitations.invite(
            email=f"en.meget.lang.adresse.paa.en.raadgiver+{role}@kommunernes-klimasekretariat.example",
            name="Inge <b>Vestergaard</b> Ravnsbjerg",
            role=role,
            by=users["birgitte"],
            at=NOW,
            **extra,
        )
    invitations.withdraw(invitation_pk=sent.invitations[0].pk, by=users["rasmus"], at=NOW)
    ended = people.end_role(
        membership_pk=users["lise"].memberships.get().pk, by=users["birgitte"], at=NOW
    )
    SweepRecord.objects.create(name="mail.tasks.deliver", visited_at=NOW, succeeded_at=NOW)
    claim = Membership.objects.claims().with_people().oldest_first()[0]
    round_ = Round.objects.named("Forår 2027").get()
    return {
        "lise": ended.user.pk,
        "rasmus": users["rasmus"].pk,
        "asked": asked.pk,
        "claim": claim.pk,
        "role": users["karen"].memberships.get().pk,
        "organization": Organization.objects.named("Region Sjælland").get().pk,
        "dgo": Dgo.objects.with_slug("nordjylland").get().pk,
        "round": round_.pk,
        "criterion": Criterion.objects.of_round(round_).listed()[0].pk,
    }


PAGES = {
    "administration": "administration/",
    "personer": "administration/personer/",
    "person": "administration/personer/{rasmus}/",
    "person-tidligere": "administration/personer/{lise}/",
    "luk": "administration/personer/{rasmus}/luk/",
    "afslut-rolle": "administration/roller/{role}/afslut/",
    "tilknytninger": "administration/tilknytninger/",
    "afvis": "administration/tilknytninger/{claim}/afvis/",
    "oenske": "administration/tilknytninger/oensker/{asked}/",
    "invitationer": "administration/invitationer/",
    "inviter": "administration/invitationer/ny/",
    "organisationer": "administration/organisationer/?q=region",
    "organisation": "administration/organisationer/{organization}/",
    "dgoer": "administration/dgo/",
    "dgo-ret": "administration/dgo/{dgo}/",
    "kontakt": "administration/kontakt/",
    "koersel": "administration/koersel/",
    "runde-ret": "administration/runder/{round}/",
    "kriterier": "administration/kriterier/",
    "kriterier-runde": "administration/kriterier/{round}/",
    "kriterium": "administration/kriterier/punkt/{criterion}/",
}


def test_the_administration_is_accessible_and_whole(
    page: Page, live_server: Any, users: dict[str, User]
) -> None:
    things = fill(users)
    sign_in(page, live_server, users["birgitte"])

    for name, address in PAGES.items():
        page.goto(f"{live_server}/{address.format(**things)}")
        look(page, f"people-{name}")


def test_forms_with_errors_are_accessible_and_whole(
    page: Page, live_server: Any, users: dict[str, User]
) -> None:
    things = fill(users)
    sign_in(page, live_server, users["birgitte"])

    page.goto(f"{live_server}/administration/invitationer/ny/")
    page.get_by_label("Medlem af forretningsudvalget").check()
    page.get_by_label("KlimaNord").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Indtast mailadressen")
    look(page, "people-inviter-fejl")

    page.goto(f"{live_server}/administration/runder/{things['round']}/")
    page.get_by_label("Frist for faglig kvalificering, dato").fill("19.4.2027")
    page.get_by_label("DGO'ens svarfrist, dato").fill("")
    page.get_by_role("button", name="Gem runden").click()
    expect(page.get_by_text("Du flytter en frist")).to_be_visible()
    look(page, "people-runde-flyttes")


def test_own_pages_are_accessible_and_whole(
    page: Page, live_server: Any, users: dict[str, User], settings: Any
) -> None:
    settings.DEMO = True
    fill(users)
    sent = invitations.invite(
        email=users["mette"].email, name="", role=Role.COMMITTEE, by=users["birgitte"], at=NOW
    )
    page.goto(f"{live_server}/demo/")
    look(page, "people-demo")
    page.goto(f"{live_server}/invitation/{sent.token}/")
    look(page, "people-invitation-fremmed")

    page.goto(f"{live_server}/demo/")
    page.get_by_role("button", name="Log på som Mette Lindholm").click()
    expect(page.locator(".portal-user")).to_contain_text("Mette Lindholm")
    page.goto(f"{live_server}/invitation/{sent.token}/")
    look(page, "people-invitation")
    page.goto(f"{live_server}/konto/profil/")
    look(page, "people-profil")
    page.goto(f"{live_server}/konto/profil/organisation/?q=aar")
    look(page, "people-tilfoej")
    page.goto(f"{live_server}/invitation/kender-vi-ikke/")
    look(page, "people-invitation-ukendt")

    sign_in(page, live_server, users["sofie"])
    page.goto(f"{live_server}/invitation/{sent.token}/")
    look(page, "people-invitation-anden")


def test_an_organization_is_found_while_one_writes(
    page: Page, live_server: Any, users: dict[str, User]
) -> None:
    sign_in(page, live_server, users["sofie"])
    page.goto(f"{live_server}/konto/profil/organisation/")

    page.get_by_role("searchbox", name="Søg efter organisationen").press_sequentially("aar")
    page.get_by_role("button", name="Tilføj Aarhus Kommune").click()

    expect(page.locator("main")).to_contain_text("Aarhus Kommune står nu på din liste.")
    assert users["sofie"].memberships.claims().get().organization.name == "Aarhus Kommune"


def test_an_organization_is_found_without_javascript(
    browser: Browser, live_server: Any, users: dict[str, User]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, live_server, users["sofie"])
    page.goto(f"{live_server}/konto/profil/organisation/")

    page.get_by_role("searchbox", name="Søg efter organisationen").fill("aar")
    page.get_by_role("button", name="Søg", exact=True).click()
    page.get_by_role("button", name="Tilføj Aarhus Kommune").click()

    assert users["sofie"].memberships.claims().get().organization.name == "Aarhus Kommune"
    context.close()


def test_staff_who_do_nothing_are_warned_and_stay_with_one_press(
    page: Page, live_server: Any, users: dict[str, User]
) -> None:
    page.clock.install()
    sign_in(page, live_server, users["birgitte"])
    page.goto(f"{live_server}/konto/profil/")
    page.get_by_label("Navn", exact=True).fill("Halvt skrevet")
    warning = page.get_by_role("status").filter(has_text="Er du der stadig?")

    page.clock.fast_forward("07:49:00")
    expect(warning).to_have_count(0)
    page.clock.fast_forward("00:02:00")
    expect(warning).to_be_visible()
    look(page, "idle-warning")
    page.get_by_role("button", name="Bliv logget på").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Du er stadig logget på.")).to_have_count(1)
    expect(warning).to_have_count(0)
    page.clock.fast_forward("07:40:00")
    expect(warning).to_have_count(0)
    page.clock.fast_forward("00:12:00")
    expect(warning).to_be_visible()
    page.clock.fast_forward("00:10:00")
    expect(page.get_by_role("status").filter(has_text="Du er logget af.")).to_be_visible()
    look(page, "idle-ended")
    assert page.get_by_label("Navn", exact=True).input_value() == "Halvt skrevet"
