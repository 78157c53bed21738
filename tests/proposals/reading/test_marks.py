"""What a reader has read and what is new since: of both editions, in as many queries for one proposal as for many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

import pytest

from klimaspor import uploads
from klimaspor.seen import Reread
from proposals.answers.content import Content
from proposals.attachments import steps as attachments
from proposals.drafting import steps as drafting
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.reading import steps as reading
from proposals.reading.marks import news_of, words_of
from proposals.reading.models import ReadMark, Snapshot
from proposals.sparring import steps as sparring
from review.qualification import steps as qualification
from tests.factories import walk
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round
from tests.factories.walk import AFTER, a_world, day, proposal_at

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def opened(cast: Cast) -> Proposal:
    proposal = a_ready_draft(cast, a_round())
    sparring.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    proposal.refresh_from_db()
    return proposal


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def write(proposal: Proposal, text: str, *, by: User, minutes: float) -> None:
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": text},
        by=by,
        at=later(minutes),
    )


def mark(proposal: Proposal, user: User, *, minutes: float) -> ReadMark:
    return reading.mark_as_read(proposal_pk=proposal.pk, base=None, by=user, at=later(minutes))


def names(proposal: Proposal, user: User, *, at: datetime) -> set[str] | None:
    proposal = Proposal.objects.get(pk=proposal.pk)
    news = news_of(user, [proposal], at=at)[proposal.pk]
    return set(news.names) if news.is_read else None


def test_who_reads_the_live_text_is_told_what_others_have_written_since(
    cast: Cast, opened: Proposal
) -> None:
    assert names(opened, cast.adviser, at=later(1)) is None

    mark(opened, cast.adviser, minutes=1)
    mark(opened, cast.owner, minutes=1)
    write(opened, f"{opened.effects} Noget helt andet", by=cast.owner, minutes=2)

    assert names(opened, cast.adviser, at=later(3)) == {"effects"}
    assert names(opened, cast.owner, at=later(3)) == set()
    assert names(opened, cast.secretariat, at=later(3)) is None
    assert words_of(cast.adviser, [opened], at=later(3)) == {opened.pk: 3}

    mark(opened, cast.adviser, minutes=4)
    assert names(opened, cast.adviser, at=later(5)) == set()


def test_a_file_that_was_taken_away_is_news(cast: Cast, opened: Proposal) -> None:
    file = attachments.add_attachment(
        proposal_pk=opened.pk,
        title="Kort",
        file=ContentFile(b"%PDF-1.7 kort"),
        file_name="kort.pdf",
        content_type=uploads.PDF.mime,
        by=cast.owner,
        at=NOW,
    )
    mark(opened, cast.adviser, minutes=1)
    attachments.remove_attachment(
        proposal_pk=opened.pk, attachment_pk=file.pk, by=cast.owner, at=later(2)
    )

    assert names(opened, cast.adviser, at=later(3)) == {"attachments"}


def test_a_press_at_a_text_that_was_changed_meanwhile_marks_nothing(
    cast: Cast, opened: Proposal
) -> None:
    shown = reading.shown_text(Content.of(opened, at=later(1)).sha256).base
    write(opened, "Nyt", by=cast.owner, minutes=1)

    with pytest.raises(Reread):
        reading.mark_as_read(proposal_pk=opened.pk, base=shown, by=cast.adviser, at=later(2))

    assert not ReadMark.objects.of_reader(cast.adviser).exists()


def test_the_way_back_leads_to_where_one_stood(cast: Cast, opened: Proposal) -> None:
    mark(opened, cast.adviser, minutes=1)
    write(opened, "Nyt", by=cast.owner, minutes=2)
    mark(opened, cast.adviser, minutes=3)
    # Twice at the same text is once.
    mark(opened, cast.adviser, minutes=4)

    def go_back(marked: datetime, *, at: datetime) -> ReadMark | None:
        return reading.go_back(
            proposal_pk=opened.pk, marked=reading.mark_name(marked), by=cast.adviser, at=at
        )

    back = go_back(later(4), at=later(5))
    assert back
    assert back.read_at == later(1)
    assert names(opened, cast.adviser, at=later(6)) == {"effects"}
    # The second press of a double click is about the mark that is gone.
    with pytest.raises(reading.NotMarked):
        go_back(later(4), at=later(6))

    assert go_back(later(1), at=later(7)) is None
    with pytest.raises(reading.NotMarked):
        go_back(later(1), at=later(8))


def test_a_text_is_kept_once_and_as_long_as_somebody_stands_at_it(
    cast: Cast, opened: Proposal
) -> None:
    mark(opened, cast.adviser, minutes=1)
    mark(opened, cast.secretariat, minutes=1)
    assert Snapshot.objects.count() == 1

    for minutes, text in ((2, "Et"), (4, "To"), (6, "Tre")):
        write(opened, text, by=cast.owner, minutes=minutes)
        mark(opened, cast.adviser, minutes=minutes + 1)

    # Where the secretary stands, where the adviser does, and where the adviser did before.
    assert Snapshot.objects.count() == 3


def test_the_text_read_in_sparring_is_not_ones_to_read_when_it_is_closed(
    cast: Cast, opened: Proposal
) -> None:
    mark(opened, cast.adviser, minutes=1)
    sparring.close_sparring(proposal_pk=opened.pk, by=cast.owner, at=later(2))

    assert names(opened, cast.adviser, at=later(3)) is None


@pytest.mark.slow("walks a proposal there and back")
def test_who_reads_what_was_sent_is_told_what_differs_between_the_versions() -> None:
    world = a_world()
    cast = world.cast
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    # Whoever sent it stands at what they sent, and nobody stands anywhere by having been told.
    assert names(proposal, cast.owner, at=AFTER) == set()
    assert names(proposal, cast.adviser, at=AFTER) is None

    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=cast.adviser,
        at=day(1),
    )
    # Who returned it has answered for the text they had.
    assert names(proposal, cast.adviser, at=AFTER) == set()
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": "Nu med tal"},
        by=cast.owner,
        at=day(5),
    )
    # What is not sent has not come to them.
    assert names(proposal, cast.adviser, at=AFTER) == set()
    proposal.refresh_from_db()
    walk.submit(proposal, world, at=day(6))

    assert names(proposal, cast.adviser, at=AFTER) == {"effects"}
    proposal.refresh_from_db()
    assert words_of(cast.adviser, [proposal], at=AFTER)[proposal.pk] > 0


@pytest.mark.parametrize("count", (1, 4))
def test_as_many_queries_for_one_as_for_many(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    round_ = a_round()
    proposals = []
    for _ in range(count):
        proposal = a_ready_draft(cast, round_)
        sparring.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
        mark(proposal, cast.adviser, minutes=1)
        write(proposal, "Nyt", by=cast.owner, minutes=2)
        proposals.append(Proposal.objects.get(pk=proposal.pk))
    cast.adviser.duties_at(later(3))

    # Four of them say who the reader is; a page has asked them already.
    with django_assert_num_queries(6):
        news = news_of(cast.adviser, proposals, at=later(3))
    assert [one.count for one in news.values()] == [1] * count
    with django_assert_num_queries(2):
        words_of(cast.adviser, proposals, at=later(3), news=news)


def test_another_persons_mark_is_nobody_elses(cast: Cast, opened: Proposal) -> None:
    Access.objects.grant(opened, Function.READ, user=cast.stranger, by=cast.owner, at=NOW)
    mark(opened, cast.stranger, minutes=1)
    write(opened, "Nyt", by=cast.owner, minutes=2)

    assert names(opened, cast.stranger, at=later(3)) == {"effects"}
    assert names(opened, cast.adviser, at=later(3)) is None
