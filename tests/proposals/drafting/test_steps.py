"""Writing: what is not shown is not rewritten, and what is sent cannot be changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

import pytest

from klimaspor.accounts.models import User
from klimaspor.mail.models import OutgoingMail
from proposals.attachments import steps as attachments
from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.writers import steps as writers
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round

pytestmark = pytest.mark.django_db


def test_saving_one_question_leaves_the_others() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)

    drafting.save_section(
        proposal_pk=proposal.pk, slug="effekt", answers={"effects": "Ny"}, by=cast.owner, at=NOW
    )

    after = Proposal.objects.get()
    assert (after.effects, after.activities) == ("Ny", proposal.activities)
    assert after.activities


def test_a_section_takes_only_its_own_questions() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    with pytest.raises(LookupError):
        drafting.save_section(
            proposal_pk=proposal.pk,
            slug="effekt",
            answers={"status": "approved"},
            by=cast.owner,
            at=NOW,
        )


def test_an_invariant_is_told_in_danish() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)

    with pytest.raises(ValidationError, match="Projektet skal slutte efter, det begynder"):
        drafting.save_section(
            proposal_pk=proposal.pk,
            slug="periode",
            answers={"period_end": proposal.period_start.replace(year=2026)},
            by=cast.owner,
            at=NOW,
        )


def test_what_is_sent_is_not_editable() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    for act in (
        lambda: drafting.save_section(
            proposal_pk=proposal.pk, slug="effekt", answers={"effects": "x"}, by=cast.owner, at=NOW
        ),
        lambda: participants.add_participant(
            proposal_pk=proposal.pk,
            organization=cast.region,
            role="participant",
            by=cast.owner,
            at=NOW,
        ),
        lambda: participants.remove_participant(
            proposal_pk=proposal.pk, participant_pk=1, by=cast.owner, at=NOW
        ),
        lambda: economy.save_financing(proposal_pk=proposal.pk, lines=[], by=cast.owner, at=NOW),
        lambda: economy.save_budget(proposal_pk=proposal.pk, lines=[], by=cast.owner, at=NOW),
    ):
        with pytest.raises(holding.NotEditable):
            act()


def save_budget(
    cast: Any, proposal: Proposal, *lines: tuple[int, str, str, Decimal, int | None]
) -> None:
    economy.save_budget(proposal_pk=proposal.pk, lines=lines, by=cast.owner, at=NOW)


def test_lines_of_the_budget_are_replaced_and_get_a_version_only_when_they_change() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)
    kommune = proposal.participants.get()
    lines = (
        (2028, "staff", "Ledelse", Decimal(500), None),
        (2027, "tests", "", Decimal(0), kommune.pk),
    )

    def version() -> int | None:
        found = proposal.field_versions.filter(name="budget_lines").first()
        return found.number if found else None

    save_budget(cast, proposal)
    assert version() is None
    save_budget(cast, proposal, *lines)
    save_budget(cast, proposal, *lines)
    assert version() == 1
    assert [(b.year, b.recipient, b.amount) for b in proposal.budget_lines.listed()] == [
        (2028, None, Decimal(500)),
        (2027, kommune, Decimal(0)),
    ]
    save_budget(cast, proposal, *reversed(lines))
    assert version() == 2


def test_a_budget_gives_nothing_to_somebody_who_is_no_participant_here() -> None:
    cast, round_ = a_cast(), a_round()
    proposal, other = a_draft(cast, round_), a_draft(cast, round_)
    stranger = other.participants.get()

    save_budget(cast, proposal, (2027, "staff", "", Decimal(1), stranger.pk))

    assert proposal.budget_lines.get().recipient is None


@pytest.mark.parametrize(
    ("year", "category", "amount"),
    ((2019, "staff", "1"), (2027, "gaver", "1"), (2027, "staff", "-1")),
)
def test_a_line_that_breaks_an_invariant_changes_nothing(
    year: int, category: str, amount: str
) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)

    with pytest.raises(ValidationError):
        save_budget(cast, proposal, (year, category, "", Decimal(amount), None))

    assert proposal.budget_lines.count() == 2


def test_saving_a_hundred_lines_costs_no_more_than_saving_one(
    django_assert_num_queries: Any,
) -> None:
    cast, round_ = a_cast(), a_round()
    for count in (1, 100):
        proposal = a_draft(cast, round_)
        # Two of them are the rows' history: read as readers see them, and kept.
        with django_assert_num_queries(15, info=f"{count} lines"):
            save_budget(cast, proposal, *[(2027, "staff", "", Decimal(1), None)] * count)


def test_the_dgo_is_suggested_from_the_municipality() -> None:
    cast, round_ = a_cast(), a_round()

    assert a_draft(cast, round_).lead_dgo == cast.dgo


def test_choosing_another_dgo_moves_the_sparring_with_it() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)

    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="deltagere",
        answers={"lead_dgo": cast.other_dgo},
        by=cast.owner,
        at=NOW,
    )

    assert Proposal.objects.visible_to(cast.adviser, at=NOW).count() == 0
    assert Proposal.objects.visible_to(cast.other_adviser, at=NOW).count() == 1


def test_the_same_organization_is_added_once() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    with pytest.raises(
        participants.AlreadyParticipant, match="Aarhus Kommune er allerede deltager"
    ):
        participants.add_participant(
            proposal_pk=proposal.pk,
            organization=cast.municipalities[0],
            role="participant",
            by=cast.owner,
            at=NOW,
        )


def test_a_municipality_cannot_be_typed_in_past_the_count() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    with pytest.raises(ValidationError, match="Vælg kommuner og regioner fra listen"):
        participants.add_participant(
            proposal_pk=proposal.pk,
            typed_name="Andeby Kommune",
            typed_kind="municipality",
            role="participant",
            by=cast.owner,
            at=NOW,
        )


def test_a_removed_file_stays_in_what_was_sent() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    attachment = attachments.add_attachment(
        proposal_pk=proposal.pk,
        title="Tidsplan",
        file=ContentFile(b"%PDF-1.7 x"),
        file_name="tidsplan.pdf",
        content_type="application/pdf",
        by=cast.owner,
        at=NOW,
    )
    version = submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.update(status="qualified")

    attachments.remove_attachment(
        proposal_pk=proposal.pk, attachment_pk=attachment.pk, by=cast.owner, at=NOW
    )

    assert not proposal.attachments.present().exists()
    assert [row["pk"] for row in version.content["attachments"]] == [attachment.pk]
    attachment.refresh_from_db()
    with attachment.file.open() as kept:
        assert kept.read() == b"%PDF-1.7 x"


def test_registering_for_somebody_new_makes_a_person_who_can_take_over() -> None:
    cast, round_ = a_cast(), a_round()

    proposal = drafting.register(
        email="Ny@Example.org",
        name="Ny Person",
        organization=None,
        round=round_,
        title="Modtaget pr. mail",
        by=cast.secretariat,
        at=NOW,
    )

    owner = User.objects.get(email="ny@example.org")
    assert (proposal.owner, owner.has_usable_password()) == (owner, False)
    assert set(proposal.accesses.values_list("function", "user__name")) == {
        ("own", "Ny Person"),
        ("write", "Sanne Sekretær"),
    }
    assert OutgoingMail.objects.filter(name="registered").count() == 1


def test_handing_over_leaves_one_owner() -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_draft(cast, round_)

    writers.hand_over(
        proposal_pk=proposal.pk, to_user=cast.stranger, reason="Nyt job", by=cast.owner, at=NOW
    )

    assert Proposal.objects.visible_to(cast.owner, at=NOW).count() == 0
    assert Proposal.objects.get().owner == cast.stranger
    assert OutgoingMail.objects.get(name="handed_over").recipient == cast.stranger.email


def test_numbers_come_from_one_sequence() -> None:
    cast, round_ = a_cast(), a_round()

    first, second = a_draft(cast, round_), a_draft(cast, round_)

    assert first.number.startswith("KS-2027-")
    assert int(second.number[-4:]) == int(first.number[-4:]) + 1
