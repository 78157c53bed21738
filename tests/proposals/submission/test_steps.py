"""Sending in: frozen once, in time, with everything that must be there."""

from __future__ import annotations

import re
import threading
from datetime import date, time, timedelta

from django.db import connection
from django.test import Client

import pytest

from klimaspor import danish, search
from klimaspor.mail.models import OutgoingMail
from proposals.answers.content import Content
from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.gates import deadlines
from proposals.gates import steps as dispensation
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal, Stale
from proposals.reading.texts import reading
from proposals.rounds.models import Gate
from proposals.submission import steps as submission
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round

pytestmark = pytest.mark.django_db

DEADLINE = danish.wall(date(2027, 4, 12), time(9, 0))


def test_submit_freezes_what_was_sent_and_tells_those_it_concerns() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)

    version = submission.submit(
        proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW
    )

    proposal.refresh_from_db()
    assert proposal.status == Status.IN_QUALIFICATION
    content = Content.of_version(version)
    assert content.sha256 == version.sha256
    assert [row.name for row in content.authorities] == [
        "Ærø Kommune",
        "Solrød Kommune",
        "Aarhus Kommune",
    ]
    assert [finding.state for finding in content.findings] == [
        "met", "judged", "judged", "judged", "judged", "met", "met", "met", "met",
    ]  # fmt: skip
    assert set(OutgoingMail.objects.values_list("name", "recipient")) == {
        ("receipt", cast.owner.email),
        ("submitted", cast.adviser.email),
    }


def test_submit_twice_from_the_same_page_gives_one_version() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    first = submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    with pytest.raises(submission.AlreadySubmitted) as second:
        submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    assert second.value.version == first
    assert proposal.versions.count() == 1


def test_submit_from_a_stale_page_is_refused() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)

    with pytest.raises(Stale):
        submission.submit(proposal_pk=proposal.pk, revision=7, by=cast.owner, at=NOW)


@pytest.mark.parametrize(
    ("seconds", "micro", "in_time"), ((0, 0, True), (0, 999_999, True), (1, 0, False))
)
def test_deadline_is_whole_seconds(seconds: int, micro: int, in_time: bool) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    at = DEADLINE + timedelta(seconds=seconds, microseconds=micro)

    if in_time:
        submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=at)
    else:
        with pytest.raises(
            deadlines.DeadlinePassed, match=r"mandag den\xa012\.\xa0april\xa02027 kl\.\xa09\.00"
        ):
            submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=at)


def test_dispensation_lets_one_proposal_in_until_it_expires() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    late = DEADLINE + timedelta(hours=3)
    dispensation.grant(
        proposal_pk=proposal.pk,
        gate=Gate.QUALIFICATION,
        granted_to=cast.owner,
        until_at=late,
        reason="Sygdom",
        by=cast.secretariat,
        at=DEADLINE,
    )

    assert deadlines.may_enter(proposal, Gate.QUALIFICATION, by=cast.owner, at=late)
    assert not deadlines.may_enter(
        proposal, Gate.QUALIFICATION, by=cast.owner, at=late + timedelta(seconds=1)
    )
    assert not deadlines.may_enter(
        proposal,
        Gate.APPROVAL,
        by=cast.owner,
        at=round_.approval_deadline_at + timedelta(seconds=1),
    )


def test_an_empty_draft_is_told_everything_at_once() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    with pytest.raises(submission.NotEligible) as refusal:
        submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    # K2 to K5 are missing only because their questions have no answer, which is told once.
    assert [f.requirement.id for f in refusal.value.findings] == ["K1"]
    assert refusal.value.findings[0].message == (
        "1 af 3 kommuner/regioner. Tilføj 2 kommuner eller regioner."
    )
    assert "challenges" in [question.name for question in refusal.value.unanswered]
    assert "co_financing" not in [question.name for question in refusal.value.unanswered]


def test_others_read_what_was_sent_and_not_what_is_written_now() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(status=Status.QUALIFIED, title="Rettet titel")
    proposal = Proposal.objects.with_frame().get(pk=proposal.pk)

    titles = {
        user.name: content.title
        for user in (cast.owner, cast.adviser, cast.secretariat)
        if (content := reading(user, proposal, at=NOW)[0])
    }

    assert titles == {
        "Ella Ejer": "Rettet titel",
        "Rune Rådgiver": "Lavbundsjord",
        "Sanne Sekretær": "Lavbundsjord",
    }
    for user in (cast.stranger, cast.other_adviser, cast.committee, cast.funder):
        assert not Proposal.objects.visible_to(user, at=NOW).exists()
    rows = Proposal.objects.visible_to(cast.adviser, at=NOW).with_reading(cast.adviser, at=NOW)
    assert [row.shown_title for row in rows] == ["Lavbundsjord"]
    assert not rows.matching(search.tsquery("rettet")).exists()
    assert rows.matching(search.tsquery("lavbundsjorden")).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("now")
def test_a_save_racing_a_submission_cannot_change_what_was_sent() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    outcomes: list[str] = []

    def save() -> None:
        try:
            drafting.save_section(
                proposal_pk=proposal.pk,
                slug="udfordringer",
                answers={"challenges": "Skrevet i den anden fane"},
                by=cast.owner,
                at=NOW,
            )
            outcomes.append("saved")
        except holding.NotEditable:
            outcomes.append("refused")
        finally:
            connection.close()

    def send() -> None:
        try:
            submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
            outcomes.append("sent")
        except submission.AlreadySubmitted:
            outcomes.append("already")
        finally:
            connection.close()

    def autosave() -> None:
        client = Client()
        client.force_login(
            cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        here = f"/forslag/{proposal.number}/afsnit/udfordringer/"
        try:
            token = re.search(rb'name="base-challenges" value="([^"]*)"', client.get(here).content)
            answer = client.post(
                f"{here}gem/",
                {
                    "revision": "1",
                    "unit": "challenges",
                    "challenges": f"Skrevet i fane {threading.get_ident()}",
                    "base-challenges": token[1].decode() if token else "",
                },
            )
            outcomes.append(answer.json()["state"])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (save, autosave, send, send, autosave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    proposal = Proposal.objects.with_frame().get(pk=proposal.pk)
    version = proposal.versions.get()
    assert sorted(outcomes)[:1] == ["already"]
    assert outcomes.count("sent") == 1
    told = set(outcomes) - {"already", "sent"}
    assert told <= {"saved", "refused", "gone", "stale", "conflict"}
    assert Content.of_version(version).answer("challenges") == proposal.challenges
