"""What an answer said, each time it was written: from what to what, by whom, whatever way it came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from proposals.answers.content import Content
from proposals.answers.sections import FIELDS
from proposals.drafting import steps as drafting
from proposals.drafting.dgo import change_dgo
from proposals.drafting.models import AnswerChange
from proposals.drafting.seen import base_of, versions
from proposals.economy import steps as economy
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.participants import steps as participants
from proposals.reading import steps as reading
from proposals.sparring import steps as sparring
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    proposal = a_draft(cast, a_round())
    Access.objects.grant(proposal, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    return proposal


def write(
    draft: Proposal,
    text: str,
    *,
    by: User,
    minutes: float = 0,
    bases: dict[str, Base] | None = None,
) -> datetime:
    at = NOW + timedelta(minutes=minutes)
    drafting.save_section(
        proposal_pk=draft.pk, slug="effekt", answers={"effects": text}, bases=bases, by=by, at=at
    )
    return at


def entries(draft: Proposal, name: str = "effects") -> list[tuple[Any, ...]]:
    found = draft.answer_changes.filter(name=name).order_by("pk")
    return [(c.before, c.after, c.edited_by.name if c.edited_by else "") for c in found]


def test_what_one_person_writes_while_they_go_on_is_one_entry(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    write(draft, "Et to", by=cast.owner, minutes=4)
    write(draft, "Et to tre", by=cast.owner, minutes=9)
    write(draft, "Et to tre fire", by=cast.owner, minutes=14.5)

    name = cast.owner.name
    assert entries(draft) == [
        ("", "Et to tre", name),
        ("Et to tre", "Et to tre fire", name),
    ]


def test_another_persons_write_parts_them(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    write(draft, "Et to", by=cast.stranger, minutes=1)
    write(draft, "Et to tre", by=cast.owner, minutes=2)

    assert entries(draft) == [
        ("", "Et", cast.owner.name),
        ("Et", "Et to", cast.stranger.name),
        ("Et to", "Et to tre", cast.owner.name),
    ]


def test_a_mark_parts_them(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    reading.mark_as_read(
        proposal_pk=draft.pk, base=None, by=cast.stranger, at=NOW + timedelta(minutes=1)
    )
    write(draft, "Et to", by=cast.owner, minutes=2)

    assert [after for _, after, _ in entries(draft)] == ["Et", "Et to"]


def test_opening_sparring_parts_them(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    sparring.open_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW + timedelta(minutes=1))
    write(draft, "Et to", by=cast.owner, minutes=2)

    assert [after for _, after, _ in entries(draft)] == ["Et", "Et to"]


def test_what_stood_is_kept_when_most_of_it_is_taken_away(cast: Cast, draft: Proposal) -> None:
    long = "Et langt svar. " * 20
    write(draft, long, by=cast.owner)
    write(draft, "Væk", by=cast.owner, minutes=1)

    assert [after for _, after, _ in entries(draft)] == [long, "Væk"]


def test_saving_the_same_again_is_no_entry(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    write(draft, "Et", by=cast.owner, minutes=60)

    assert len(entries(draft)) == 1


def test_a_write_that_lost_leaves_no_entry(cast: Cast, draft: Proposal) -> None:
    seen = {"effects": base_of(draft, FIELDS["effects"], versions(draft.number, ["effects"]))}
    write(draft, "Hendes", by=cast.owner, bases=seen)
    write(draft, "Hans", by=cast.stranger, minutes=1, bases=seen)

    assert entries(draft) == [("", "Hendes", cast.owner.name)]


def test_rows_are_kept_as_text_whatever_way_they_came(cast: Cast, draft: Proposal) -> None:
    economy.save_financing(
        proposal_pk=draft.pk,
        lines=[(2027, "Realdania", Decimal(500), "requested")],
        by=cast.owner,
        at=NOW,
    )
    economy.save_financing(
        proposal_pk=draft.pk,
        lines=[(2027, "Realdania", Decimal(900), "requested")],
        by=cast.stranger,
        at=NOW,
    )
    participants.add_participant(
        proposal_pk=draft.pk,
        typed_name="Vindlaug",
        typed_kind="company",
        role="supplier",
        by=cast.owner,
        at=NOW,
    )

    assert [(b and b.replace("\xa0", " "), a.replace("\xa0", " ")) for b, a, _ in entries(draft, "financing")] == [
        (None, "- Realdania, 2027, 500 kr., søgt"),
        ("- Realdania, 2027, 500 kr., søgt", "- Realdania, 2027, 900 kr., søgt"),
    ]  # fmt: skip
    ((before, after, name),) = entries(draft, "participants")
    assert (before, name) == (None, cast.owner.name)
    assert (
        after.splitlines()[0] == "- Vindlaug, virksomhed, leverandør, oplyst af forslagsstilleren"
    )


def test_the_secretariats_change_of_dgo_is_kept(cast: Cast, draft: Proposal) -> None:
    change_dgo(
        proposal_pk=draft.pk, dgo=cast.other_dgo, reason="Emnet", by=cast.secretariat, at=NOW
    )

    assert entries(draft, "lead_dgo") == [
        (cast.dgo.name, cast.other_dgo.name, cast.secretariat.name)
    ]


def test_the_latest_entry_says_what_stands(cast: Cast, draft: Proposal) -> None:
    write(draft, "Et", by=cast.owner)
    write(draft, "To", by=cast.stranger, minutes=1)
    write(draft, "", by=cast.owner, minutes=2)

    draft.refresh_from_db()
    for name in AnswerChange.objects.values_list("name", flat=True).distinct():
        latest = draft.answer_changes.filter(name=name).order_by("-pk")[0]
        assert latest.after == Content.of(draft, at=NOW).answer(name)
