"""Leaving the line or the round, handing over, other DGOs, leave from a deadline, registering, and habilitet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import unsent
from klimaspor.accounts.models import User
from klimaspor.mail.models import OutgoingMail
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.line.standing import standing
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.submission import withdrawal
from proposals.writers import steps as drafting
from proposals.writers.models import ProposalInvitation
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.factories.parties import let_in, proved

if TYPE_CHECKING:
    from proposals.rounds.models import Round
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def spring() -> Round:
    return a_round()


@pytest.fixture
def autumn(spring: Round) -> Round:
    return a_round(
        name="Efterår 2027",
        qualification_deadline_at=spring.qualification_deadline_at + timedelta(days=180),
        approval_deadline_at=spring.approval_deadline_at + timedelta(days=180),
    )


@pytest.fixture
def draft(cast: Cast, spring: Round) -> Proposal:
    return a_draft(cast, spring)


@pytest.fixture
def sent(cast: Cast, spring: Round) -> Proposal:
    proposal = a_ready_draft(cast, spring)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    proposal.refresh_from_db()
    return proposal


def at(proposal: Proposal, path: str) -> str:
    return f"/forslag/{proposal.number}/{path}"


# Withdrawing


def test_withdraw_asks_why_and_ends_the_line(pages: Pages, cast: Cast, sent: Proposal) -> None:
    url = at(sent, "traek-tilbage/")
    shown = pages.as_(cast.owner).get(url)
    assert "Træk forslaget tilbage" in shown.buttons
    revision = shown.value("revision")
    assert pages.post(url, {"revision": revision}, status=200).problems == [
        "Skriv, hvorfor du trækker forslaget tilbage"
    ]
    answer = pages.post(url, {"revision": revision, "reason": "Kommunen gik ud"})
    sent.refresh_from_db()
    assert answer.location == at(sent, "")
    assert sent.status == Status.WITHDRAWN
    assert sent.events.of_transition("withdraw").get().reason == "Kommunen gik ud"
    pages.get(url, status=409)


def test_withdraw_of_a_stale_page_keeps_the_reason(
    pages: Pages, cast: Cast, sent: Proposal
) -> None:
    url = at(sent, "traek-tilbage/")
    shown = pages.as_(cast.owner).post(url, {"revision": 1, "reason": "Kommunen"}, status=409)
    assert "er blevet ændret af en anden" in shown.problems[0]
    assert shown.value("reason") == "Kommunen"
    pages.post(url, {"revision": shown.value("revision"), "reason": shown.value("reason")})
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN


def test_withdraw_is_the_owners(pages: Pages, cast: Cast, sent: Proposal) -> None:
    for person, status in ((cast.adviser, 403), (cast.secretariat, 403), (cast.stranger, 404)):
        pages.as_(person).post(
            at(sent, "traek-tilbage/"), {"revision": 2, "reason": "x"}, status=status
        )


def test_reason_of_an_expired_session_is_there_after_signing_in(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    url = at(draft, "traek-tilbage/")
    slip = pages.as_(cast.owner).get(url).value(unsent.SLIP)
    pages.client.logout()
    pages.post(url, {"revision": 1, "reason": "En lang grund", unsent.SLIP: slip})
    assert pages.as_(cast.owner).get(url).value("reason") == "En lang grund"
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


# Another round


def test_move_to_another_round(pages: Pages, cast: Cast, draft: Proposal, autumn: Round) -> None:
    url = at(draft, "flyt/")
    shown = pages.as_(cast.owner).get(url)
    assert shown.primary == ["Flyt forslaget"]
    assert pages.post(url, {"revision": 1}, status=200).problems == ["Vælg en runde"]
    pages.post(url, {"revision": 1, "round": autumn.pk})
    draft.refresh_from_db()
    assert (draft.round, draft.status) == (autumn, Status.DRAFT)


def test_move_without_another_round_says_whom_to_ask(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = pages.as_(cast.owner).get(at(draft, "flyt/"))
    assert "Der er ikke andre runder at flytte til endnu" in shown.text
    assert shown.primary == ["Tilbage til forslaget"]


def test_move_to_a_round_that_has_closed_is_refused(
    pages: Pages, cast: Cast, draft: Proposal, spring: Round
) -> None:
    shown = pages.as_(cast.owner).post(
        at(draft, "flyt/"), {"revision": 1, "round": spring.pk}, status=200
    )
    assert shown.problems == ["Runden er ikke åben. Vælg en anden"]


def test_move_of_what_lies_with_the_dgo_is_not_now(
    pages: Pages, cast: Cast, sent: Proposal, autumn: Round
) -> None:
    pages.as_(cast.owner).get(at(sent, "flyt/"), status=409)
    typed = {"revision": 2, "round": autumn.pk, "reason": "Vi når det ikke i foråret"}
    late = pages.post(at(sent, "flyt/"), typed, status=409)
    sent.refresh_from_db()
    assert sent.status == Status.IN_QUALIFICATION
    assert late.problems == [
        f"{sent.number} er til faglig kvalificering og kan ikke: Flyt til en anden runde."
    ]
    assert late.value("reason") == "Vi når det ikke i foråret"


def test_what_is_typed_on_a_page_that_came_too_late_is_kept(
    pages: Pages, cast: Cast, sent: Proposal
) -> None:
    url = at(sent, "traek-tilbage/")
    revision = pages.as_(cast.owner).get(url).value("revision")
    withdrawal.withdraw(
        proposal_pk=sent.pk, revision=2, reason="Aftalt på mødet", by=cast.owner, at=NOW
    )

    late = pages.post(url, {"revision": revision, "reason": "En lang begrundelse"}, status=409)

    assert len(late.problems) == 1
    assert late.value("reason") == "En lang begrundelse"
    # It has been seen where the proposal stands now.
    assert late.value("revision") == "3"


# Another owner


@pytest.mark.parametrize("stays", (False, True))
def test_hand_over_to_a_co_writer(pages: Pages, cast: Cast, draft: Proposal, stays: bool) -> None:
    maja = proved("Maja Holm")
    let_in(draft, maja)
    url = at(draft, "overdrag/")
    assert "Maja Holm (maja.holm@example.org)" in pages.as_(cast.owner).get(url).text

    answer = pages.post(
        url, {"to": maja.pk, "reason": "Nyt job", **({"keeps_writing": "on"} if stays else {})}
    )

    draft.refresh_from_db()
    assert draft.owner == maja
    assert {f.value for f in standing(maja, draft, at=NOW).functions} == {"own"}
    if stays:
        assert answer.location == at(draft, "")
        pages.get(at(draft, "afsnit/"))
        pages.get(url, status=403)
    else:
        assert answer.location == "/", "the old owner sees it no more"
        pages.get(at(draft, "afsnit/"), status=404)
    pages.as_(maja).get(at(draft, "afsnit/"))
    # Nothing is left of what she was before, when she hands over again.
    pages.post(url, {"to": "another", "email": "ny@example.org", "reason": "x"})
    drafting.hand_over(proposal_pk=draft.pk, to_user=cast.stranger, reason="x", by=maja, at=NOW)
    pages.get(at(draft, "afsnit/"), status=404)


@pytest.mark.parametrize("known", (True, False))
def test_an_owner_learns_of_nobodys_account_and_makes_nobody_owner_unasked(
    pages: Pages, cast: Cast, draft: Proposal, known: bool
) -> None:
    email = cast.stranger.email if known else "ingen@example.org"
    url = at(draft, "overdrag/")

    answer = pages.as_(cast.owner).post(url, {"email": email, "reason": "Nyt job"})

    draft.refresh_from_db()
    assert draft.owner == cast.owner
    assert answer.location == at(draft, "")
    shown = pages.get(answer.location).text
    assert (
        f"{email} er inviteret til at skrive i {draft.number}. Du ejer stadig forslaget." in shown
    )
    assert ProposalInvitation.objects.get().email == email


def test_hand_over_says_what_is_missing(pages: Pages, cast: Cast, draft: Proposal) -> None:
    url = at(draft, "overdrag/")
    assert pages.as_(cast.owner).post(url, {"email": "x"}, status=200).problems == [
        "Indtast en mailadresse, fx navn@kommune.dk",
        "Skriv, hvorfor forslaget skal have en ny ejer",
    ]
    assert pages.post(url, {"reason": "x"}, status=200).problems == [
        "Indtast mailadressen på den, der skal eje forslaget"
    ]
    let_in(draft, proved("Maja Holm"))
    assert pages.post(url, {"reason": "x", "to": cast.stranger.pk}, status=200).problems == [
        "Vælg en person fra listen"
    ]
    assert pages.post(url, {"reason": "x"}, status=200).problems == [
        "Vælg, hvem der skal eje forslaget"
    ]


def test_the_secretariat_hands_over_to_one_who_can_sign_in(
    pages: Pages, cast: Cast, sent: Proposal
) -> None:
    url = at(sent, "overdrag/")
    problems = pages.as_(cast.secretariat).post(
        url, {"email": "ingen@example.org", "reason": "x"}, status=200
    )
    assert problems.problems == [
        "Der er ingen bruger med den mailadresse. Bed personen om at oprette sig først"
    ]
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    shown = pages.post(url, {"email": cast.stranger.email, "reason": "x"}, status=200)
    assert shown.problems == ["Frida Fremmed kan ikke logge på. Vælg en anden."]


def test_orphaned_draft_is_given_a_new_owner_without_being_read(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    url = at(draft, "overdrag/")
    pages.as_(cast.secretariat).get(url, status=404)
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)

    listed = pages.get("/administration/uden-ejer/")
    assert url in listed.links
    assert draft.title not in listed.text
    assert draft.title not in pages.get(url).text
    pages.post(url, {"email": cast.stranger.email, "reason": "Ejeren er stoppet"})

    draft.refresh_from_db()
    assert draft.owner == cast.stranger
    pages.get(at(draft, "afsnit/"), status=404)
    assert "Alle forslag har en ejer" in pages.get("/administration/uden-ejer/").text


def test_hand_over_is_not_the_advisers(pages: Pages, cast: Cast, sent: Proposal) -> None:
    pages.as_(cast.adviser).get(at(sent, "overdrag/"), status=403)
    pages.as_(cast.stranger).get(at(sent, "overdrag/"), status=404)
    pages.as_(cast.adviser).get("/administration/uden-ejer/", status=403)


# Another DGO


def test_secretariat_changes_the_dgo(pages: Pages, cast: Cast, sent: Proposal) -> None:
    url = at(sent, "dgo/")
    shown = pages.as_(cast.secretariat).get(url)
    assert shown.primary == ["Giv videre"]
    assert pages.post(url, {}, status=200).problems == [
        "Vælg en DGO",
        "Skriv, hvorfor DGO'en skal skiftes",
    ]
    pages.post(url, {"dgo": cast.other_dgo.pk, "reason": "Ligger i nord"})
    sent.refresh_from_db()
    assert sent.lead_dgo == cast.other_dgo
    pages.as_(cast.adviser).get(at(sent, "versioner/1/"), status=404)
    pages.as_(cast.other_adviser).get(at(sent, "versioner/1/"))


def test_dgo_is_changed_by_the_dgo_that_has_it_and_the_secretariat_only(
    pages: Pages, cast: Cast, sent: Proposal
) -> None:
    for person, status in ((cast.owner, 403), (cast.adviser, 200), (cast.stranger, 404)):
        pages.as_(person).get(at(sent, "dgo/"), status=status)


# Leave from a deadline


def test_dispensation_lets_a_late_proposal_in(
    pages: Pages, cast: Cast, spring: Round, now: Any
) -> None:
    proposal = a_ready_draft(cast, spring)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    now.move_to(spring.qualification_deadline_at + timedelta(hours=1))
    url = f"/administration/dispensation/{proposal.number}/"
    pages.as_(cast.secretariat).get(url)
    values = {
        "granted_to": cast.owner.pk,
        "gate": "qualification",
        "until_date": "13.4.2027",
        "until_time": "9",
        "reason": "Sygdom",
    }
    assert pages.post(url, {**values, "until_date": "1.4.2027"}, status=200).problems == [
        "Vælg et tidspunkt, der ligger efter nu."
    ]
    pages.post(url, values)
    assert "Sygdom" in pages.get(url).text

    pages.as_(cast.owner).post(
        at(proposal, "indsend/"), {"revision": proposal.revision, "gate": "qualification"}
    )
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_QUALIFICATION


def test_dispensation_is_the_secretariats(pages: Pages, cast: Cast, sent: Proposal) -> None:
    url = f"/administration/dispensation/{sent.number}/"
    for person, status in ((cast.owner, 403), (cast.adviser, 403), (cast.stranger, 404)):
        pages.as_(person).get(url, status=status)


# A proposal that came by mail


def test_secretariat_registers_a_proposal_that_came_by_mail(
    pages: Pages, cast: Cast, spring: Round
) -> None:
    url = "/administration/registrer/"
    pages.as_(cast.secretariat)
    assert pages.post(url, {}, status=200).problems == [
        "Indtast forslagsstillerens navn",
        "Indtast forslagsstillerens mailadresse",
        "Vælg, hvem du stiller forslaget på vegne af",
        "Vælg en runde",
        "Indtast forslagets titel",
    ]
    found = pages.post(url, {"do": "search", "search": "ærø", "name": "Nina Ny"}, status=200)
    assert "Ærø Kommune" in found.text
    assert found.value("name") == "Nina Ny"
    answer = pages.post(
        url,
        {
            "name": "Nina Ny",
            "email": "nina@example.org",
            "on_behalf": cast.municipalities[1].pk,
            "round": spring.pk,
            "title": "Fra mailen",
        },
    )
    proposal = Proposal.objects.get()
    assert answer.location == at(proposal, "afsnit/")
    assert (proposal.owner.email, proposal.created_by) == ("nina@example.org", cast.secretariat)
    assert OutgoingMail.objects.filter(recipient="nina@example.org").exists()
    pages.get(at(proposal, "afsnit/"))


def test_registering_is_the_secretariats(pages: Pages, cast: Cast, spring: Round) -> None:
    for person in (cast.owner, cast.adviser, cast.committee):
        pages.as_(person).get("/administration/registrer/", status=403)


# Habilitet


def test_adviser_raises_the_question_of_their_own_impartiality(
    pages: Pages, cast: Cast, sent: Proposal
) -> None:
    url = at(sent, "habilitet/")
    pages.as_(cast.adviser).get(url)
    assert pages.post(url, {}, status=200).problems == ["Skriv, hvad der kan gøre dig inhabil"]
    pages.post(url, {"reason": "Min søster leder projektet"})
    row = sent.impartialities.get()
    assert (row.user, row.reason, row.is_impartial) == (
        cast.adviser,
        "Min søster leder projektet",
        None,
    )
    again = pages.get(url, status=302)
    assert again.location == at(sent, "")


def test_parties_are_not_asked_about_impartiality(pages: Pages, cast: Cast, sent: Proposal) -> None:
    pages.as_(cast.owner).get(at(sent, "habilitet/"), status=403)
    pages.as_(cast.stranger).get(at(sent, "habilitet/"), status=404)
