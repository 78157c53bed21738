"""The secretariat's pages about people, organizations and DGOs, walked as somebody at a browser."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from klimaspor import danish
from klimaspor.accounts import invitations, links, people
from klimaspor.accounts.models import (
    Dgo,
    Invitation,
    Membership,
    Organization,
    OrganizationRequest,
    Role,
    User,
)
from klimaspor.mail.models import Contact, OutgoingMail
from klimaspor.models import SweepRecord
from tests.factories.intake import NOW, Cast, give_role, person
from tests.pages import Pages
from tests.visitor import Visitor

ANGRY = "<script>alert(1)</script>"
OFFICE = "/administration/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def office(cast: Cast) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(
        cast.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return visitor.open(OFFICE)


# People


def test_people_are_found_by_name_address_role_and_access(cast: Cast, pages: Pages) -> None:
    people.deactivate(user_pk=cast.stranger.pk, by=cast.secretariat, at=NOW)
    pages.as_(cast.secretariat)

    def found(query: str) -> list[str]:
        page = pages.get(f"{OFFICE}personer/?{query}")
        return [
            "".join(a.itertext())
            for a in page.root.iter("a")
            if a.get("href", "").startswith(f"{OFFICE}personer/")
            and a.get("href", "")[-2].isdigit()
        ]

    assert len(found("")) == 9
    assert found("q=BODIL") == ["Bodil Bidrag"]
    assert found("q=frida.fremmed%40example.org") == ["Frida Fremmed"]
    assert found("rolle=secretariat") == ["Kim Kollega", "Sanne Sekretær"]
    assert found("adgang=lukket") == ["Frida Fremmed"]
    assert found("rolle=dgo_adviser&adgang=aaben&q=nord") == ["Nanna Nord"]
    assert found("rolle=<>") == found("")


def test_a_role_is_ended_after_one_more_question(office: Visitor, cast: Cast) -> None:
    give_role(cast.adviser, Role.COMMITTEE)
    office.follow("Personer og roller").follow("Rune Rådgiver")

    office.follow("Afslut rollen DGO-rådgiver, DGO Midtjylland")
    office.sees("Rune Rådgiver er ikke længere DGO-rådgiver, DGO Midtjylland fra i dag.")
    assert cast.adviser.duties_at(NOW).dgo_ids
    office.press("Afslut rollen")

    office.sees("Rollen er afsluttet, og Rune Rådgiver har fået et brev.", "Tidligere")
    assert Membership.objects.of(cast.adviser).unrefused(NOW).get().role == Role.COMMITTEE
    assert OutgoingMail.objects.get().recipient == cast.adviser.email


def test_a_role_gets_dates(office: Visitor, cast: Cast) -> None:
    role = Membership.objects.of(cast.adviser).unrefused(NOW).get()
    day = danish.day_of(NOW)
    office.open(f"{OFFICE}personer/{cast.adviser.pk}/").follow("Datoer")

    office.fill("Gælder til", danish.short_date(day)).press("Gem datoerne").sees(
        "Vælg en dag efter i dag."
    )
    later = danish.short_date(day + timedelta(days=30))
    office.fill("Gælder til", later).press("Gem datoerne")

    office.sees("Datoerne er gemt.", later)
    role.refresh_from_db()
    assert role.valid_until_date == day + timedelta(days=30)


def test_an_account_is_closed_and_opened_again(office: Visitor, cast: Cast) -> None:
    office.open(f"{OFFICE}personer/{cast.committee.pk}/").follow("Luk adgangen")
    office.press("Luk adgangen").sees(
        "Uffe Udvalg kan ikke længere logge på.", "Adgangen er lukket"
    )

    office.follow("Åbn adgangen").press("Åbn adgangen").sees("Uffe Udvalg kan logge på igen.")
    cast.committee.refresh_from_db()
    assert cast.committee.is_active
    assert not cast.committee.duties_at(NOW).is_committee


def test_the_last_of_the_secretariat_is_told_why_not(office: Visitor, cast: Cast) -> None:
    people.end_role(membership_pk=cast.colleague.memberships.get().pk, by=cast.secretariat, at=NOW)

    office.open(f"{OFFICE}personer/{cast.secretariat.pk}/").follow("Afslut")
    office.press("Afslut rollen").sees("Det er den sidste i sekretariatet.")
    office.follow("Luk adgangen").press("Luk adgangen").sees("Du kan ikke lukke din egen adgang.")


# Claims


def test_claims_are_confirmed_and_refused(office: Visitor, cast: Cast) -> None:
    cast.stranger.name = ANGRY
    cast.stranger.save(update_fields=["name"])
    for organization in (cast.region, cast.company):
        people.claim(organization=organization, by=cast.stranger, at=NOW)

    office.follow("Tilknytninger, der venter").sees(ANGRY, "2 tilknytninger")
    office.press("Bekræft").sees(f"Bekræftet: {ANGRY} handler på vegne af Region Midtjylland.")
    office.follow("Afvis").press("Afvis tilknytningen")
    assert office.page.problems == ["Indtast begrundelsen"]
    office.fill("Begrundelse", "Vandværket kender dig ikke").press("Afvis tilknytningen")

    office.sees(f"{ANGRY} har fået et brev med begrundelsen.", "Intet venter.")
    assert set(OutgoingMail.objects.values_list("name", flat=True)) == {
        "claim_confirmed",
        "claim_refused",
    }


def test_a_claim_two_people_answer_is_answered_once(office: Visitor, cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)
    office.follow("Tilknytninger, der venter")
    people.confirm(membership_pk=claim.pk, by=cast.colleague, at=NOW)

    office.press("Bekræft").sees("En anden har allerede svaret. Se listen igen.")


def test_ones_own_claim_has_no_button(office: Visitor, cast: Cast) -> None:
    people.claim(organization=cast.region, by=cast.secretariat, at=NOW)

    office.follow("Tilknytninger, der venter").sees("En anden skal svare")
    assert not [button for button in office.buttons if button.startswith("Bekræft")]


@pytest.mark.parametrize(
    ("answer", "more", "said", "name"),
    (
        ("Sæt den på listen", {}, "Bekræftet: Frida Fremmed handler", "Ny Forening"),
        (
            "Den står der",
            {"Hvilken er det?": "Realdania"},
            "Bekræftet: Frida Fremmed handler på vegne af Realdania.",
            "Realdania",
        ),
        ("Nej", {"Begrundelse": "Den findes ikke"}, "har fået et brev med begrundelsen", None),
    ),
    ids=["new", "known", "no"],
)
def test_a_missing_organization_is_answered(
    office: Visitor, cast: Cast, answer: str, more: dict[str, str], said: str, name: str | None
) -> None:
    people.request_organization(name="Ny Forening", kind="association", by=cast.stranger, at=NOW)

    office.follow("Tilknytninger, der venter").follow("Svar").fill("Svar", answer)
    for question, text in more.items():
        office.fill(question, text)
    office.press("Send svar").sees(said)

    settled = OrganizationRequest.objects.get()
    assert (settled.settled_by, str(settled.organization or "")) == (cast.secretariat, name or "")
    assert [str(m.organization) for m in cast.stranger.memberships.confirmed()] == (
        [name] if name else []
    )


def test_each_answer_asks_for_what_it_needs(cast: Cast, pages: Pages) -> None:
    asked = people.request_organization(name="Ny A/S", kind="company", by=cast.stranger, at=NOW)
    address = f"{OFFICE}tilknytninger/oensker/{asked.pk}/"
    pages.as_(cast.secretariat)

    def problems(**data: str) -> list[str]:
        return pages.post(address, data, status=200).problems

    assert problems() == ["Vælg et svar"]
    assert problems(answer="ny") == ["Indtast det navn, organisationen skal have på listen"]
    assert problems(answer="kendt") == ["Vælg den organisation, det er"]
    assert problems(answer="nej") == ["Indtast begrundelsen"]
    assert problems(answer="ny", name="realdania") == [
        "Realdania findes allerede. Vælg den på listen."
    ]


# Invitations


def test_an_adviser_of_two_dgos_is_invited(office: Visitor, cast: Cast) -> None:
    office.follow("Invitationer").follow("Invitér")
    office.fill("Mailadresse", "Ny@Example.org").fill("Navn", ANGRY)
    office.fill("Rolle", "DGO-rådgiver").fill("DGO'er", ["DGO Midtjylland", "KlimaNord"])
    office.press("Send invitation")

    office.sees(
        "ny@example.org får et brev med et link, der virker til mandag den 15. marts 2027 kl. 10.00.",
        "2 invitationer",
        ANGRY,
    )
    assert OutgoingMail.objects.get().name == "invitation"
    assert not [word for word in office.page.text.split() if len(word) > 40]


def test_an_invitation_is_withdrawn_and_sent_again(office: Visitor, cast: Cast) -> None:
    sent = invitations.invite(
        email="ny@example.org", name="", role=Role.COMMITTEE, by=cast.secretariat, at=NOW
    )
    office.follow("Invitationer").press("Træk tilbage")
    office.sees("Invitationen til ny@example.org er trukket tilbage.", "Trukket tilbage")

    office.press("Send igen").sees("ny@example.org får et nyt brev.", "Venter på svar")
    assert Invitation.objects.count() == 2
    with pytest.raises(links.Withdrawn):
        invitations.look_up(sent.token, at=NOW)


def test_invitations_are_listed_by_what_became_of_them(cast: Cast, pages: Pages) -> None:
    for number, at in enumerate((NOW, NOW - timedelta(days=15), NOW)):
        invitations.invite(
            email=f"nr{number}@example.org",
            name="",
            role=Role.COMMITTEE,
            by=cast.secretariat,
            at=at,
        )
    last = Invitation.objects.get(email="nr2@example.org")
    invitations.withdraw(invitation_pk=last.pk, by=cast.secretariat, at=NOW)
    pages.as_(cast.secretariat)

    for state, email, word in (
        ("sendt", "nr0", "Venter på svar"),
        ("udloebet", "nr1", "Udløbet"),
        ("trukket", "nr2", "Trukket tilbage"),
    ):
        page = pages.get(f"{OFFICE}invitationer/?tilstand={state}")
        assert "1 invitation" in page.text
        assert next(w for w in page.text.split() if w.endswith("@example.org")).startswith(email)
        assert word in " ".join(" ".join(e.itertext()) for e in page.by_class("badge"))


@pytest.mark.parametrize(
    ("data", "problem"),
    (
        ({"email": ""}, "Indtast mailadressen"),
        ({"email": "ny"}, "Indtast en mailadresse, fx navn@eksempel.dk"),
        ({"role": ""}, "Vælg en rolle"),
        (
            {"role": "member"},
            "Vælg en rolle",
        ),
        ({"role": "dgo_adviser"}, "Vælg mindst én DGO"),
        ({"role": "funder"}, "Vælg den bidragyder, personen repræsenterer"),
        ({"role": "funder", "organization": "company"}, "Vælg en organisation, der er bidragyder"),
        ({"dgos": "dgo"}, "Vælg kun DGO'er for en DGO-rådgiver"),
        (
            {"organization": "realdania"},
            "Vælg kun organisation for en bidragyder eller et medlem af forretningsudvalget",
        ),
    ),
    ids=lambda cell: cell if isinstance(cell, str) else "",
)
def test_what_an_invitation_must_say(
    cast: Cast, pages: Pages, data: dict[str, str], problem: str
) -> None:
    rows = ("dgos", "organization")
    named = {k: getattr(cast, v).pk if k in rows else v for k, v in data.items()}

    page = pages.as_(cast.secretariat).post(
        f"{OFFICE}invitationer/ny/",
        {"email": "ny@example.org", "role": "secretariat", **named},
        status=200,
    )

    assert page.problems == [problem]
    assert not Invitation.objects.exists()


# Organizations and DGOs


def test_an_organization_is_added_and_ended_with_a_successor(office: Visitor, cast: Cast) -> None:
    office.follow("Organisationer").follow("Ny organisation")
    office.fill("Navn", ANGRY).fill("Type", "Virksomhed").press("Gem")
    office.sees(f"{ANGRY} er gemt.")

    office.follow(ANGRY).fill("Afløses af", "Vandværket ApS").press("Gem")
    assert office.page.problems == ["Indtast også den dag, organisationen bliver afløst"]
    office.fill("Gælder til", "mandag den 1. marts 2027").press("Gem")

    office.sees("Ikke i dag", "Til 1.3.2027", "Afløses af Vandværket ApS")
    ended = Organization.objects.named(ANGRY).get()
    assert (ended.valid_until_date, ended.successor) == (date(2027, 3, 1), cast.company)


def test_the_secretariat_writes_an_organization_s_own_domains(office: Visitor, cast: Cast) -> None:
    office.follow("Organisationer").follow("Vandværket ApS")
    office.fill("Maildomæner", " @Vand.dk; vandværket.dk,vand.dk,").press("Gem")

    assert Organization.objects.get(pk=cast.company.pk).domains == ["vand.dk", "vandværket.dk"]
    office.follow("Vandværket ApS").fill("Maildomæner", "").press("Gem")
    assert Organization.objects.get(pk=cast.company.pk).domains == []


def test_a_funder_is_made_and_listed(office: Visitor, cast: Cast) -> None:
    office.follow("Organisationer").follow("Vandværket ApS")
    office.fill("Bidragyder: kan give penge til klimaudviklingsspor", True).press("Gem")

    office.open(OFFICE).follow("Bidragydere").sees("2 organisationer", "Vandværket ApS")
    office.sees_no("Ærø Kommune")


@pytest.mark.parametrize(
    ("data", "problem"),
    (
        ({"name": ""}, "Indtast organisationens navn"),
        ({"kind": ""}, "Vælg en type"),
        ({"name": "REALDANIA"}, "Der er allerede en organisation med det navn."),
        ({"code": "751"}, "Der er allerede en organisation med den kode."),
        (
            {"domains": "kommune"},
            "Indtast maildomæner som eksempelkommune.dk med komma imellem",
        ),
        (
            {"domains": "ny.dk, Gmail.com"},
            "Alle kan få en adresse på gmail.com. Skriv kun domæner, som organisationen selv råder over",
        ),
        (
            {"valid_from_date": "i morgen"},
            "Gælder fra: datoen skal skrives med dag, måned og år, fx 15.4.2027",
        ),
        (
            {"valid_from_date": "1.1.2027", "valid_until_date": "1.1.2027"},
            "Slutdatoen skal være efter startdatoen.",
        ),
    ),
    ids=lambda cell: cell if isinstance(cell, str) else "",
)
def test_what_an_organization_must_be(
    cast: Cast, pages: Pages, data: dict[str, str], problem: str
) -> None:
    page = pages.as_(cast.secretariat).post(
        f"{OFFICE}organisationer/ny/", {"name": "Ny A/S", "kind": "company", **data}, status=200
    )

    assert page.problems == [problem]


def test_two_who_change_the_same_are_told(cast: Cast, pages: Pages) -> None:
    address = f"{OFFICE}organisationer/{cast.company.pk}/"
    opened = pages.as_(cast.secretariat).get(address).sent
    Organization.objects.filter(pk=cast.company.pk).update(name="Vandværket A/S")

    told = pages.post(address, opened | {"name": "Vandværket I/S"}, status=409)

    assert told.problems == [
        "Navn er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    assert "Navn Vandværket A/S" in told.text
    assert told.value("name") == "Vandværket I/S"
    assert Organization.objects.get(pk=cast.company.pk).name == "Vandværket A/S"
    pages.post(address, told.sent)
    assert Organization.objects.get(pk=cast.company.pk).name == "Vandværket I/S"


def test_a_dgo_gets_its_contact_and_its_kommuner(office: Visitor, cast: Cast) -> None:
    office.follow("DGO'er").sees("Telefon mangler").follow("KlimaNord")
    office.fill("Kontaktperson", "Karla Kontakt").fill("Kontaktpersonens telefon", "12 34 56 78")
    office.fill("Kommuner", ["Aarhus Kommune"]).press("Gem")

    office.sees("KlimaNord er gemt.", "KlimaNord deler kommuner med DGO Midtjylland.")
    office.sees("Karla Kontakt", "12 34 56 78")
    assert [str(m) for m in cast.other_dgo.municipalities.all()] == ["Aarhus Kommune"]


def test_new_dgos_get_a_short_name_of_their_own(office: Visitor, cast: Cast) -> None:
    for name in ("DGO Øresund", "Østlig DGO"):
        office.open(f"{OFFICE}dgo/ny/").fill("Navn", name).fill("Område", "Østlige øer").press(
            "Gem"
        )

    slugs = Dgo.objects.filter(area="Østlige øer").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["oestlige-oeer", "oestlige-oeer-2"]


def test_only_kommuner_can_be_in_a_dgo(cast: Cast, pages: Pages) -> None:
    page = pages.as_(cast.secretariat).post(
        f"{OFFICE}dgo/{cast.dgo.pk}/",
        {"name": "DGO", "area": "Midt", "municipalities": [cast.company.pk]},
        status=200,
    )

    assert len(page.problems) == 1
    assert cast.dgo.municipalities.count() == 4


# Whom letters say one may ask


def test_a_telephone_number_that_is_missing_is_said_where_it_is_written(
    cast: Cast, pages: Pages
) -> None:
    Dgo.objects.filter(pk=cast.dgo.pk).update(contact_phone="")
    missing = pages.as_(cast.secretariat).get(OFFICE).text
    listed = pages.get(f"{OFFICE}dgo/").text
    Dgo.objects.update(contact_phone="12345678")
    Contact.objects.create(pk=Contact.ONLY, phone="33703370")
    there = pages.get(OFFICE).text

    assert "Sekretariatets mail og telefon telefon mangler" in missing
    assert "DGO'er telefon mangler" in missing
    assert "Telefon mangler" in listed
    assert "telefon mangler" not in there
    assert "tel:+4512345678" in pages.get(f"{OFFICE}dgo/").links


def test_the_contact_in_letters_is_edited_and_held_to_what_was_seen(
    cast: Cast, pages: Pages
) -> None:
    address = f"{OFFICE}kontakt/"
    first = pages.as_(cast.secretariat).get(address)
    assert (first.value("email"), first.value("phone")) == ("klimaalliancen@kl.dk", "")
    seen = {name: first.value(name) for name in ("base-email", "base-phone")}
    wrong = pages.post(address, {"email": "ikke en adresse", "phone": "1" * 31, **seen}, status=200)
    assert len(wrong.problems) == 2

    typed = {"email": "post@example.org", "phone": "33 70 33 70", **seen}
    assert "Kontakten er gemt" in pages.press(address, typed).text
    assert Contact.objects.values_list("email", "phone").get() == (
        "post@example.org",
        "33 70 33 70",
    )

    stale = pages.post(address, {**typed, "phone": "1"}, status=409)
    assert "33 70 33 70" in stale.text
    assert stale.value("phone") == "1"
    assert Contact.objects.get().phone == "33 70 33 70"


# What runs by itself


def test_the_sweeps_say_when_they_came_by(cast: Cast, pages: Pages) -> None:
    a_moment_ago, long_ago = NOW - timedelta(seconds=40), NOW - timedelta(hours=2)
    SweepRecord.objects.create(name="mail.tasks.deliver", visited_at=a_moment_ago)
    SweepRecord.objects.create(name="proposals.tasks.remind", visited_at=long_ago)
    SweepRecord.objects.create(
        name="review.tasks.build_papers",
        visited_at=a_moment_ago,
        succeeded_at=long_ago,
        failed_at=a_moment_ago,
        error="OSError: disken er fuld",
    )
    # Of a nudge alone nobody can tell that the clock goes.
    SweepRecord.objects.create(name="review.tasks.remind", succeeded_at=a_moment_ago)
    # One bad thing does not hide another, and what is over can still be read.
    SweepRecord.objects.create(
        name="proposals.tasks.remove_orphans", failed_at=a_moment_ago, error="OSError: skrivefejl"
    )
    SweepRecord.objects.create(
        name="proposals.tasks.scan_attachments",
        visited_at=a_moment_ago,
        succeeded_at=a_moment_ago,
        failed_at=long_ago,
        error="Virusscanneren svarer ikke",
    )

    page = pages.as_(cast.administrator).get(f"{OFFICE}koersel/")

    assert [" ".join("".join(e.itertext()).split()) for e in page.by_class("badge")] == [
        "Kører",
        "Ikke endnu",
        "Fejler",
        "Forsinket",
        "Kører",
        "Fejler",
        "Ikke endnu",
        "Ikke endnu",
        "Ikke endnu",
    ]
    assert "OSError: disken er fuld" in page.text
    assert "Sidste fejl " in page.text
    assert "Virusscanneren svarer ikke" in page.text


# As many questions however long the list is


def more(cast: Cast, number: int) -> None:
    """Add one row to every list."""
    user = person(f"Ekstra {number}")
    organization = Organization.objects.create(
        name=f"Ekstra {number}", kind="company", successor=cast.company
    )
    people.claim(organization=organization, by=user, at=NOW)
    people.request_organization(name=f"Ny {number}", kind="company", by=user, at=NOW)
    Dgo.objects.create(slug=f"ekstra-{number}", name=f"Ekstra {number}", area="Ekstra")
    invitations.invite(
        email=f"ekstra{number}@example.org",
        name="",
        role=Role.FUNDER,
        organization=cast.realdania,
        by=cast.secretariat,
        at=NOW,
    )
    give_role(cast.stranger, Role.FUNDER, organization=organization)


@pytest.mark.parametrize(
    ("address", "queries"),
    (
        ("", 10),
        ("personer/", 6),
        ("personer/{stranger}/", 8),
        ("tilknytninger/", 8),
        ("invitationer/", 5),
        ("organisationer/", 5),
        ("dgo/", 5),
        ("dgo/{dgo}/", 10),
        ("runder/", 5),
        ("kriterier/", 6),
    ),
)
def test_lists_ask_the_same_however_long(
    cast: Cast,
    pages: Pages,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
) -> None:
    url = OFFICE + address.format(stranger=cast.stranger.pk, dgo=cast.dgo.pk)
    pages.as_(cast.secretariat)
    more(cast, 1)
    with django_assert_num_queries(queries):
        pages.get(url)
    more(cast, 2)
    more(cast, 3)
    with django_assert_num_queries(queries):
        pages.get(url)


def test_a_long_list_has_pages(cast: Cast, pages: Pages) -> None:
    for number in range(20):
        person(f"Person {number:02}")

    first = pages.as_(cast.secretariat).get(f"{OFFICE}personer/")
    second = pages.get(f"{OFFICE}personer/?page=2&q=")

    assert "Viser 1-25 af 29 personer" in first.text
    assert "Viser 26-29 af 29 personer" in second.text
    assert User.objects.count() == 29


def test_a_system_administrator_looks_at_people_in_djangos_admin_and_changes_nothing(
    cast: Cast, pages: Pages
) -> None:
    client: Any = pages.as_(cast.administrator).client

    for model in ("user", "membership", "invitation", "organization", "dgo"):
        assert client.get(f"/admin/accounts/{model}/").status_code == 200
        assert client.get(f"/admin/accounts/{model}/add/").status_code == 403
    person_page = client.get(f"/admin/accounts/user/{cast.stranger.pk}/change/")
    assert person_page.status_code == 200
    assert cast.stranger.password not in person_page.content.decode()
    assert client.post(f"/admin/accounts/user/{cast.stranger.pk}/delete/").status_code == 403
    assert client.get("/admin/mail/outgoingmail/").status_code == 200
    assert client.get("/admin/proposals/proposal/").status_code in (403, 404)


def test_who_is_no_longer_administrator_sees_nothing_in_djangos_admin(
    cast: Cast, pages: Pages
) -> None:
    Membership.objects.of(cast.administrator).update(valid_until_date=date(2027, 3, 1))

    answer = pages.as_(cast.administrator).client.get("/admin/accounts/user/")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address",
    (
        "personer/?rolle=x",
        "organisationer/?type=x",
        "invitationer/?tilstand=x",
        "breve/?tilstand=x",
    ),
)
def test_a_filter_that_is_not_a_choice_is_said_on_top_of_the_list(
    cast: Cast, pages: Pages, address: str
) -> None:
    page = pages.as_(cast.secretariat).get(f"{OFFICE}{address}")
    assert len(page.problems) == 1
    assert page.by_class("form-error-message")
