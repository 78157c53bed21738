"""What participants say for themselves: whom we ask, what they bring, whether they are in, and what hangs on it."""

from __future__ import annotations

import re
import threading
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

import pytest

from klimaspor import danish
from klimaspor.accounts import links
from klimaspor.accounts.models import Organization, Role, User
from klimaspor.mail.models import OutgoingMail
from proposals import reminders
from proposals.answers.content import Content
from proposals.commitments import steps as commitment
from proposals.drafting import holding as drafting
from proposals.eligibility import requirements as eligibility
from proposals.gates import deadlines
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.participants.models import Commitment, Participant
from proposals.printing import papers
from proposals.reading.diff import compare
from proposals.rounds.models import Round
from proposals.submission import steps as submission
from proposals.writers import invitation
from proposals.writers import steps as writers
from tests.factories.intake import NOW, Cast, a_ready_draft, give_role
from tests.factories.parties import known_addresses, let_in, proved
from tests.factories.walk import World, a_world, day, proposal_at, qualify, submit

LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def world(db: None) -> World:
    world = a_world()
    known_addresses(*world.cast.municipalities)
    return world


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def proposal(world: World) -> Proposal:
    return a_ready_draft(world.cast, world.round)


def of(proposal: Proposal, name: str) -> Participant:
    """Give the participant of that name: Aarhus, Ærø and Solrød Kommune, and Vandværket ApS take part."""
    return next(p for p in proposal.participants.listed() if p.name == name)


def ask(proposal: Proposal, name: str, user: User, *, at: Any = NOW) -> links.Sent:
    return commitment.ask(
        participant_pk=of(proposal, name).pk,
        name=user.name,
        email=user.email,
        by=proposal.owner,
        at=at,
    )


def a_contact(proposal: Proposal, name: str, who: str = "", *, at: Any = NOW) -> User:
    """Ask somebody to answer for the participant, and let them accept."""
    user = proved(who or f"Kontakt {name.split(maxsplit=1)[0]}")
    sent = ask(proposal, name, user, at=at)
    invitation.accept(token=sent.token, by=user, at=at)
    return user


def answer(proposal: Proposal, name: str, by: User, *, at: Any = LATER, **more: Any) -> Commitment:
    return commitment.answer(
        participant_pk=of(proposal, name).pk,
        by=by,
        at=at,
        **{"is_confirmed": True, **more},
    )


def confirm(proposal: Proposal, *names: str, at: Any = NOW) -> None:
    for name in names:
        answer(proposal, name, a_contact(proposal, name, at=at), at=at)


def k1(proposal: Proposal, *, at: Any = LATER) -> eligibility.Finding:
    fresh = Proposal.objects.get(pk=proposal.pk)
    return eligibility.assess(fresh, at=at)[0]


def letters(name: str) -> list[str]:
    found = OutgoingMail.objects.filter(name=name).order_by("pk")
    return list(found.values_list("recipient", flat=True))


def reads(proposal: Proposal, user: User, *, at: Any = LATER) -> bool:
    return Proposal.objects.visible_to(user, at=at).filter(pk=proposal.pk).exists()


def test_a_contact_confirms_and_the_owner_is_told_once(proposal: Proposal) -> None:
    contact = a_contact(proposal, "Solrød Kommune")
    brought = {
        "role": "knowledge",
        "plan_action": "Handling 4.2",
        "hours": 120,
        "amount": Decimal(0),
        "case_number": "26/0117",
    }

    said = answer(proposal, "Solrød Kommune", contact, brought=brought)
    answer(proposal, "Solrød Kommune", contact, brought=brought)

    assert (said.is_confirmed, said.answered_by, said.answered_at) == (True, contact, LATER)
    row = next(r for r in Content.of(proposal, at=LATER).participants if r.name == "Solrød Kommune")
    assert (row.answer_text, row.role, row.brought_text) == (
        "Bekræftet",
        "videnspartner",
        f"120{danish.NBSP}timer, 0{danish.NBSP}kr., sagsnr. 26/0117",
    )
    assert letters("commitment_answered") == [proposal.owner.email]
    body = OutgoingMail.objects.get(name="commitment_answered").body
    assert "Kontakt Solrød har svaret for Solrød Kommune" in body
    assert f"/forslag/{proposal.number}/deltager/{of(proposal, 'Solrød Kommune').pk}/" in body
    assert k1(proposal).message == "3 af 3 kommuner/regioner. 1 har bekræftet."


def test_who_declines_is_not_counted_and_the_reason_stays_with_the_parties(
    proposal: Proposal,
) -> None:
    contact = a_contact(proposal, "Solrød Kommune")
    with pytest.raises(ValidationError):
        answer(proposal, "Solrød Kommune", contact, is_confirmed=False)

    answer(
        proposal, "Solrød Kommune", contact, is_confirmed=False, reason="Ingen penge <b>i år</b>."
    )

    found = k1(proposal)
    assert (found.state, found.message) == (
        "missing",
        "2 af 3 kommuner/regioner. Tilføj 1 kommune eller region.",
    )
    assert found.details == (
        "Solrød Kommune (kommune): Tæller ikke med, fordi de har svaret, at de ikke er med.",
        "Vandværket ApS (virksomhed): Tæller ikke med, fordi kun kommuner og regioner tæller.",
    )
    with pytest.raises(submission.NotEligible, match="K1: 2 af 3"):
        submission.submit(proposal_pk=proposal.pk, revision=1, by=proposal.owner, at=LATER)
    assert "Ingen penge" in OutgoingMail.objects.get(name="commitment_answered").body
    assert "Ingen penge" not in str(Content.of(proposal, at=LATER).to_json())
    assert "Ingen penge" not in str(list(proposal.events.values()))
    # A change of mind is an answer too, and is told.
    answer(proposal, "Solrød Kommune", contact, at=LATER + timedelta(minutes=1))
    assert k1(proposal).state == "met"
    assert len(letters("commitment_answered")) == 2


def test_only_the_contact_answers_and_writers_fill_in_until_there_is_one(
    cast: Cast, proposal: Proposal
) -> None:
    participant = of(proposal, "Solrød Kommune")
    kept = {"participant_pk": participant.pk, "by": cast.owner, "at": NOW}
    commitment.save(brought={"hours": 40}, **kept)
    with pytest.raises(commitment.NotTheContact):
        answer(proposal, "Solrød Kommune", cast.owner)
    with pytest.raises(LookupError):
        commitment.save(brought={"is_confirmed": True}, **kept)

    contact = a_contact(proposal, "Solrød Kommune")

    with pytest.raises(commitment.NotTheContact, match="Kun Kontakt Solrød kan svare"):
        commitment.save(brought={"hours": 50}, **kept)
    assert answer(proposal, "Solrød Kommune", contact).hours == 40


def test_a_writer_answers_for_the_organization_they_act_for(cast: Cast, proposal: Proposal) -> None:
    participant = of(proposal, "Aarhus Kommune")
    asked = {"participant_pk": participant.pk, "by": cast.owner, "at": NOW}
    with pytest.raises(commitment.NotTheirs):
        commitment.answer_oneself(**asked)
    give_role(cast.owner, Role.MEMBER, organization=cast.municipalities[0])

    commitment.answer_oneself(**asked)
    answer(proposal, "Aarhus Kommune", cast.owner)

    # The owner knows what the owner has said.
    assert letters("commitment_answered") == []
    assert k1(proposal).message == "3 af 3 kommuner/regioner. 1 har bekræftet."


def test_a_new_contact_takes_over_and_the_one_before_reads_no_more(
    cast: Cast, proposal: Proposal
) -> None:
    first = a_contact(proposal, "Solrød Kommune", "Første Kontakt")
    second = proved("Anden Kontakt")
    sent = ask(proposal, "Solrød Kommune", second)
    assert reads(proposal, first)
    assert answer(proposal, "Solrød Kommune", first).is_confirmed

    invitation.accept(token=sent.token, by=second, at=LATER)

    assert (reads(proposal, first), reads(proposal, second)) == (False, True)
    assert (
        Commitment.objects.get(participant__organization=cast.municipalities[2]).contact == second
    )
    assert letters("removed") == [first.email]
    with pytest.raises(commitment.NotTheContact):
        answer(proposal, "Solrød Kommune", first)
    with pytest.raises(commitment.Answers, match="Anden Kontakt svarer allerede"):
        ask(proposal, "Solrød Kommune", second)


def test_asking_somebody_else_takes_the_link_from_the_one_before(proposal: Proposal) -> None:
    first, second = proved("Første Kontakt"), proved("Anden Kontakt")
    link = ask(proposal, "Solrød Kommune", first)
    with pytest.raises(invitation.AlreadyInvited):
        ask(proposal, "Solrød Kommune", first)

    ask(proposal, "Solrød Kommune", second)

    with pytest.raises(links.Withdrawn):
        invitation.accept(token=link.token, by=first, at=LATER)


def test_a_removed_participant_takes_its_contact_and_its_invitation_along(
    proposal: Proposal,
) -> None:
    both = a_contact(proposal, "Solrød Kommune", "Begges Kontakt")
    sent = ask(proposal, "Ærø Kommune", both)
    invitation.accept(token=sent.token, by=both, at=NOW)
    reader = proved("Egen Læser")
    let_in(proposal, reader, "read")
    invitation.accept(token=ask(proposal, "Vandværket ApS", reader).token, by=reader, at=NOW)
    asked = ask(proposal, "Aarhus Kommune", proved("Kun Spurgt"))

    def remove(name: str) -> None:
        participants.remove_participant(
            proposal_pk=proposal.pk,
            participant_pk=of(proposal, name).pk,
            by=proposal.owner,
            at=LATER,
        )

    remove("Aarhus Kommune")
    with pytest.raises(links.Withdrawn):
        invitation.look_up(asked.token, at=LATER)
    remove("Solrød Kommune")
    assert reads(proposal, both)
    remove("Ærø Kommune")
    assert not reads(proposal, both)
    # Who was let in to read goes on reading.
    remove("Vandværket ApS")
    assert reads(proposal, reader)
    assert letters("removed") == [both.email]
    assert Commitment.objects.count() == 0


def test_who_hands_over_and_goes_answers_no_more(cast: Cast, proposal: Proposal) -> None:
    give_role(cast.owner, Role.MEMBER, organization=cast.municipalities[0])
    participant = of(proposal, "Aarhus Kommune")
    commitment.answer_oneself(participant_pk=participant.pk, by=cast.owner, at=NOW)

    writers.hand_over(
        proposal_pk=proposal.pk, to_user=cast.stranger, reason="Nyt job.", by=cast.owner, at=NOW
    )

    assert Commitment.objects.get(participant=participant).contact is None


@pytest.mark.parametrize("status", Status)
def test_answers_are_taken_until_the_proposal_is_sent_to_approval(
    world: World, status: Status
) -> None:
    proposal = proposal_at(status, world)
    answered, written = (
        proposal.participants.create(
            typed_name=name, typed_kind="company", role="supplier", added_at=NOW
        )
        for name in ("Svarer A/S", "Skrives A/S")
    )
    Commitment.objects.create(participant=answered, contact=world.cast.stranger)

    def takes(act: Any, participant: Participant, **given: Any) -> bool:
        try:
            act(participant_pk=participant.pk, at=day(9), **given)
        except (commitment.Closed, drafting.NotEditable):
            return False
        return True

    is_open = status in ("draft", "in_qualification", "qualified")
    stranger, owner = world.cast.stranger, world.cast.owner
    assert takes(commitment.answer, answered, is_confirmed=True, by=stranger) == is_open
    # What a writer fills in is the text, which the writers do not touch while the DGO has it.
    may_write = status in ("draft", "qualified")
    assert takes(commitment.save, written, brought={"hours": 1}, by=owner) == may_write


def test_commitments_are_required_at_the_second_gate_alone(world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(requires_commitments=True)
    proposal = a_ready_draft(world.cast, world.round)
    confirm(proposal, "Aarhus Kommune", "Ærø Kommune")
    assert (k1(proposal).state, k1(proposal).message) == (
        "met",
        "3 af 3 kommuner/regioner. 2 har bekræftet. Runden kræver 3 tilsagn ved fristen for godkendelsesforløb.",
    )
    first = world.round.qualification_deadline_at
    submit(proposal, world, at=first)
    qualify(proposal, world, at=first + timedelta(days=1))
    due_at = world.round.approval_deadline_at

    def send(at: Any) -> None:
        submission.submit_for_approval(
            proposal_pk=proposal.pk, revision=proposal.revision, by=proposal.owner, at=at
        )

    with pytest.raises(submission.NotEligible) as refusal:
        send(due_at)
    assert [f.message for f in refusal.value.findings] == [
        "3 af 3 kommuner/regioner. 2 har bekræftet. Runden kræver tilsagn: der mangler 1 tilsagn."
    ]
    confirm(proposal, "Solrød Kommune", at=due_at - timedelta(minutes=5))
    with pytest.raises(deadlines.DeadlinePassed):
        send(due_at + timedelta(seconds=1))
    send(due_at)
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_APPROVAL


def test_without_the_rule_nobody_has_to_confirm(world: World) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    assert proposal.versions.newest_first()[0].content["findings"][0]["message"] == (
        "3 af 3 kommuner/regioner."
    )


def test_one_merged_region_counts_once_and_the_note_says_why(
    cast: Cast, proposal: Proposal
) -> None:
    new = Organization.objects.create(name="Region Østdanmark", kind="region", code="1086")
    regions = [
        Organization.objects.create(
            name=name, kind="region", code=code, valid_until_date=date(2027, 1, 1), successor=new
        )
        for name, code in (("Region Hovedstaden", "1084"), ("Region Sjælland", "1085"))
    ]
    for region in (*regions, new):
        participants.add_participant(
            proposal_pk=proposal.pk, organization=region, role="participant", by=cast.owner, at=NOW
        )
    with pytest.raises(
        participants.AlreadyParticipant, match="Region Østdanmark er allerede deltager"
    ):
        participants.add_participant(
            proposal_pk=proposal.pk, organization=new, role="participant", by=cast.owner, at=NOW
        )

    rows = {row.name: row for row in Content.of(proposal, at=NOW).participants}

    assert {name: (rows[name].counts, rows[name].note) for name in rows if "Region" in name} == {
        "Region Hovedstaden": (True, "Regionen er en del af Region Østdanmark den 1.8.2027."),
        "Region Sjælland": (
            False,
            "Tæller ikke med, fordi regionen er samme myndighed som Region Hovedstaden den 1.8.2027.",
        ),
        "Region Østdanmark": (
            False,
            "Tæller ikke med, fordi regionen er samme myndighed som Region Hovedstaden den 1.8.2027.",
        ),
    }
    assert k1(proposal).message == "4 kommuner/regioner. Der skal være mindst 3."


def test_the_version_the_papers_and_the_difference_say_what_was_answered(
    world: World, cast: Cast
) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    contact = a_contact(proposal, "Solrød Kommune", at=day(1))
    brought = {"plan_action": "Handling 4.2", "hours": 1200, "case_number": "26/0117"}
    answer(proposal, "Solrød Kommune", contact, brought=brought, at=day(1))
    submission.submit_for_approval(
        proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=day(2)
    )

    first, second = (v for v in proposal.versions.order_by("number"))

    paper = papers.collect(second, regions={})
    row = next(r for r in paper.participants if r.name == "Solrød Kommune")
    said = f"1.200{danish.NBSP}timer, sagsnr. 26/0117"
    assert (row.answer_text, row.brought_text) == ("Bekræftet", said)
    changes = compare(Content.of_version(first), Content.of_version(second))
    [change] = changes
    assert change.table is not None
    assert change.label == "Deltagere"
    [solroed] = change.table.rows
    assert (solroed.state, solroed.name) == ("changed", "Solrød Kommune")
    changed = [cell for cell in solroed.cells if cell.is_changed]
    assert {cell.label: (cell.before, cell.after) for cell in changed} == {
        "Tilsagn": ("", "Bekræftet"),
        "Bidrager med": ("oplyst af forslagsstilleren", said),
        "Handling i planen": ("", "Handling 4.2"),
    }


def test_whoever_has_confirmed_gets_the_receipt_under_their_own_number(
    world: World, cast: Cast, proposal: Proposal
) -> None:
    solroed, aeroe = (a_contact(proposal, name) for name in ("Solrød Kommune", "Ærø Kommune"))
    answer(proposal, "Solrød Kommune", solroed, brought={"case_number": "SOL-1"})
    answer(proposal, "Ærø Kommune", aeroe)
    a_contact(proposal, "Vandværket ApS")
    commitment.save(
        participant_pk=of(proposal, "Aarhus Kommune").pk,
        brought={"case_number": "AAR-9"},
        by=cast.owner,
        at=NOW,
    )

    submit(proposal, world, at=LATER)

    bodies = dict(OutgoingMail.objects.filter(name="receipt").values_list("recipient", "body"))
    numbers = {to: re.findall(r"Jeres sagsnr\.: (.*)", body) for to, body in bodies.items()}
    assert numbers == {
        cast.owner.email: ["AAR-9"],
        solroed.email: ["SOL-1"],
        aeroe.email: [],
    }


def test_contacts_who_have_not_answered_are_reminded_before_the_second_gate(
    world: World, proposal: Proposal
) -> None:
    waits = a_contact(proposal, "Solrød Kommune")
    answer(proposal, "Ærø Kommune", a_contact(proposal, "Ærø Kommune"))
    ask(proposal, "Aarhus Kommune", proved("Kun Spurgt"))

    # Thursday 29 April 2027 9.00: ten working days before is Thursday 15 April, 22 April has five, 27 April two.
    def remind(month: int, number: int) -> int:
        moment = danish.wall(date(2027, month, number), time(8, 0))
        reminders.send_due(at=moment)
        reminders.send_due(at=moment)
        return len(letters("commitment_reminder"))

    assert remind(4, 12) == 0
    submit(proposal, world, at=world.round.qualification_deadline_at)
    assert [remind(4, number) for number in (14, 15, 16, 21, 22, 26, 27, 28)] == [
        0,
        1,
        1,
        1,
        2,
        2,
        3,
        3,
    ]
    assert set(letters("commitment_reminder")) == {waits.email}
    letter = OutgoingMail.objects.filter(name="commitment_reminder").order_by("pk")[0]
    assert (
        letter.subject
        == "Husk at svare for Solrød Kommune senest torsdag den 29. april 2027 kl. 9.00"
    )
    assert f"/deltager/{of(proposal, 'Solrød Kommune').pk}/" in letter.body


def test_a_draft_that_missed_the_first_gate_reminds_nobody(proposal: Proposal) -> None:
    a_contact(proposal, "Solrød Kommune")
    reminders.send_due(at=danish.wall(date(2027, 4, 22), time(8, 0)))
    assert letters("commitment_reminder") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_an_answer_while_the_proposal_is_sent_is_in_the_version_or_refused(turn: int) -> None:
    world = a_world()
    known_addresses(*world.cast.municipalities)
    proposal = proposal_at(Status.QUALIFIED, world)
    contact = a_contact(proposal, "Solrød Kommune", at=day(1))
    participant = of(proposal, "Solrød Kommune")
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(act: Any) -> None:
        try:
            ready.wait()
            act()
            results.append("done")
        except commitment.Closed:
            results.append("closed")
        finally:
            connection.close()

    def send() -> None:
        submission.submit_for_approval(
            proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=day(2)
        )

    def say() -> None:
        commitment.answer(participant_pk=participant.pk, is_confirmed=True, by=contact, at=day(2))

    acts = (send, say) if turn % 2 else (say, send)
    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    version = Content.of_version(proposal.versions.newest_first()[0])
    row = next(r for r in version.participants if r.name == "Solrød Kommune")
    said = Commitment.objects.get(participant=participant)
    assert sorted(results) in (["done", "done"], ["closed", "done"])
    assert (row.answer == "confirmed") == (said.is_confirmed is True) == ("closed" not in results)


@pytest.mark.django_db(transaction=True)
def test_an_answer_while_the_participant_is_removed_leaves_nothing_behind() -> None:
    world = a_world()
    proposal = a_ready_draft(world.cast, world.round)
    contact = a_contact(proposal, "Solrød Kommune")
    participant = of(proposal, "Solrød Kommune")
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(act: Any, **given: Any) -> None:
        try:
            ready.wait()
            act(participant_pk=participant.pk, at=LATER, **given)
            results.append("done")
        except Participant.DoesNotExist:
            results.append("gone")
        finally:
            connection.close()

    threads = [
        threading.Thread(
            target=press,
            args=(participants.remove_participant,),
            kwargs={"proposal_pk": proposal.pk, "by": world.cast.owner},
        ),
        threading.Thread(
            target=press,
            args=(commitment.answer,),
            kwargs={"is_confirmed": True, "by": contact},
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) in (["done", "done"], ["done", "gone"])
    assert Commitment.objects.count() == 0
    assert not reads(proposal, contact, at=LATER + timedelta(seconds=1))
