"""Contacts for all participants on one page: named, asked by one letter each, and never the same again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

import pytest

from klimaspor.accounts import links
from klimaspor.mail.models import OutgoingMail
from proposals.commitments import steps as commitment
from proposals.commitments.seen import Contact
from proposals.line.functions import Function
from proposals.line.models import Access
from proposals.writers import invitation
from proposals.writers.models import ProposalInvitation
from tests.factories.intake import NOW, Cast, a_ready_draft
from tests.factories.parties import known_addresses, proved
from tests.factories.walk import World, a_world
from tests.pages import Pages

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def world() -> World:
    world = a_world()
    known_addresses(*world.cast.municipalities)
    return world


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def proposal(world: World) -> Proposal:
    proposal = a_ready_draft(world.cast, world.round)
    Access.objects.grant(
        proposal, Function.WRITE, user=world.cast.stranger, by=world.cast.owner, at=NOW
    )
    return proposal


@pytest.fixture
def hers(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.owner)


@pytest.fixture
def his(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.stranger)


def at(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/deltager/kontakter/"


def row(proposal: Proposal, place: str, name: str, email: str) -> dict[str, str]:
    pk = proposal.participants.get(organization__name__startswith=place).pk
    return {f"kontakt-{pk}-name": name, f"kontakt-{pk}-email": email}


def letters() -> list[str]:
    sent = OutgoingMail.objects.filter(name="proposal_invitation").order_by("pk")
    return [mail.recipient for mail in sent]


def contacts(proposal: Proposal) -> dict[str, str]:
    return {
        p.name: f"{p.contact_name} {p.contact_email}".strip()
        for p in proposal.participants.listed()
    }


def press(pages: Pages, proposal: Proposal, *rows: dict[str, str], **more: str) -> Page:
    sent: dict[str, Any] = dict(pages.get(at(proposal)).sent)
    for one in rows:
        sent |= one
    pages.post(at(proposal), sent | more)
    return pages.get(at(proposal))


def test_all_are_asked_by_one_press_a_letter_each(hers: Pages, proposal: Proposal) -> None:
    shown = press(
        hers,
        proposal,
        row(proposal, "Solrød", " Sif\u00ad  Prøve", "\u200bSif@Example.org \u00a0"),
        row(proposal, "Ærø", "", '"Ane Prøve" <ane@example.org>;'),
    )

    assert shown.messages == ["2 breve er sendt til Ærø Kommune og Solrød Kommune."]
    assert letters() == ["ane@example.org", "sif@example.org"]
    assert contacts(proposal) == {
        "Solrød Kommune": "Sif Prøve sif@example.org",
        "Ærø Kommune": "Ane Prøve ane@example.org",
        "Aarhus Kommune": "",
        "Vandværket ApS": "",
    }
    assert shown.text.count("Blev spurgt 1.3.2027: venter på svar") == 2

    again = press(hers, proposal)
    assert again.messages == ["Der var intet nyt at gemme. Ingen nye breve er sendt."]
    renamed = press(hers, proposal, row(proposal, "Solrød", "Sif Ny", "sif@example.org"))
    assert renamed.messages == ["Kontaktpersonerne er gemt. Ingen nye breve er sendt."]
    assert len(letters()) == 2

    changed = press(hers, proposal, row(proposal, "Solrød", "Bo Prøve", "bo@example.org"))
    assert changed.messages == ["1 brev er sendt til Solrød Kommune."]
    assert letters()[2:] == ["bo@example.org"]
    open_ = ProposalInvitation.objects.open(at=NOW).exclude(participant=None)
    assert sorted(one.email for one in open_) == ["ane@example.org", "bo@example.org"]


def test_who_was_named_before_and_never_asked_is_asked(hers: Pages, proposal: Proposal) -> None:
    solroed = proposal.participants.get(organization__name="Solrød Kommune")
    type(solroed).objects.filter(pk=solroed.pk).update(
        contact_name="Sif Prøve", contact_email="sif@example.org"
    )
    assert press(hers, proposal).messages == ["1 brev er sendt til Solrød Kommune."]


def test_errors_stand_at_the_row_and_nobody_is_asked_before_they_are_mended(
    hers: Pages, proposal: Proposal
) -> None:
    sent = {
        **hers.get(at(proposal)).sent,
        **row(proposal, "Solrød", "Sif Prøve", "sif@"),
        **row(proposal, "Ærø", "Ane Prøve", ""),
        **row(proposal, "Aarhus", "", "aa@example.org"),
    }
    shown = hers.post(at(proposal), sent, status=200)
    assert shown.problems == [
        "Indtast mailadressen for Ærø Kommune, eller slet navnet",
        "Indtast en mailadresse for Solrød Kommune, fx navn@kommune.dk",
        "Indtast kontaktpersonens navn for Aarhus Kommune",
    ]
    rows = {name: values for name, values in shown.sent.items() if name.startswith("kontakt-")}
    assert [value for [value] in rows.values() if value] == [
        *("Ane Prøve", "Sif Prøve", "sif@", "aa@example.org")
    ]
    assert letters() == []


def test_one_at_several_is_named_and_may_be_meant(hers: Pages, proposal: Proposal) -> None:
    rows = (
        row(proposal, "Solrød", "Sif Prøve", "sif@example.org"),
        row(proposal, "Ærø", "Sif Prøve", "SIF@example.org"),
    )
    sent = {**hers.get(at(proposal)).sent, **rows[0], **rows[1]}
    shown = hers.post(at(proposal), sent, status=200)
    assert shown.problems == [
        "sif@example.org står også ved Solrød Kommune. Ret den, eller sæt flueben nederst, hvis det er den samme person",
        "sif@example.org står også ved Ærø Kommune. Ret den, eller sæt flueben nederst, hvis det er den samme person",
    ]
    hers.post(at(proposal), {**shown.sent, "is_same": "on"})
    assert letters() == ["sif@example.org", "sif@example.org"]
    assert press(hers, proposal).messages[0].startswith("Der var intet nyt"), (
        "nor asked about again"
    )


def test_two_writers_do_not_undo_each_other(hers: Pages, his: Pages, proposal: Proposal) -> None:
    mine = hers.get(at(proposal)).sent
    press(his, proposal, row(proposal, "Solrød", "Sif Prøve", "sif@example.org"))

    hers.post(at(proposal), {**mine, **row(proposal, "Ærø", "Ane Prøve", "ane@example.org")})
    assert contacts(proposal)["Solrød Kommune"] == "Sif Prøve sif@example.org"
    assert letters() == ["sif@example.org", "ane@example.org"]

    told = hers.post(
        at(proposal), {**mine, **row(proposal, "Solrød", "Bo Prøve", "bo@example.org")}, status=409
    )
    assert "Solrød Kommune er ændret, efter du åbnede siden" in told.problems[0]
    assert "Sif Prøve (sif@example.org)" in told.text
    assert "bo@example.org" in told.body.decode()
    hers.post(at(proposal), told.sent)
    assert contacts(proposal)["Solrød Kommune"] == "Bo Prøve bo@example.org"
    assert contacts(proposal)["Ærø Kommune"] == "Ane Prøve ane@example.org"


def test_both_ask_the_same_and_one_letter_goes(hers: Pages, his: Pages, proposal: Proposal) -> None:
    typed = row(proposal, "Solrød", "Sif Prøve", "sif@example.org")
    mine = {**hers.get(at(proposal)).sent, **typed}
    press(his, proposal, typed)
    hers.post(at(proposal), mine)
    hers.post(at(proposal), mine)
    assert letters() == ["sif@example.org"]


def test_who_answers_is_not_asked_and_may_be_followed_by_another(
    hers: Pages, cast: Cast, proposal: Proposal
) -> None:
    solroed = proposal.participants.get(organization__name="Solrød Kommune")
    user = proved("Kit Kontakt")
    sent = commitment.ask(
        participant_pk=solroed.pk, name="Kit Kontakt", email=user.email, by=cast.owner, at=NOW
    )
    invitation.accept(token=sent.token, by=user, at=NOW)
    before = len(letters())

    assert "Kan svare" in hers.get(at(proposal)).text
    assert press(hers, proposal).messages[0].startswith("Der var intet nyt")
    sent_empty = {**hers.get(at(proposal)).sent, **row(proposal, "Solrød", "", "")}
    shown = hers.post(at(proposal), sent_empty, status=200)
    assert shown.problems == [
        "Nogen svarer allerede for Solrød Kommune. Skriv, hvem der skal svare i stedet"
    ]
    after = press(hers, proposal, row(proposal, "Solrød", "Bo Prøve", "bo@example.org"))
    assert "venter på svar. Kit Kontakt svarer imens" in after.text
    assert letters()[before:] == ["bo@example.org"]


def test_who_answers_oneself_stands_there_and_is_not_written_to(
    hers: Pages, cast: Cast, proposal: Proposal
) -> None:
    cast.owner.emailaddress_set.update_or_create(
        email=cast.owner.email, defaults={"verified": True, "primary": True}
    )
    aarhus = proposal.participants.get(organization__name="Aarhus Kommune")
    press(hers, proposal, row(proposal, "Aarhus", "Bo Prøve", "bo@example.org"))
    commitment.answer_oneself(participant_pk=aarhus.pk, by=cast.owner, at=NOW)
    before = letters()
    assert press(hers, proposal).messages[0].startswith("Der var intet nyt")
    assert letters() == before
    assert contacts(proposal)["Aarhus Kommune"] == f"{cast.owner.name} {cast.owner.email}"


def test_what_was_taken_back_is_not_sent_again_unasked_and_what_expired_is(
    hers: Pages, cast: Cast, proposal: Proposal
) -> None:
    typed = row(proposal, "Solrød", "Sif Prøve", "sif@example.org")
    press(hers, proposal, typed, row(proposal, "Ærø", "Ane Prøve", "ane@example.org"))
    invitation.withdraw(
        invitation_pk=ProposalInvitation.objects.get(email="sif@example.org").pk,
        by=cast.owner,
        at=NOW,
    )
    later = NOW + links.GOOD_FOR + timedelta(days=1)
    standing = {p.pk: commitment.contact_of(p) for p in proposal.participants.listed()}

    done = commitment.ask_all(
        proposal_pk=proposal.pk, contacts=standing, bases={}, by=cast.owner, at=later
    )

    assert [p.name for p in done.asked] == ["Ærø Kommune"]


def test_what_a_day_takes_no_more_of_is_kept_and_sent_by_the_next_press(
    hers: Pages, cast: Cast, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_A_DAY", 1)
    shown = press(
        hers,
        proposal,
        row(proposal, "Solrød", "Sif Prøve", "sif@example.org"),
        row(proposal, "Ærø", "Ane Prøve", "ane@example.org"),
    )
    assert shown.messages[0].startswith(
        "1 brev er sendt til Ærø Kommune. 1 brev er ikke sendt, fordi du har sendt"
    )
    assert contacts(proposal)["Solrød Kommune"] == "Sif Prøve sif@example.org"
    assert "Ikke spurgt endnu" in shown.text

    standing = {p.pk: commitment.contact_of(p) for p in proposal.participants.listed()}
    tomorrow = NOW + timedelta(days=1, minutes=1)
    commitment.ask_all(proposal_pk=proposal.pk, contacts=standing, by=cast.owner, at=tomorrow)
    assert letters() == ["ane@example.org", "sif@example.org"]


def test_whoever_is_removed_meanwhile_is_not_asked(
    hers: Pages, cast: Cast, proposal: Proposal
) -> None:
    gone = {999_999: Contact("Sif Prøve", "sif@example.org")}
    done = commitment.ask_all(proposal_pk=proposal.pk, contacts=gone, by=cast.owner, at=NOW)
    assert (done.asked, letters()) == ([], [])


def test_nobody_is_asked_when_answers_are_closed(hers: Pages, proposal: Proposal) -> None:
    sent = {
        **hers.get(at(proposal)).sent,
        **row(proposal, "Solrød", "Sif Prøve", "sif@example.org"),
    }
    type(proposal).objects.filter(pk=proposal.pk).update(status="in_approval")
    shown = hers.post(at(proposal), sent, status=200)
    assert "sif@example.org" in shown.body.decode()
    assert "kan ikke ændres her" in shown.problems[0]
    assert letters() == []
    hers.get(at(proposal), status=409)


def test_more_than_twenty_contacts_may_be_asked(cast: Cast, proposal: Proposal) -> None:
    for number in range(invitation.MOST_OPEN + 2):
        participant = proposal.participants.create(
            typed_name=f"Forening {number}",
            typed_kind="association",
            role="participant",
            added_at=NOW,
        )
        commitment.ask(
            participant_pk=participant.pk,
            name="Sif",
            email=f"nr{number}@example.org",
            by=cast.owner,
            at=NOW,
        )
    assert len(letters()) == invitation.MOST_OPEN + 2


def test_the_section_leads_there_and_saves_first(hers: Pages, proposal: Proposal) -> None:
    section = f"/forslag/{proposal.number}/afsnit/deltagere/"
    answer = hers.post(section, {**hers.get(section).sent, "do": "contacts", "joining": "Ring"})
    proposal.refresh_from_db()
    assert (answer.location, proposal.joining) == (at(proposal), "Ring")


def test_nobody_takes_part_yet(hers: Pages, cast: Cast, proposal: Proposal) -> None:
    proposal.participants.all().delete()
    assert "Der er ingen deltagere endnu" in hers.get(at(proposal)).text


def test_queries(hers: Pages, proposal: Proposal, django_assert_num_queries: Any) -> None:
    hers.get(at(proposal))
    for number in range(2):
        with django_assert_num_queries(8):
            hers.get(at(proposal))
        proposal.participants.create(
            typed_name=f"Forening {number}",
            typed_kind="association",
            role="participant",
            added_at=NOW,
        )
