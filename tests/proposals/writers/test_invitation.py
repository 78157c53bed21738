"""Who else writes or reads: bound to an address, capped, accepted once, and gone at once."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection

import pytest

from klimaspor.accounts import invitations, links
from klimaspor.accounts.models import Role
from klimaspor.mail.models import OutgoingMail
from proposals.drafting import steps as drafting
from proposals.line.models import Access, Impartiality, Proposal
from proposals.line.standing import standing
from proposals.participants import steps as participants
from proposals.participants.models import Commitment
from proposals.submission import steps as submission
from proposals.writers import invitation
from proposals.writers.models import ProposalInvitation
from tests.factories.intake import (
    NOW,
    Cast,
    a_cast,
    a_draft,
    a_ready_draft,
    a_round,
    person,
)
from tests.factories.parties import let_in, proved, verify

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


def invite(proposal: Proposal, email: str = "maja.holm@example.org", **changes: Any) -> links.Sent:
    given = {"name": "Maja Holm", "function": "write", "by": proposal.owner, "at": NOW}
    return invitation.invite(proposal_pk=proposal.pk, email=email, **{**given, **changes})


def functions(proposal: Proposal, user: Any, at: Any = LATER) -> set[str]:
    return {f.value for f in standing(user, Proposal.objects.get(pk=proposal.pk), at=at).functions}


def told(proposal: Proposal) -> list[tuple[str, str, str]]:
    events = proposal.events.exclude(transition="created").newest_first()
    return [(e.transition, e.by.name, e.note) for e in events]


def test_the_token_is_kept_by_nobody_but_the_letter(proposal: Proposal) -> None:
    sent = invite(proposal, email=" Maja.Holm@Example.org ")

    letter = OutgoingMail.objects.get()
    stored = ProposalInvitation.objects.get()
    assert len(sent.token) >= 43
    assert stored.token_hash == hashlib.sha256(sent.token.encode()).hexdigest()
    assert stored.expires_at == NOW + timedelta(days=14)
    assert f"http://testserver/invitation/forslag/{sent.token}/" in letter.body
    assert (letter.name, letter.recipient, letter.is_secret) == (
        "proposal_invitation",
        "maja.holm@example.org",
        True,
    )


def test_what_people_call_a_proposal_is_no_link_in_a_letter_with_our_name(
    cast: Cast, proposal: Proposal
) -> None:
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={"title": "Hent din præmie på https://ond.example/x"},
        by=cast.owner,
        at=NOW,
    )

    invite(proposal, name="www.ond.example")

    body = OutgoingMail.objects.get().body
    assert "Hent din præmie" in body
    assert "https://ond.example" not in body
    assert "www.ond.example" not in body


@pytest.mark.parametrize("function", ("write", "read"))
def test_the_invited_is_let_in_when_they_accept(
    cast: Cast, proposal: Proposal, function: str
) -> None:
    maja = proved("Maja Holm")
    sent = invite(proposal, function=function)
    assert functions(proposal, maja) == set()

    invitation.accept(token=sent.token, by=maja, at=LATER)

    verb = {"write": "kan skrive", "read": "kan læse"}[function]
    assert functions(proposal, maja) == {function}
    assert Proposal.objects.visible_to(maja, at=LATER).get() == proposal
    assert told(proposal) == [("joined", "Maja Holm", verb)]
    letter = OutgoingMail.objects.get(name="invitation_accepted")
    assert letter.recipient == cast.owner.email
    with pytest.raises(links.AlreadyAccepted):
        invitation.accept(token=sent.token, by=maja, at=LATER)


def test_who_answers_for_a_participant_reads_and_becomes_its_contact(
    cast: Cast, proposal: Proposal
) -> None:
    maja = proved("Maja Holm")
    participant = proposal.participants.get()
    sent = invite(proposal, function="read", participant=participant)

    invitation.accept(token=sent.token, by=maja, at=LATER)

    assert functions(proposal, maja) == {"read"}
    assert Commitment.objects.get().contact == maja
    assert told(proposal) == [("joined", "Maja Holm", "svarer for Aarhus Kommune")]


def test_a_writer_may_be_asked_to_answer_for_a_participant_and_still_writes(
    cast: Cast, proposal: Proposal
) -> None:
    maja = proved("Maja Holm")
    let_in(proposal, maja)
    sent = invite(proposal, function="read", participant=proposal.participants.get())

    invitation.accept(token=sent.token, by=maja, at=LATER)

    assert functions(proposal, maja) == {"write"}
    assert Commitment.objects.get().contact == maja


def test_nobody_is_asked_to_answer_for_a_participant_of_another_proposal(
    cast: Cast, proposal: Proposal
) -> None:
    other = a_draft(cast, proposal.round)

    with pytest.raises(LookupError):
        invite(proposal, function="read", participant=other.participants.get())


@pytest.mark.parametrize("function", ("own", "advise", "decide", ""))
def test_nobody_is_invited_to_own_or_to_decide(proposal: Proposal, function: str) -> None:
    with pytest.raises(LookupError):
        invite(proposal, function=function)


def test_a_participant_that_goes_takes_its_invitation_with_it(
    cast: Cast, proposal: Proposal
) -> None:
    maja = proved("Maja Holm")
    participant = proposal.participants.get()
    sent = invite(proposal, function="read", participant=participant)

    participants.remove_participant(
        proposal_pk=proposal.pk, participant_pk=participant.pk, by=cast.owner, at=NOW
    )

    with pytest.raises(links.Withdrawn):
        invitation.accept(token=sent.token, by=maja, at=LATER)
    # Otherwise somebody could send letters all day by adding and removing.
    assert ProposalInvitation.objects.sent_by(cast.owner).count() == 1


@pytest.mark.parametrize("kind", ("not proved", "another's", "closed"))
def test_only_the_invited_address_may_accept(proposal: Proposal, kind: str) -> None:
    sent = invite(proposal)
    user = person("Maja Holm", is_active=kind != "closed")
    if kind == "another's":
        user = proved("Frida Anden")
    elif kind == "closed":
        verify(user)

    with pytest.raises(links.WrongAddress, match=r"sendt til maja\.holm@example\.org"):
        invitation.accept(token=sent.token, by=user, at=LATER)
    assert functions(proposal, user) == set()
    assert ProposalInvitation.objects.get().accepted_at is None


def test_a_link_works_until_the_stroke(proposal: Proposal) -> None:
    sent = invite(proposal)
    maja = proved("Maja Holm")
    end = NOW + timedelta(days=14)

    with pytest.raises(
        links.Expired,
        match=r"udløb mandag den\xa015\.\xa0marts\xa02027 kl\.\xa010\.00\. Bed Ella Ejer om at sende",
    ):
        invitation.accept(token=sent.token, by=maja, at=end)
    assert invitation.accept(token=sent.token, by=maja, at=end - timedelta(seconds=1))


def test_a_withdrawn_link_and_one_nobody_sent_open_nothing(cast: Cast, proposal: Proposal) -> None:
    sent = invite(proposal)
    maja = proved("Maja Holm")
    for _ in range(2):
        invitation.withdraw(invitation_pk=sent.invitation.pk, by=cast.owner, at=NOW)

    for refused, token in (
        (links.Withdrawn, sent.token),
        (links.Unknown, sent.invitation.token_hash),
    ):
        with pytest.raises(refused):
            invitation.look_up(token, at=LATER)
        with pytest.raises(refused):
            invitation.accept(token=token, by=maja, at=LATER)
    assert functions(proposal, maja) == set()


def test_an_accepted_invitation_cannot_be_withdrawn_or_sent_again(
    cast: Cast, proposal: Proposal
) -> None:
    sent = invite(proposal)
    invitation.accept(token=sent.token, by=proved("Maja Holm"), at=LATER)

    for verb in (invitation.withdraw, invitation.send_again):
        with pytest.raises(links.AlreadyAccepted):
            verb(invitation_pk=sent.invitation.pk, by=cast.owner, at=LATER)


def test_sending_again_gives_a_new_link_and_ends_the_old(cast: Cast, proposal: Proposal) -> None:
    sent = invite(proposal, function="read")
    maja = proved("Maja Holm")

    again = invitation.send_again(invitation_pk=sent.invitation.pk, by=cast.owner, at=LATER)

    with pytest.raises(links.Withdrawn):
        invitation.accept(token=sent.token, by=maja, at=LATER)
    invitation.accept(token=again.token, by=maja, at=LATER)
    assert functions(proposal, maja) == {"read"}
    assert again.invitation.expires_at == LATER + timedelta(days=14)


def test_one_address_has_one_open_invitation_and_an_expired_one_is_replaced(
    cast: Cast, proposal: Proposal
) -> None:
    invite(proposal)

    for function in ("write", "read"):
        with pytest.raises(invitation.AlreadyInvited):
            invite(proposal, email="MAJA.Holm@example.org", function=function)
    later = NOW + timedelta(days=15)
    invite(proposal, at=later)
    assert [i.state_at(later) for i in proposal.invitations.newest_first()] == [
        "Venter på svar",
        "Trukket tilbage",
    ]


def test_an_address_that_is_in_is_told_of_and_no_other(cast: Cast, proposal: Proposal) -> None:
    maja = proved("Maja Holm")
    let_in(proposal, maja, "read")

    with pytest.raises(invitation.AlreadyIn, match=r"Maja Holm kan allerede læse\."):
        invite(proposal, function="read")
    with pytest.raises(invitation.AlreadyIn, match=r"Ella Ejer kan allerede skrive\."):
        invite(proposal, email=cast.owner.email)
    # Somebody with an account, and somebody without, are answered alike.
    for email in (cast.stranger.email, "ukendt@example.org"):
        assert invite(proposal, email=email).invitation.state_at(NOW) == "Venter på svar"


def test_a_reader_may_be_invited_to_write_and_then_has_one_access(proposal: Proposal) -> None:
    maja = proved("Maja Holm")
    let_in(proposal, maja, "read")

    let_in(proposal, maja, "write", at=LATER)

    assert functions(proposal, maja) == {"write"}


def test_twenty_may_be_open_at_once(cast: Cast, proposal: Proposal) -> None:
    for number in range(invitation.MOST_OPEN):
        sent = invite(proposal, email=f"nr{number}@example.org")

    with pytest.raises(invitation.TooManyOpen):
        invite(proposal)
    invitation.withdraw(invitation_pk=sent.invitation.pk, by=cast.owner, at=NOW)
    assert invite(proposal)


def test_one_person_sends_so_many_a_day_whatever_they_invite_to(cast: Cast) -> None:
    round_ = a_round()
    proposals = [a_draft(cast, round_) for _ in range(3)]
    for number in range(links.MOST_A_DAY - 1):
        invite(proposals[number % 3], email=f"nr{number}@example.org")
    invitations.invite(
        email="rolle@example.org", name="", role=Role.SECRETARIAT, by=cast.owner, at=NOW
    )

    with pytest.raises(links.TooManyToday):
        invite(proposals[0])
    with pytest.raises(links.TooManyToday):
        invitations.invite(
            email="ny@example.org", name="", role=Role.SECRETARIAT, by=cast.owner, at=NOW
        )
    assert OutgoingMail.objects.filter(recipient="maja.holm@example.org").count() == 0
    assert invite(proposals[0], by=cast.stranger)
    assert invite(proposals[1], at=LATER + timedelta(seconds=1))


def test_who_leaves_is_out_at_once_and_the_owner_is_told(cast: Cast, proposal: Proposal) -> None:
    maja = proved("Maja Holm")
    let_in(proposal, maja)

    for _ in range(2):
        invitation.leave(proposal_pk=proposal.pk, by=maja, at=LATER)

    assert functions(proposal, maja) == set()
    assert not Proposal.objects.visible_to(maja, at=LATER).exists()
    assert not Proposal.objects.own(maja, at=LATER).exists()
    assert told(proposal)[0] == ("left", "Maja Holm", "")
    assert [e[0] for e in told(proposal)].count("left") == 1
    assert OutgoingMail.objects.get(name="left").recipient == cast.owner.email


def test_who_is_removed_is_out_at_once_and_hears_it_without_a_link(
    cast: Cast, proposal: Proposal
) -> None:
    maja = proved("Maja Holm")
    let_in(proposal, maja, "read")
    waiting = invite(proposal, function="write")
    answering = invite(proposal, function="read", participant=proposal.participants.get())
    invitation.accept(token=answering.token, by=maja, at=NOW)

    for _ in range(2):
        invitation.remove_person(proposal_pk=proposal.pk, user=maja, by=cast.owner, at=LATER)

    assert functions(proposal, maja) == set()
    assert Commitment.objects.get().contact is None
    assert told(proposal)[0] == ("removed", "Ella Ejer", "Maja Holm")
    assert [e[0] for e in told(proposal)].count("removed") == 1
    letter = OutgoingMail.objects.get(name="removed")
    assert letter.recipient == maja.email
    assert "http" not in letter.body
    for sent in (waiting, answering):
        with pytest.raises((links.Withdrawn, links.AlreadyAccepted)):
            invitation.accept(token=sent.token, by=maja, at=LATER)


def test_the_owner_hands_over_before_leaving(cast: Cast, proposal: Proposal) -> None:
    with pytest.raises(invitation.OwnerStays, match="Overdrag det til en anden først"):
        invitation.leave(proposal_pk=proposal.pk, by=cast.owner, at=LATER)
    with pytest.raises(invitation.OwnerStays):
        invitation.remove_person(
            proposal_pk=proposal.pk, user=cast.owner, by=cast.secretariat, at=LATER
        )
    assert functions(proposal, cast.owner) == {"own"}


def test_removal_ends_the_part_and_not_what_comes_with_a_role(cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    verify(cast.adviser)
    let_in(proposal, cast.adviser)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    invitation.remove_person(proposal_pk=proposal.pk, user=cast.adviser, by=cast.owner, at=LATER)

    assert functions(proposal, cast.adviser) == {"qualify"}


def test_an_adviser_who_writes_with_them_stays_a_question_of_habilitet(cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    verify(cast.adviser)

    let_in(proposal, cast.adviser)
    invitation.leave(proposal_pk=proposal.pk, by=cast.adviser, at=LATER)

    row = Impartiality.objects.get()
    assert (row.user, row.reason) == (cast.adviser, "Er selv forslagsstiller.")


def test_a_letter_that_waits_for_its_paper_is_not_sent_to_who_is_gone(cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    maja = proved("Maja Holm")
    let_in(proposal, maja)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=maja, at=NOW)
    assert OutgoingMail.objects.filter(name="receipt", recipient=maja.email).exists()

    invitation.remove_person(proposal_pk=proposal.pk, user=maja, by=cast.owner, at=LATER)

    recipients = OutgoingMail.objects.filter(name="receipt").values_list("recipient", flat=True)
    assert list(recipients) == [cast.owner.email]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_make_one_access() -> None:
    cast = a_cast()
    proposal = a_draft(cast, a_round())
    sent = invite(proposal)
    maja = proved("Maja Holm")

    def accept(_: int) -> str:
        try:
            invitation.accept(token=sent.token, by=maja, at=LATER)
        except links.AlreadyAccepted:
            return "already"
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(accept, range(2)))

    assert answers == ["accepted", "already"]
    assert Access.objects.of_user(maja).count() == 1
    assert [e[0] for e in told(proposal)] == ["joined"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ("withdraw", "remove"))
def test_accepting_while_it_is_taken_back_never_leaves_both(rival: str) -> None:
    cast = a_cast()
    proposal = a_draft(cast, a_round())
    sent = invite(proposal)
    maja = proved("Maja Holm")

    def accept() -> None:
        invitation.accept(token=sent.token, by=maja, at=LATER)

    def take_back() -> None:
        if rival == "withdraw":
            invitation.withdraw(invitation_pk=sent.invitation.pk, by=cast.owner, at=LATER)
        else:
            invitation.remove_person(proposal_pk=proposal.pk, user=maja, by=cast.owner, at=LATER)

    def run(verb: Any) -> bool:
        try:
            verb()
        except (links.Withdrawn, links.AlreadyAccepted):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        accepted, taken_back = both.map(run, (accept, take_back))

    row = ProposalInvitation.objects.get()
    assert not (row.accepted_at and row.withdrawn_at)
    assert bool(row.accepted_at) is accepted
    if rival == "withdraw":
        assert accepted is not taken_back
        assert functions(proposal, maja) == ({"write"} if accepted else set())
    else:
        # The last word is the owner's.
        assert functions(proposal, maja) == set()


@pytest.mark.django_db(transaction=True)
def test_two_letters_at_once_do_not_pass_the_cap() -> None:
    cast = a_cast()
    proposal = a_draft(cast, a_round())
    for number in range(invitation.MOST_OPEN - 1):
        invite(proposal, email=f"nr{number}@example.org")

    def one_more(number: int) -> str:
        try:
            invite(proposal, email=f"mere{number}@example.org")
        except invitation.TooManyOpen:
            return "refused"
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(one_more, range(2)))

    assert answers == ["refused", "sent"]
