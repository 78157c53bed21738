"""Sparring: opened by the proposer, read by those the page names, moves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from klimaspor.mail.models import OutgoingMail
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.reading.texts import reads_live
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round

pytestmark = pytest.mark.django_db


def test_a_draft_is_seen_by_nobody_else_until_it_is_opened() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    everybody = (cast.adviser, cast.other_adviser, cast.secretariat, cast.committee, cast.funder)

    before = [Proposal.objects.visible_to(user, at=NOW).count() for user in everybody]
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    after = [Proposal.objects.visible_to(user, at=NOW).count() for user in everybody]

    assert before == [0, 0, 0, 0, 0]
    assert after == [1, 0, 1, 0, 0]
    proposal.refresh_from_db()
    assert proposal.status == Status.DRAFT
    assert reads_live(cast.adviser, proposal, at=NOW)


def test_readers_are_named_before_anything_is_posted() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)

    assert advice.readers(Proposal.objects.get(), at=NOW) == (
        "Ella Ejer (forslagsstiller)",
        "rådgiverne i DGO Midtjylland",
        "sekretariatet",
    )


def test_closing_takes_the_live_text_back_and_keeps_what_was_sent() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    later = NOW + timedelta(minutes=1)

    advice.close_sparring(proposal_pk=proposal.pk, by=cast.owner, at=later)

    proposal = Proposal.objects.get()
    assert not reads_live(cast.adviser, proposal, at=later)
    assert Proposal.objects.visible_to(cast.adviser, at=later).count() == 1


def test_comments_answers_and_an_end() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)

    thread = advice.comment(
        proposal_pk=proposal.pk, section="effekt", text="Hvor meget?", by=cast.adviser, at=NOW
    )
    reply = advice.answer(thread_pk=thread.pk, text="10 ton", by=cast.owner, at=NOW)
    advice.resolve(thread_pk=thread.pk, by=cast.adviser, at=NOW)
    advice.answer(thread_pk=thread.pk, text="Og dog", by=cast.secretariat, at=NOW)

    thread.refresh_from_db()
    assert (thread.author_role, reply.author_role) == ("DGO Midtjylland", "forslagsstiller")
    assert thread.resolved_at is None
    assert proposal.advice.open().count() == 1


def test_one_letter_a_day_about_comments() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)

    for text in ("a", "b", "c"):
        advice.comment(proposal_pk=proposal.pk, section="", text=text, by=cast.adviser, at=NOW)

    assert OutgoingMail.objects.filter(name="advice_given", recipient=cast.owner.email).count() == 1


def test_without_a_dgo_there_is_nobody_to_open_to() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)
    Proposal.objects.update(lead_dgo=None)

    with pytest.raises(advice.NoDgo, match="Vælg en DGO"):
        advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)


def test_an_unopened_draft_takes_no_comments() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    with pytest.raises(advice.SparringClosed):
        advice.comment(proposal_pk=proposal.pk, section="", text="x", by=cast.owner, at=NOW)
