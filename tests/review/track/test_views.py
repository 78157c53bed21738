"""What the funders answer, and what the secretariat does with it: enter, launch, lapse, table again, end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

import pytest

from klimaspor.accounts.models import Organization, Role
from klimaspor.mail.models import OutgoingMail
from proposals.line.lifecycle import Status
from tests.factories.intake import give_role, person
from tests.factories.walk import answer, day, decide, proposal_at

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from review.funding.models import FunderConsent
    from tests.factories.walk import World
    from tests.pages import Pages

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def proposal(world: World) -> Proposal:
    """What the committee has approved, with 1.500.000 kr. asked of Realdania."""
    return proposal_at(Status.APPROVED, world)


@pytest.fixture
def consent(proposal: Proposal) -> FunderConsent:
    return proposal.consents.get()


def upload(content: bytes = PDF, name: str = "svar.pdf") -> SimpleUploadedFile:
    # What the browser says it is counts for nothing.
    return SimpleUploadedFile(name, content, content_type="application/pdf")


# The funder


def test_the_funder_sees_what_waits_for_it_alone(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    page = pages.as_(world.cast.funder).get("/bevillinger/")
    assert "Realdania: 1.500.000 kr." in page.text
    assert page.primary == [f"Giv svar på {consent.proposal.number}"]

    other = person("Oda Overfor")
    give_role(
        other,
        Role.FUNDER,
        organization=Organization.objects.create(
            name="En anden fond", kind="association", is_funder=True
        ),
    )
    empty = pages.as_(other).get("/bevillinger/")
    assert "Intet venter." in empty.text
    assert consent.proposal.number not in empty.text
    pages.get(f"/bevillinger/{consent.pk}/", status=404)
    pages.post(f"/bevillinger/{consent.pk}/", {"answer": "consented"}, status=404)


def test_nobody_else_answers_for_the_funder(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    url = f"/bevillinger/{consent.pk}/"
    for who in ("owner", "adviser", "secretariat", "committee"):
        pages.as_(getattr(world.cast, who)).get("/bevillinger/", status=403)
        pages.get(url, status=403)
        pages.post(url, {"answer": "consented"}, status=403)
    for who in ("stranger", "other_adviser", "administrator"):
        pages.as_(getattr(world.cast, who)).get(url, status=404)
    consent.refresh_from_db()
    assert consent.answer == ""


def test_the_funder_is_told_of_the_committees_conditions(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.ON_AGENDA, world)
    decide(proposal.agenda_items.get().agenda, "with_conditions", world)
    consent = proposal.consents.get()

    page = pages.as_(world.cast.funder).get(f"/bevillinger/{consent.pk}/")

    assert "Vis effekten inden et år." in page.text
    assert "> Vis effekten inden et år." in OutgoingMail.objects.get(name="consent_asked").body


def test_what_is_typed_to_a_question_that_was_overtaken_is_not_lost(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    consent.superseded_at = day(8)
    consent.save()
    url = f"/bevillinger/{consent.pk}/"
    assert "Forslaget er behandlet igen" in pages.as_(world.cast.funder).get(url).text

    refused = pages.post(url, {"answer": "refused", "reason": "En lang grund"}, status=200)

    assert len(refused.problems) == 1
    assert refused.value("reason") == "En lang grund"
    entered = pages.as_(world.cast.secretariat).post(
        f"/sekretariat/bidragydere/{consent.proposal.number}/svar/{consent.pk}/",
        {"answer": "refused", "reason": "En lang grund", "document": upload()},
        status=200,
    )
    assert entered.value("reason") == "En lang grund"


def test_the_funder_consents_once(pages: Pages, world: World, consent: FunderConsent) -> None:
    url = f"/bevillinger/{consent.pk}/"
    pages.as_(world.cast.funder)
    assert pages.post(url, {}, status=200).problems == ["Vælg jeres svar"]

    given = pages.press(url, {"answer": "consented"})
    assert given.messages == ["Svaret er sendt. Sekretariatet og forslagsstilleren får besked nu."]
    assert "Tilsagn 21.3.2027" in given.text
    again = pages.press(url, {"answer": "refused", "reason": "Fortrudt"})
    assert again.messages == ["Realdania har allerede svaret: tilsagn."]
    assert "Send svaret" not in pages.get(url).buttons
    shown = pages.as_(world.cast.owner).get(f"/forslag/{consent.proposal.number}/")
    assert "Bidragydernes egen godkendelse" in shown.text
    assert "tilsagn" in shown.text


def test_a_refusal_takes_a_reason(pages: Pages, world: World, consent: FunderConsent) -> None:
    url = f"/bevillinger/{consent.pk}/"
    pages.as_(world.cast.funder)

    page = pages.post(url, {"answer": "refused"}, status=200)
    assert page.problems == ["Indtast begrundelsen for afslaget"]
    pages.press(url, {"answer": "refused", "reason": "Rammen er <b>brugt</b>."})

    shown = pages.as_(world.cast.owner).get(f"/forslag/{consent.proposal.number}/")
    assert "Rammen er <b>brugt</b>." in shown.text


# The secretariat


def test_the_secretariat_enters_an_answer_with_its_document(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    number = consent.proposal.number
    url = f"/sekretariat/bidragydere/{number}/svar/{consent.pk}/"
    pages.as_(world.cast.secretariat)
    assert url in pages.get(f"/sekretariat/bidragydere/{number}/").links

    assert pages.post(url, {"answer": "consented"}, status=200).problems == [
        "Vedhæft bidragyderens svar som PDF"
    ]
    for content, said in (
        (
            b"<html><script>alert(1)</script>",
            "Filen er ikke en PDF. Gem svaret som PDF, og vælg den fil",
        ),
        (b"", "Filen er tom. Vælg en anden"),
    ):
        page = pages.post(url, {"answer": "consented", "document": upload(content)}, status=200)
        assert page.problems == [said]

    done = pages.press(
        url, {"answer": "consented", "document": upload(name="../../Svar fra Realdania.pdf")}
    )
    assert done.messages == ["Svaret fra Realdania er gemt. Forslagsstilleren får besked nu."]
    assert done.primary == ["Sæt sporet i gang"]
    document = f"/sekretariat/bidragydere/{number}/dokument/{consent.pk}/"
    file = pages.get(document)
    assert file.body == PDF
    assert file.response.headers["Content-Disposition"].startswith("attachment")
    assert file.response.headers["X-Content-Type-Options"] == "nosniff"
    pages.as_(world.cast.funder).get(document)
    for who in ("owner", "adviser", "committee", "stranger"):
        pages.as_(getattr(world.cast, who)).get(document, status=404)


def test_a_document_of_another_proposal_is_not_reached(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    other = proposal_at(Status.APPROVED, world)

    pages.as_(world.cast.secretariat).get(
        f"/sekretariat/bidragydere/{other.number}/svar/{consent.pk}/", status=404
    )
    pages.get(f"/sekretariat/bidragydere/{other.number}/dokument/{consent.pk}/", status=404)


def test_a_track_is_launched_when_all_have_consented(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/bidragydere/{proposal.number}/igangsaet/"
    pages.as_(world.cast.secretariat)

    early = pages.post(url, {"revision": proposal.revision}, status=200)
    assert early.problems == ["Sporet kan ikke sættes i gang, før Realdania har givet tilsagn."]
    answer(proposal, "consented", world)
    done = pages.press(url, {"revision": proposal.revision})

    assert done.messages == [f"{proposal.number} er sat i gang. Forslagsstilleren får besked nu."]
    assert "igangsat" in done.text
    assert pages.press(url, {"revision": proposal.revision}).messages == [
        f"{proposal.number} er allerede sat i gang."
    ]


@pytest.mark.parametrize(
    ("step", "status"), (("bortfald", Status.LAPSED), ("indstil-igen", Status.RECOMMENDED))
)
def test_after_a_refusal_it_lapses_or_is_tabled_again(
    pages: Pages, world: World, proposal: Proposal, step: str, status: Status
) -> None:
    url = f"/sekretariat/bidragydere/{proposal.number}/{step}/"
    data = {"revision": proposal.revision, "reason": "Realdania sagde nej."}
    pages.as_(world.cast.secretariat)

    early = pages.post(url, data, status=200)
    assert early.value("reason") == "Realdania sagde nej."
    assert "Ingen bidragyder har givet afslag" in early.problems[0]
    answer(proposal, "refused", world)
    assert pages.get(f"/sekretariat/bidragydere/{proposal.number}/").primary == ["Indstil igen"]
    pages.press(url, data)

    proposal.refresh_from_db()
    assert proposal.status == status


@pytest.mark.parametrize(
    ("step", "status"), (("afslut", Status.COMPLETED), ("afbryd", Status.DISCONTINUED))
)
def test_an_active_track_ends_with_a_reason(
    pages: Pages, world: World, step: str, status: Status
) -> None:
    active = proposal_at(Status.ACTIVE, world)
    url = f"/sekretariat/bidragydere/{active.number}/{step}/"
    pages.as_(world.cast.secretariat)
    empty = pages.post(url, {"revision": active.revision, "reason": ""}, status=200)
    assert empty.problems == ["Indtast en begrundelse"]

    pages.press(url, {"revision": active.revision, "reason": "Slutrapporten ligger hos os."})

    active.refresh_from_db()
    assert active.status == status
    pages.get(url, status=409)


def test_what_was_typed_comes_back_after_signing_in_again(
    pages: Pages, world: World, consent: FunderConsent
) -> None:
    url = f"/bevillinger/{consent.pk}/"
    slip = pages.as_(world.cast.funder).get(url).value("unsent-slip")
    pages.as_(None)

    pages.post(
        url, {"answer": "refused", "reason": "En lang begrundelse", "unsent-slip": slip}, status=302
    )

    back = pages.as_(world.cast.funder).get(url)
    assert back.value("reason") == "En lang begrundelse"
    assert "Det, du skrev, er ikke gemt endnu" in back.text
    consent.refresh_from_db()
    assert consent.answer == ""


@pytest.mark.parametrize("count", (1, 3))
def test_the_funders_desk_asks_the_same_however_much_waits(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        proposal_at(Status.APPROVED, world)
    pages.as_(world.cast.funder)

    with django_assert_num_queries(5):
        pages.get("/bevillinger/")
