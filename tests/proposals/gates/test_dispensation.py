"""Leave from a deadline ("dispensation"): one person's, one proposal's, one deadline's; and shown to all who judge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from proposals.answers.content import Content
from proposals.eligibility import requirements as eligibility
from proposals.gates import deadlines
from proposals.gates import steps as dispensation
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access
from proposals.rounds.models import Gate
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_ready_draft
from tests.factories.walk import World, a_world, check, proposal_at, qualify, submit_for_approval

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from proposals.gates.models import Dispensation
    from proposals.line.models import Proposal
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SECOND = timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def late(world: World) -> Proposal:
    """A draft that is open for sparring, so that the secretariat sees it, with two who write it."""
    proposal = a_ready_draft(world.cast, world.round)
    advice.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=NOW)
    Access.objects.grant(
        proposal, Function.WRITE, user=world.cast.stranger, by=world.cast.owner, at=NOW
    )
    proposal.refresh_from_db()
    return proposal


def grant(proposal: Proposal, cast: Cast, *, to: User | None = None, **more: Any) -> Dispensation:
    deadline = proposal.round.qualification_deadline_at
    values = {
        "gate": Gate.QUALIFICATION,
        "until_at": deadline + timedelta(hours=3),
        "reason": "Sygdom i projektgruppen",
        "by": cast.secretariat,
        "at": deadline + SECOND,
        **more,
    }
    return dispensation.grant(proposal_pk=proposal.pk, granted_to=to or cast.owner, **values)


def send(proposal: Proposal, by: User, at: Any) -> Any:
    return submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=by, at=at)


def test_only_the_person_it_was_given_to_may_send(cast: Cast, late: Proposal) -> None:
    granted = grant(late, cast, to=cast.stranger)

    with pytest.raises(deadlines.GrantedToAnother) as refusal:
        send(late, cast.owner, granted.until_at)
    assert str(refusal.value) == (
        "Fristen for faglig kvalificering var mandag den\xa012.\xa0april\xa02027 kl.\xa09.00. Dispensationen gælder "
        "Frida Fremmed, som kan sende forslaget senest mandag den\xa012.\xa0april\xa02027 kl.\xa012.00. Skal en anden sende "
        "det, så kontakt sekretariatet."
    )
    assert send(late, cast.stranger, granted.until_at).frozen_by == cast.stranger


@pytest.mark.parametrize(("after", "in_time"), ((0, True), (0.999, True), (1, False)))
def test_it_runs_out_to_the_second(
    cast: Cast, late: Proposal, after: float, *, in_time: bool
) -> None:
    granted = grant(late, cast)
    at = granted.until_at + timedelta(seconds=after)

    assert deadlines.may_enter(late, Gate.QUALIFICATION, by=cast.owner, at=at) is in_time
    if not in_time:
        with pytest.raises(deadlines.DeadlinePassed) as refusal:
            send(late, cast.owner, at)
        assert type(refusal.value) is deadlines.DeadlinePassed


def test_it_is_given_to_one_who_writes_the_proposal(cast: Cast, late: Proposal) -> None:
    with pytest.raises(dispensation.NotAWriter):
        grant(late, cast, to=cast.adviser)
    with pytest.raises(dispensation.NotAhead):
        grant(late, cast, until_at=late.round.qualification_deadline_at)
    assert not late.dispensations.exists()


def test_it_is_logged_and_told_to_the_person(cast: Cast, late: Proposal) -> None:
    granted = grant(late, cast, to=cast.stranger)
    dispensation.withdraw(
        dispensation_pk=granted.pk, reason="Fejl", by=cast.colleague, at=granted.granted_at
    )

    events = late.events.of_transition("dispensation_granted", "dispensation_withdrawn")
    assert [(e.by, e.reason, e.note) for e in events.order_by("pk")] == [
        (
            by,
            reason,
            "faglig kvalificering til mandag den\xa012.\xa0april\xa02027 kl.\xa012.00, givet til Frida Fremmed",
        )
        for by, reason in (
            (cast.secretariat, "Sygdom i projektgruppen"),
            (cast.colleague, "Fejl"),
        )
    ]
    letters = OutgoingMail.objects.filter(key__startswith="dispensation")
    assert {(m.key.partition(":")[0], m.recipient) for m in letters} == {
        ("dispensation_granted", cast.stranger.email),
        ("dispensation_withdrawn", cast.stranger.email),
    }


def test_taken_back_it_lets_nobody_in_and_is_taken_back_once(cast: Cast, late: Proposal) -> None:
    granted = grant(late, cast)
    at = granted.granted_at + SECOND
    dispensation.withdraw(dispensation_pk=granted.pk, reason="Fejl", by=cast.secretariat, at=at)

    with pytest.raises(deadlines.DeadlinePassed):
        send(late, cast.owner, at)
    with pytest.raises(dispensation.NotInForce):
        dispensation.withdraw(dispensation_pk=granted.pk, reason="", by=cast.secretariat, at=at)


def test_all_who_judge_read_of_it(pages: Pages, world: World, late: Proposal, now: Any) -> None:
    cast = world.cast
    granted = grant(late, cast)
    send(late, cast.owner, granted.until_at)
    late.refresh_from_db()
    said = (
        "Sekretariatet har givet Ella Ejer dispensation fra fristen for faglig kvalificering til mandag "
        "den\xa012.\xa0april\xa02027 kl.\xa012.00. Begrundelse: Sygdom i projektgruppen"
    )

    finding = Content.of_version(late.versions.get()).findings[6]
    assert (finding.id, finding.state) == ("K7", "met")
    assert finding.message.endswith(said)
    now.move_to(granted.until_at)
    url = f"/kvalificering/{late.number}/"
    assert "Begrundelse: Sygdom i projektgruppen" in pages.as_(cast.adviser).get(url).text

    qualify(late, world, at=granted.until_at)
    submit_for_approval(late, world, at=granted.until_at)
    # What the committee's papers show of the requirements.
    sent = Content.of_version(late.versions.newest_first()[0])
    assert sent.findings[6].message.endswith(said)
    check(late, world, at=granted.until_at)
    url = f"/sekretariat/formalia/{late.number}/"
    assert "Begrundelse: Sygdom i projektgruppen" in pages.as_(cast.secretariat).get(url).text
    shown = pages.as_(cast.owner).get(f"/forslag/{late.number}/")
    assert danish.plain(said) in shown.text


def test_nothing_is_said_of_leave_that_was_taken_back(cast: Cast, late: Proposal) -> None:
    granted = grant(late, cast)
    at = granted.granted_at
    dispensation.withdraw(dispensation_pk=granted.pk, reason="Fejl", by=cast.secretariat, at=at)

    assert deadlines.leave_from(late) == []
    assert eligibility.assess(late, at=at)[6].is_met is False


def test_the_check_tells_who_may_send(pages: Pages, cast: Cast, late: Proposal, now: Any) -> None:
    granted = grant(late, cast, to=cast.stranger)
    now.move_to(granted.granted_at)
    path = f"/forslag/{late.number}/tjek/"

    shown = pages.as_(cast.owner).get(path)
    assert "Frida Fremmed har dispensation" in shown.text
    assert "Indsend til faglig kvalificering" not in shown.buttons
    refused = pages.post(
        f"/forslag/{late.number}/indsend/",
        {"revision": late.revision, "gate": "qualification"},
        status=409,
    )
    assert "Dispensationen gælder kun Frida Fremmed" in refused.text
    assert pages.as_(cast.stranger).get(path).primary == ["Indsend til faglig kvalificering"]


def test_the_secretariat_gives_and_takes_back(
    pages: Pages, cast: Cast, late: Proposal, now: Any
) -> None:
    now.move_to(late.round.qualification_deadline_at + SECOND)
    url = f"/administration/dispensation/{late.number}/"
    values = {
        "granted_to": cast.stranger.pk,
        "gate": "qualification",
        "until_date": "13.4.2027",
        "until_time": "9",
        "reason": "Sygdom",
    }
    pages.as_(cast.secretariat)
    assert pages.get(url).value("granted_to") == str(cast.owner.pk)
    assert pages.post(url, {**values, "granted_to": cast.adviser.pk}, status=200).problems == [
        "Vælg en, der skriver forslaget"
    ]
    pages.post(url, values)
    row = late.dispensations.get()
    back = f"{url}{row.pk}/traek-tilbage/"
    shown = pages.get(url)
    assert "Frida Fremmed" in shown.text
    assert back in shown.links

    assert pages.post(back, {"reason": ""}, status=200).problems == [
        "Skriv, hvorfor dispensationen trækkes tilbage"
    ]
    pages.post(back, {"reason": "Ikke aktuelt mere"})
    shown = pages.get(url)
    assert "Trukket tilbage af Sanne Sekretær" in shown.text
    assert back not in shown.links
    assert pages.post(back, {"reason": "Igen"}, status=200).problems == [
        "Dispensationen gælder ikke mere."
    ]
    pages.as_(cast.owner).get(back, status=403)


def test_a_proposal_in_time_says_nothing_of_leave(world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    found = eligibility.assess(proposal, at=NOW)[6]

    assert (
        found.message
        == "Fristen for godkendelsesforløb er torsdag den\xa029.\xa0april\xa02027 kl.\xa09.00."
    )
