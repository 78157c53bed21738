"""What was sent is taken back: until the gate, and until somebody has begun on it; the race with whoever begins."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

import pytest
import time_machine

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone
from proposals.drafting import steps as drafting
from proposals.drafting.dgo import may_choose_dgo
from proposals.drafting.returns import sent_back_by
from proposals.gates import deadlines
from proposals.gates import steps as gates
from proposals.line.duties import Kind
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Event, Proposal, Stale
from proposals.line.steps import TakenBack
from proposals.printing.models import VersionPaper
from proposals.rounds.models import Gate
from proposals.search.models import SearchText
from proposals.submission import steps as submission
from proposals.submission import taking_back
from proposals.submission.taking_back import NotTakenBack
from review.formality import steps as formality
from review.qualification import steps as qualification
from review.qualification.models import Qualification
from review.recommendation import steps as recommendation
from tests.factories import walk
from tests.factories.intake import NOW, person
from tests.factories.walk import DAY, World, a_world, day, proposal_at

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.pages import Pages

pytestmark = pytest.mark.django_db

S = Status
FIRST = danish.wall(date(2027, 4, 12), time(9))
SECOND = danish.wall(date(2027, 4, 29), time(9))


@pytest.fixture
def world() -> World:
    return a_world()


def take_back(proposal: Proposal, world: World, *, at: datetime = DAY[1]) -> Event:
    event = taking_back.take_back(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=at
    )
    proposal.refresh_from_db()
    return event


def told(name: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(name=name).values_list("recipient", flat=True))


def waiting(proposal: Proposal) -> list[tuple[str, datetime]]:
    held = Duty.objects.undone().filter(proposal=proposal).order_by("pk")
    return [(duty.kind, duty.due_at) for duty in held]


def test_it_is_a_draft_again_and_what_was_sent_stays(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    sent = proposal.versions.get()

    event = take_back(proposal, world)

    sent.refresh_from_db()
    assert (proposal.status, proposal.answer_due_at) == (S.DRAFT, None)
    assert (event.version, event.by, event.reason) == (sent, world.cast.owner, "")
    assert (sent.taken_back_at, sent.taken_back_by) == (day(1), world.cast.owner)
    assert VersionPaper.objects.filter(version=sent).exists()
    assert waiting(proposal) == [(Kind.SUBMIT, FIRST)]
    assert Duty.objects.get(proposal=proposal, kind=Kind.QUALIFY).done_at == day(1)
    adviser = world.cast.adviser
    assert Proposal.objects.visible_to(adviser, at=day(1)).filter(pk=proposal.pk).exists()
    assert not may_choose_dgo(proposal)


def test_those_who_were_sent_it_and_the_other_writers_are_told_once(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    writer = person("Sofie Skriver")
    proposal.accesses.create(function="write", user=writer, since_at=NOW, since_by=world.cast.owner)
    take_back(proposal, world)
    assert told("taken_back") == sorted([world.cast.adviser.email, writer.email])

    walk.submit(proposal, world, at=day(2))
    take_back(proposal, world, at=day(3))
    assert told("taken_back") == sorted([world.cast.adviser.email, writer.email] * 2)


def test_from_the_secretariat_it_is_qualified_again(world: World) -> None:
    proposal = proposal_at(S.IN_APPROVAL, world)
    assert Qualification.objects.get(proposal=proposal).completed_at

    take_back(proposal, world, at=day(3))

    assert proposal.status == S.QUALIFIED
    assert waiting(proposal) == [(Kind.SUBMIT_FOR_APPROVAL, SECOND)]
    assert told("taken_back") == sorted([world.cast.secretariat.email, world.cast.colleague.email])
    walk.submit_for_approval(proposal, world, at=day(4))
    assert [v.number for v in proposal.versions.oldest_first()] == [1, 2, 3]
    walk.recommend(proposal, world, at=day(5))
    assert proposal.status == S.RECOMMENDED


def test_nobody_gains_time_by_sending_and_taking_back(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    take_back(proposal, world, at=FIRST)

    assert deadlines.due_at(proposal, Gate.QUALIFICATION) == FIRST
    with pytest.raises(deadlines.DeadlinePassed):
        walk.submit(proposal, world, at=FIRST + timedelta(seconds=1))
    walk.submit(proposal, world, at=FIRST)
    assert proposal.status == S.IN_QUALIFICATION


@pytest.mark.parametrize(
    ("status", "deadline", "gate"),
    ((S.IN_QUALIFICATION, FIRST, "faglig kvalificering"), (S.IN_APPROVAL, SECOND, "godkend")),
)
def test_the_gate_closes_it_to_the_second(
    world: World, status: Status, deadline: datetime, gate: str
) -> None:
    late, in_time = proposal_at(status, world), proposal_at(status, world, title="I tide")

    with pytest.raises(NotTakenBack, match=f"Fristen for {gate}"):
        take_back(late, world, at=deadline + timedelta(seconds=1))
    take_back(in_time, world, at=deadline + timedelta(microseconds=999_999))

    late.refresh_from_db()
    assert (late.status, late.versions.newest_first()[0].taken_back_at) == (status, None)


def test_a_dispensation_is_for_taking_back_too_and_for_its_person(world: World) -> None:
    proposal = walk.a_ready_draft(world.cast, world.round)
    until_at = FIRST + timedelta(days=2)
    gates.grant(
        proposal_pk=proposal.pk,
        gate=Gate.QUALIFICATION,
        granted_to=world.cast.owner,
        until_at=until_at,
        reason="Sygdom",
        by=world.cast.secretariat,
        at=NOW,
    )
    walk.submit(proposal, world, at=FIRST + timedelta(hours=1))

    sent = taking_back.sent_last([proposal])[proposal.pk]
    later = FIRST + timedelta(hours=2)
    assert taking_back.own_term(proposal, sent, by=world.cast.owner, at=later) == until_at
    assert taking_back.own_term(proposal, sent, by=world.cast.secretariat, at=later) == FIRST
    take_back(proposal, world, at=later)
    assert waiting(proposal) == [(Kind.SUBMIT, until_at)]


def test_what_was_asked_and_by_when_stands_again(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    term = proposal.answer_due_at
    assert term is not None
    for send, back in ((2, 3), (4, 5)):
        walk.submit(proposal, world, at=day(send))
        assert proposal.answer_due_at is None
        take_back(proposal, world, at=day(back))
        asked = sent_back_by(proposal)
        assert proposal.answer_due_at == term
        assert asked is not None
        assert [reason.text for reason in asked.reasons.all()] == ["Skriv tal."]

    walk.submit(proposal, world, at=day(6))
    with pytest.raises(NotTakenBack):
        take_back(proposal, world, at=term + timedelta(seconds=1))


def test_nobody_is_asked_again_for_what_was_answered_since(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(2))
    walk.qualify(proposal, world, at=day(3))
    walk.submit_for_approval(proposal, world, at=day(4))
    take_back(proposal, world, at=day(5))

    assert sent_back_by(proposal) is None


def begins(proposal: Proposal, world: World) -> None:
    qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(3))


def checks(proposal: Proposal, world: World) -> None:
    formality.save_answers(
        proposal_pk=proposal.pk,
        answers={"K2": (None, "Læst")},
        by=world.cast.secretariat,
        at=day(3),
    )


def recommends(proposal: Proposal, world: World) -> None:
    walk.write_recommendation(proposal, world, at=day(3))


def refuses_and_reopens(proposal: Proposal, world: World) -> None:
    for step in (formality.refuse, formality.reopen):
        proposal.refresh_from_db()
        step(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            reason="Krav",
            by=world.cast.secretariat,
            at=day(3),
        )


def corrects(proposal: Proposal, world: World) -> None:
    walk.qualify(proposal, world, at=day(2))
    recommendation.correct(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Fejl",
        by=world.cast.secretariat,
        at=day(3),
    )


@pytest.mark.parametrize(
    ("status", "somebody", "why"),
    (
        (S.IN_QUALIFICATION, begins, "Din DGO er begyndt på den faglige kvalificering. "),
        (S.IN_QUALIFICATION, corrects, "Din DGO er begyndt på den faglige kvalificering. "),
        (S.IN_APPROVAL, checks, "Sekretariatet er begyndt på den formelle kontrol. "),
        (S.IN_APPROVAL, recommends, "Sekretariatet er begyndt på indstillingen. "),
        (S.IN_APPROVAL, refuses_and_reopens, "Sekretariatet har allerede behandlet forslaget. "),
    ),
)
@pytest.mark.usefixtures("now")
def test_who_has_begun_keeps_it_and_the_owner_is_told_why(
    world: World, pages: Pages, status: Status, somebody: object, why: str
) -> None:
    proposal = proposal_at(status, world)
    somebody(proposal, world)  # type: ignore[operator]  # one of the functions above
    proposal.refresh_from_db()

    with pytest.raises(NotTakenBack, match=why):
        take_back(proposal, world, at=day(4))
    proposal.refresh_from_db()
    assert (proposal.status, told("taken_back")) == (status, [])
    with time_machine.travel(day(4), tick=False):
        overview = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")
        assert f"Du skal ikke gøre noget lige nu. {why}" in overview.text
        assert "Tag tilbage og ret" not in overview.text
        shown = pages.get(f"/forslag/{proposal.number}/tag-tilbage/")
        assert why in shown.text
        assert "Tag tilbage og ret" not in shown.buttons


def test_an_assessment_of_an_earlier_version_keeps_nothing(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    begins(proposal, world)
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(2))

    take_back(proposal, world, at=day(3))

    assert proposal.status == S.DRAFT


def test_pressed_twice_it_is_taken_back_once(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    revision = proposal.revision
    take_back(proposal, world)

    with pytest.raises(AlreadyDone, match="er allerede taget tilbage"):
        taking_back.take_back(
            proposal_pk=proposal.pk, revision=revision, by=world.cast.owner, at=day(2)
        )
    with pytest.raises(Stale):
        submission.submit(
            proposal_pk=proposal.pk, revision=revision - 1, by=world.cast.owner, at=day(2)
        )
    assert proposal.events.of_transition("take_back").count() == 1


def test_whoever_comes_too_late_hears_what_happened(world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    revision = proposal.revision
    take_back(proposal, world)

    said = f"Forslagsstilleren har taget {proposal.number} tilbage for at rette det. I får besked"
    with pytest.raises(TakenBack, match=said):
        begins(proposal, world)
    with pytest.raises(TakenBack, match=said):
        qualification.return_for_changes(
            proposal_pk=proposal.pk,
            revision=revision,
            reasons={"effekt": "Tal"},
            answer_date=date(2027, 4, 22),
            by=world.cast.adviser,
            at=day(2),
        )


@pytest.mark.django_db(transaction=True)
def test_one_wins_when_the_adviser_begins_as_it_is_taken_back() -> None:
    world = a_world()
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    ready = threading.Barrier(2)
    said: dict[str, str] = {}

    def press(name: str, act: object) -> None:
        try:
            ready.wait()
            act(proposal, world)  # type: ignore[operator]  # one of the two below
            said[name] = ""
        except (NotTakenBack, TakenBack) as refusal:
            said[name] = str(refusal)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=args)
        for args in (("back", take_back), ("begun", begins))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    proposal.refresh_from_db()
    is_begun = Qualification.objects.filter(proposal=proposal).exists()
    assert is_begun == (proposal.status == S.IN_QUALIFICATION)
    lost, won = ("back", "begun") if is_begun else ("begun", "back")
    assert said[won] == ""
    assert said[lost].startswith(
        "Din DGO er begyndt på den" if is_begun else "Forslagsstilleren har taget"
    )


# The page


@pytest.mark.usefixtures("now")
def test_the_last_look_says_what_happens_and_one_press_does_it(pages: Pages, world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    url = f"/forslag/{proposal.number}/tag-tilbage/"
    overview = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")
    assert "Tag tilbage og ret" in overview.text
    assert (
        "Du skal ikke gøre noget lige nu. Du kan tage forslaget tilbage og rette det indtil mandag den 12. april 2027 "
        "kl. 9.00, hvis ingen er begyndt på det." in overview.text
    )

    shown = pages.get(url)
    assert "Tag tilbage og ret" in shown.buttons
    assert f"{world.cast.dgo.name} får besked nu" in shown.text
    assert "Version 1 bliver stående i forløbet" in shown.text
    assert "Fristen flytter sig ikke." in shown.text
    sent = {"revision": shown.value("revision")}
    answer = pages.post(url, sent)
    assert answer.location == f"/forslag/{proposal.number}/"
    # The second press of a double one leads to the same.
    assert pages.post(url, sent).location == answer.location
    proposal.refresh_from_db()
    assert (proposal.status, proposal.revision) == (S.DRAFT, 3)
    pages.get(url, status=409)
    assert (
        "Taget tilbage for at blive rettet (version 1)"
        in pages.get(f"/forslag/{proposal.number}/forloeb/").text
    )
    assert "Taget tilbage" in pages.get(f"/forslag/{proposal.number}/versioner/").text
    receipt = pages.get(f"/forslag/{proposal.number}/kvittering/1/")
    assert "tog forslaget tilbage" in receipt.text
    assert "afgiver en faglig udtalelse" not in receipt.text
    again = pages.get(f"/forslag/{proposal.number}/tjek/")
    assert "Indsend til faglig kvalificering" in again.buttons


@pytest.mark.usefixtures("now")
def test_it_is_the_owners(pages: Pages, world: World) -> None:
    proposal = proposal_at(S.IN_QUALIFICATION, world)
    cast = world.cast
    people: tuple[tuple[User, int], ...] = (
        (cast.adviser, 403),
        (cast.secretariat, 403),
        (cast.stranger, 404),
    )
    for who, status in people:
        pages.as_(who).post(
            f"/forslag/{proposal.number}/tag-tilbage/", {"revision": 2}, status=status
        )


def test_the_committee_never_reads_what_was_taken_back_from_the_secretariat(
    pages: Pages, world: World, now: time_machine.Traveller
) -> None:
    proposal = proposal_at(S.QUALIFIED, world)
    save(proposal, world, "Fortrydelse")
    walk.submit_for_approval(proposal, world, at=day(3))
    gone = proposal.versions.newest_first()[0]
    take_back(proposal, world, at=day(4))
    kept = SearchText.objects.filter(proposal=proposal, edition=Edition.APPROVAL)
    [found] = kept.annotate(said=Cast("document", TextField())).values_list("said", flat=True)
    assert "fortryd" not in found
    save(proposal, world, "Det rigtige")
    walk.submit_for_approval(proposal, world, at=day(5))
    walk.recommend(proposal, world, at=day(6))
    walk.publish(walk.an_agenda(world, proposal, at=day(7)), world, at=day(7))
    now.move_to(day(8))

    member = pages.as_(world.cast.committee)
    at = f"/forslag/{proposal.number}/"
    for path in (f"versioner/{gone.number}/", f"sammenlign/{gone.number}/{gone.number + 1}/"):
        assert member.get(f"{at}{path}", status=404).response.status_code == 404
    for path in ("", "indhold/", "versioner/"):
        assert "Fortrydelse" not in member.get(f"{at}{path}").text
    assert "Det rigtige" in member.get(f"{at}indhold/").text
    # Those who were sent it read it still, and that it was taken back.
    pages.as_(world.cast.secretariat)
    assert "Taget tilbage" in pages.get(f"{at}versioner/{gone.number}/").text


def save(proposal: Proposal, world: World, effects: str) -> None:
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": effects},
        by=world.cast.owner,
        at=day(3),
    )
    proposal.refresh_from_db()
