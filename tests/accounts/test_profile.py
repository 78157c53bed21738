"""A person's own pages: name, telephone, and whom they act for."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from klimaspor import danish
from klimaspor.accounts import people
from klimaspor.accounts.models import Organization, OrganizationRequest, Role, User
from tests.factories.intake import NOW, Cast, a_round, give_role
from tests.pages import Pages

PROFILE = "/konto/profil/"
ADD = "/konto/profil/organisation/"
ASK = f"{ADD}ny/"
ANGRY = "<script>alert(1)</script>"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def header(pages: Pages) -> str:
    return " ".join("".join(pages.get(PROFILE).by_class("portal-user")[0].itertext()).split())


def test_name_and_telephone_are_saved_and_shown(cast: Cast, pages: Pages) -> None:
    page = pages.as_(cast.stranger).press(PROFILE, {"name": f"Frida {ANGRY}", "phone": "12345678"})

    cast.stranger.refresh_from_db()
    assert (cast.stranger.name, cast.stranger.phone) == (f"Frida {ANGRY}", "12345678")
    assert page.messages == ["Dine oplysninger er gemt."]
    assert f"Frida {ANGRY}" in header(pages)


def test_a_name_must_be_there(cast: Cast, pages: Pages) -> None:
    page = pages.as_(cast.stranger).post(PROFILE, {"name": " ", "phone": "1" * 31}, status=200)

    assert page.problems == ["Indtast dit navn", "Telefonnummeret må højst være på 30 tegn"]


def test_the_address_cannot_be_changed_from_here(cast: Cast, pages: Pages) -> None:
    pages.as_(cast.stranger).post(
        PROFILE, {"name": "Frida", "email": "x@example.org", "is_staff": "1", "is_demo": "1"}
    )

    cast.stranger.refresh_from_db()
    assert cast.stranger.email == "frida.fremmed@example.org"
    assert (cast.stranger.is_staff, cast.stranger.is_demo) == (False, False)


def test_an_organization_is_found_and_claimed(cast: Cast, pages: Pages) -> None:
    found = pages.as_(cast.stranger).get(f"{ADD}?q=aar")
    assert [b for b in found.buttons if b.startswith("Tilføj")] == ["Tilføj Aarhus Kommune"]

    page = pages.press(f"{ADD}{cast.municipalities[0].pk}/")

    assert page.messages == [
        "Aarhus Kommune står nu på din liste. Sekretariatet bekræfter det, og du får et brev."
    ]
    assert "Venter på sekretariatet" in page.text
    again = pages.press(f"{ADD}{cast.municipalities[0].pk}/")
    assert again.messages == ["Aarhus Kommune står allerede på din liste."]


def test_htmx_gets_what_was_found_and_nothing_else(cast: Cast, pages: Pages) -> None:
    answer = pages.as_(cast.stranger).client.get(
        f"{ADD}?q=%3Cscript%3E", headers={"hx-request": "true"}
    )

    html = answer.content.decode()
    assert "<html" not in html
    assert 'Ingen på listen passer til "&lt;script&gt;"' in html


def test_the_word_that_was_searched_for_goes_along_to_whoever_is_not_on_the_list(
    cast: Cast, pages: Pages
) -> None:
    page = pages.as_(cast.stranger).get(f"{ADD}?q=Vand+%26+Vind")

    asked = pages.get(next(href for href in page.links if href.startswith(ASK)))

    assert asked.value("name") == "Vand & Vind"
    assert [f.get("method") for f in page.root.iter("form") if f.get("role") == "search"] == ["get"]
    assert page.value("name") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    (
        ("kø", ["Københavns Kommune", "Køge Kommune", "Ringkøbing-Skjern Kommune"]),
        ("aa", ["Aabenraa Kommune", "Aarhus Kommune", "Faaborg Kommune"]),
        ("år", ["Aarhus Kommune"]),
        ("kommune", ["Aabenraa Kommune"]),
        ("", []),
        ("%", []),
    ),
)
def test_names_that_begin_with_what_was_typed_come_first(
    db: None, typed: str, found: list[str]
) -> None:
    for name in ("Ringkøbing-Skjern", "Køge", "Københavns", "Aarhus", "Faaborg", "Aabenraa"):
        Organization.objects.create(name=f"{name} Kommune", kind="municipality")

    names = [str(o) for o in Organization.objects.matching(typed).best_first(typed)]

    if typed == "kommune":
        assert len(names) == 6
    else:
        assert names == found


def test_what_has_ended_cannot_be_found(cast: Cast, pages: Pages) -> None:
    Organization.objects.filter(pk=cast.region.pk).update(valid_until_date=danish.day_of(NOW))

    assert "Tilføj Region" not in pages.as_(cast.stranger).get(f"{ADD}?q=region").text


def test_an_organization_that_is_missing_is_asked_for(cast: Cast, pages: Pages) -> None:
    page = pages.as_(cast.stranger).press(ASK, {"name": ANGRY, "kind": "company"})

    assert page.messages == [
        f"Sekretariatet sætter {ANGRY} på listen, når de har set på det. Du får et brev."
    ]
    assert "Venter på at komme på listen" in page.text
    request = OrganizationRequest.objects.get()
    page = pages.press(f"/konto/profil/oenske/{request.pk}/fjern/")
    assert page.messages == ["Dit ønske er fjernet."]
    assert ANGRY not in page.text


def test_what_is_on_the_list_must_be_chosen_there(cast: Cast, pages: Pages) -> None:
    pages.as_(cast.stranger)

    empty = pages.post(ASK, {}, status=200)
    known = pages.post(ASK, {"name": "REALDANIA", "kind": "other"}, status=200)
    kommune = pages.post(ASK, {"name": "Andeby", "kind": "municipality"}, status=200)

    assert empty.problems == ["Indtast organisationens navn", "Vælg, hvad organisationen er"]
    assert known.problems == ["Realdania findes allerede. Vælg den på listen."]
    assert len(kommune.problems) == 1
    assert not OrganizationRequest.objects.exists()


def test_one_chooses_whom_to_act_for_now(cast: Cast, pages: Pages) -> None:
    a_round()
    for organization in (cast.region, cast.company):
        people.claim(organization=organization, by=cast.stranger, at=NOW)
    assert "på vegne af" not in header(pages.as_(cast.stranger))

    page = pages.press("/konto/paa-vegne-af/", {"organization": cast.company.pk})

    assert page.messages == ["Du handler nu på vegne af Vandværket ApS."]
    assert header(pages).startswith("Frida Fremmed, på vegne af Vandværket ApS")
    assert pages.get("/forslag/nyt/").value("on_behalf") == str(cast.company.pk)


def test_nobody_acts_for_others_than_their_own(cast: Cast, pages: Pages) -> None:
    people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    page = pages.as_(cast.stranger).press(
        "/konto/paa-vegne-af/", {"organization": cast.realdania.pk}
    )

    assert page.messages == ["Vælg, hvem du handler på vegne af."]
    assert header(pages).startswith("Frida Fremmed, på vegne af Region Midtjylland")


def test_a_choice_ends_with_the_claim(cast: Cast, pages: Pages) -> None:
    claims = [
        people.claim(organization=organization, by=cast.stranger, at=NOW)
        for organization in (cast.region, cast.company)
    ]
    pages.as_(cast.stranger).press("/konto/paa-vegne-af/", {"organization": cast.company.pk})

    page = pages.press(f"/konto/profil/tilknytning/{claims[1].pk}/fjern/")

    assert page.messages == ["Du handler ikke længere på vegne af Vandværket ApS."]
    assert header(pages).startswith("Frida Fremmed, på vegne af Region Midtjylland")


def test_roles_are_shown_in_the_header_and_on_the_profile(cast: Cast, pages: Pages) -> None:
    give_role(cast.adviser, Role.SECRETARIAT)

    page = pages.as_(cast.adviser).get(PROFILE)

    assert "Rune Rådgiver, på vegne af DGO Midtjylland og sekretariatet" in page.text
    assert "DGO-rådgiver, DGO Midtjylland, siden 1.3.2027" in page.text


def test_somebody_elses_claim_cannot_be_removed(cast: Cast, pages: Pages) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    page = pages.as_(cast.owner).press(f"/konto/profil/tilknytning/{claim.pk}/fjern/")

    assert page.messages == ["Rollen er allerede ophørt."]
    claim.refresh_from_db()
    assert claim.valid_until_date is None


def test_the_profile_asks_the_same_however_much_there_is(
    cast: Cast, pages: Pages, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pages.as_(cast.stranger)
    people.claim(organization=cast.region, by=cast.stranger, at=NOW)
    with django_assert_num_queries(6):
        pages.get(PROFILE)
    for organization in (cast.company, cast.realdania):
        people.claim(organization=organization, by=cast.stranger, at=NOW)
    with django_assert_num_queries(6):
        pages.get(PROFILE)


def test_a_stranger_is_asked_to_sign_in_and_comes_back(pages: Pages) -> None:
    assert pages.get(PROFILE, status=302).location == "/konto/log-paa/?next=/konto/profil/"


def test_no_page_of_a_person_is_kept_by_a_cache(cast: Cast, pages: Pages) -> None:
    answer: Any = pages.as_(cast.stranger).get(PROFILE).response

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_closed_account_is_out_at_once(cast: Cast, pages: Pages) -> None:
    pages.as_(cast.stranger).get(PROFILE)

    people.deactivate(user_pk=cast.stranger.pk, by=cast.secretariat, at=NOW)

    assert pages.get(PROFILE, status=302).location.startswith("/konto/log-paa/")
    assert User.objects.get(pk=cast.stranger.pk).is_active is False
