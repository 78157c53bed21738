"""What was typed is kept over an ended session and an old token, for its writer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client

import pytest

from klimaspor import unsent
from klimaspor.accounts import people
from proposals.line.functions import Function
from proposals.line.models import Access
from review.criteria import steps as criteria
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round
from tests.pages import Page, Pages

if TYPE_CHECKING:
    from proposals.line.models import Proposal

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


@pytest.mark.parametrize("place", ("", "gem/"))
def test_page_of_another_person_is_not_taken_for_ones_own(
    place: str, cast: Cast, draft: Proposal
) -> None:
    Access.objects.grant(draft, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    hers = slip(Pages(Client()).as_(cast.owner).get(url(draft)))
    pages = Pages(Client()).as_(cast.stranger)
    typed = {"revision": "1", "unit": "effects", "effects": "Kun Ellas", "do": "save"}

    refused = pages.post(f"{url(draft)}{place}", {**typed, unsent.SLIP: hers}, status=403)

    draft.refresh_from_db()
    assert draft.effects == ""
    assert "Det, du sendte, er ikke modtaget." in refused.text
    assert unsent.KEPT not in pages.client.session
    own = slip(pages.get(url(draft)))
    pages.post(url(draft), {**typed, unsent.SLIP: own})
    draft.refresh_from_db()
    assert draft.effects == "Kun Ellas"


def test_script_of_another_persons_page_is_told_to_sign_in(cast: Cast, draft: Proposal) -> None:
    Access.objects.grant(draft, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    hers = slip(Pages(Client()).as_(cast.owner).get(url(draft)))
    client = Pages(Client()).as_(cast.stranger).client
    typed = {"revision": "1", "unit": "effects", "effects": "Kun Ellas", unsent.SLIP: hers}

    refused = client.post(f"{url(draft)}gem/", typed, headers={"accept": "application/json"})

    draft.refresh_from_db()
    assert (refused.status_code, draft.effects) == (401, "")


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


OFFICE = "/administration/"


@pytest.mark.parametrize(
    ("address", "field"),
    (
        ("/konto/profil/", "name"),
        ("/konto/profil/organisation/ny/", "name"),
        (f"{OFFICE}invitationer/ny/", "name"),
        (f"{OFFICE}organisationer/ny/", "name"),
        (f"{OFFICE}organisationer/{{organization}}/", "name"),
        (f"{OFFICE}dgo/ny/", "area"),
        (f"{OFFICE}dgo/{{dgo}}/", "area"),
        (f"{OFFICE}tilknytninger/{{claim}}/afvis/", "reason"),
        (f"{OFFICE}tilknytninger/oensker/{{asked}}/", "reason"),
        (f"{OFFICE}runder/ny/", "note"),
        (f"{OFFICE}runder/{{round}}/", "note"),
        (f"{OFFICE}kriterier/{{round}}/ny/", "text"),
        (f"{OFFICE}kriterier/punkt/{{criterion}}/", "text"),
    ),
)
def test_what_is_typed_about_people_and_lists_is_kept_over_an_ended_session(
    pages: Pages, cast: Cast, address: str, field: str
) -> None:
    round_ = a_round()
    claim = people.claim(organization=cast.municipalities[0], by=cast.stranger, at=NOW)
    asked = people.request_organization(name="Ny ApS", kind="company", by=cast.stranger, at=NOW)
    criterion = criteria.add(
        round_pk=round_.pk,
        code="V1",
        title="Effekt",
        text="",
        is_placeholder=False,
        by=cast.secretariat,
    )
    here = address.format(
        organization=cast.municipalities[0].pk,
        dgo=cast.dgo.pk,
        claim=claim.pk,
        asked=asked.pk,
        round=round_.pk,
        criterion=criterion.pk,
    )
    given = slip(pages.as_(cast.secretariat).get(here))
    pages.client.logout()

    pages.post(here, {field: "Det, der er skrevet", unsent.SLIP: given})
    page = pages.as_(cast.secretariat).get(here)

    assert page.value(field) == "Det, der er skrevet"
    assert "Det, du skrev, er ikke gemt endnu" in page.text
    assert pages.get(here).value(field) != "Det, der er skrevet"


def test_whom_one_asks_to_answer_is_kept_over_an_ended_session(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    participant = draft.participants.get()
    here = f"/forslag/{draft.number}/deltager/{participant.pk}/"
    page = pages.as_(cast.owner).get(here)
    pages.client.logout()

    pages.post(f"{here}spoerg/", page.sent | {"name": "Kaj Kontakt"})

    # After signing in one comes to the address of the button, which leads to where it was written.
    assert pages.as_(cast.owner).get(f"{here}spoerg/", status=302).location == here
    assert pages.get(here).value("name") == "Kaj Kontakt"


# Another button of the page


def test_an_invitation_being_written_stays_when_another_is_withdrawn(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    here = f"/forslag/{draft.number}/adgang/"
    pages.as_(cast.owner).post(
        here, {"email": "ida@example.org", "name": "Ida", "function": "read"}
    )
    page = pages.get(here)
    [withdraw] = [
        b.get("formaction", "")
        for b in page.root.iter("button")
        if "tilbage" in "".join(b.itertext())
    ]

    back = pages.press(withdraw, page.sent | {"email": "bo@example"})

    assert back.value("email") == "bo@example"
    assert back.problems == []
    assert "er trukket tilbage" in back.messages[0]


def test_a_name_being_changed_stays_when_whom_one_acts_for_is_chosen(
    pages: Pages, cast: Cast
) -> None:
    for organization in (cast.company, cast.municipalities[0]):
        people.claim(organization=organization, by=cast.owner, at=NOW)
    page = pages.as_(cast.owner).get("/konto/profil/")

    back = pages.press(
        "/konto/paa-vegne-af/",
        page.sent | {"name": "Ella E.", "organization": cast.company.pk},
    )
    saved = pages.press("/konto/profil/", back.sent | {"organization": ""})

    assert back.value("name") == "Ella E."
    assert saved.messages == ["Dine oplysninger er gemt."]
    cast.owner.refresh_from_db()
    assert cast.owner.name == "Ella E."


def test_a_press_after_the_session_has_ended_costs_no_text(pages: Pages, cast: Cast) -> None:
    claim = people.claim(organization=cast.company, by=cast.owner, at=NOW)
    page = pages.as_(cast.owner).get("/konto/profil/")
    pages.client.logout()

    pages.post(f"/konto/profil/tilknytning/{claim.pk}/fjern/", page.sent | {"name": "Ella E."})

    assert pages.as_(cast.owner).get("/konto/profil/").value("name") == "Ella E."


def test_what_a_participant_brings_stays_when_its_contact_is_asked(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    participant = draft.participants.get()
    here = f"/forslag/{draft.number}/deltager/{participant.pk}/"
    page = pages.as_(cast.owner).get(here)
    typed = page.sent | {"case_number": "26/1", "name": "Kaj Kontakt", "email": "kaj@"}

    refused = pages.post(f"{here}spoerg/", typed, status=200)
    back = pages.get(here)
    saved = pages.press(here, back.sent | {"do": "save", "email": "kaj@example.org"})

    assert len(refused.problems) == 1
    assert back.value("case_number") == "26/1"
    assert saved.value("case_number") == "26/1"
    assert saved.value("email") == "kaj@example.org"
    assert saved.problems == []
