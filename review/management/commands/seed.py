"""
Fills the portal with thousands of believable proposals, to measure how it carries them.

Rows are written in bulk: walking the real steps five thousand times would take an hour. Refused in production.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from klimaspor.accounts import demo
from klimaspor.accounts.models import Dgo, Organization
from proposals.answers.content import Content
from proposals.economy.models import BudgetLine, Financing
from proposals.line.functions import Function, Group
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Event, Proposal, Version
from proposals.participants.models import Participant
from proposals.rounds.models import Gate, Round
from proposals.search import steps as search
from proposals.sparring.models import Advice
from review.management.tracks import SPENT_ON, TRACKS, Track
from review.qualification.models import Outcome, Qualification, Statement

if TYPE_CHECKING:
    import argparse

    from klimaspor.accounts.models import User

SPREAD: tuple[tuple[Status, int], ...] = (
    (Status.DRAFT, 20),
    (Status.IN_QUALIFICATION, 15),
    (Status.QUALIFIED, 10),
    (Status.IN_APPROVAL, 10),
    (Status.RECOMMENDED, 5),
    (Status.ACTIVE, 15),
    (Status.COMPLETED, 10),
    (Status.REJECTED, 10),
    (Status.WITHDRAWN, 5),
)
QUALIFIED = frozenset(
    {
        Status.QUALIFIED,
        Status.IN_APPROVAL,
        Status.RECOMMENDED,
        Status.ACTIVE,
        Status.COMPLETED,
        Status.REJECTED,
    }
)
APPROVAL = QUALIFIED - {Status.QUALIFIED}
BATCH = 500


class Command(BaseCommand):
    help = "Write many believable proposals in bulk (never in production)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--proposals", type=int, default=5000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("seed laver opdigtede forslag og kan ikke bruges i produktion.")
        at = timezone.now()
        round_ = Round.objects.current(at=at).soonest_first().first()
        if round_ is None:
            raise CommandError("Der er ingen runde. Kør først: manage.py reference_data")
        sower = Sower(round_, at)
        remaining = options["proposals"]
        while remaining > 0:
            with transaction.atomic():
                sower.sow(min(BATCH, remaining))
            remaining -= BATCH
            self.stdout.write(f"{max(remaining, 0)} tilbage")


class Sower:
    """Writes batches of proposals with everything that belongs to them; the same seed gives the same field."""

    def __init__(self, round_: Round, at: datetime) -> None:
        self.round, self.at = round_, at
        self.chance = random.Random(2027)  # noqa: S311  # believable data, no secret
        people = demo.make_people(at)
        self.owners = [people[key] for key in ("mette", "jonas", "sofie")]
        self.secretary = people["birgitte"]
        self.authorities = list(Organization.objects.of_kind("municipality").by_name())
        self.dgos = list(Dgo.objects.by_name())
        self.criteria = list(round_.criteria.listed())

    def sow(self, count: int) -> None:
        statuses = self.chance.choices(
            [status for status, _ in SPREAD], [weight for _, weight in SPREAD], k=count
        )
        drafts = [self._proposal(status) for status in statuses]
        proposals = Proposal.objects.bulk_create(drafts)
        self._people_of(proposals)
        self._rows_of(proposals)
        versions = self._versions_of(proposals)
        self._talk_about(proposals, versions)
        search.index([proposal.pk for proposal in proposals])
        Duty.objects.settle(*(p.pk for p in proposals), by=self.secretary, at=self.at)

    def _proposal(self, status: Status) -> Proposal:
        track: Track = self.chance.choice(TRACKS)
        place = self.chance.choice(self.authorities)
        since = self.at - timedelta(days=self.chance.randint(1, 300))
        owner: User = self.chance.choice(self.owners)
        return Proposal(
            number=Proposal.objects.next_number(self.at.year),
            round=self.round,
            owner=owner,
            organization=place,
            lead_dgo=self.chance.choice(self.dgos),
            status=status,
            status_since=since,
            created_at=since,
            created_by=owner,
            edited_at=since,
            sparring_opened_at=since if self.chance.random() < 0.5 else None,
            title=f"{track.title} i {place.name.removesuffix(' Kommune')}"[:150],
            challenges=track.challenges,
            purpose=track.purpose,
            effects=track.effects,
            activities=track.activities,
            has_development=True,
            development=track.development,
            is_beyond_known=True,
            novelty=track.novelty,
            is_open=True,
            openness=track.openness,
            plan_needs=track.plan_needs,
            joining=track.joining,
            requested_amount=Decimal(track.requested),
            budget_min=Decimal(track.budget[0]),
            budget_max=Decimal(track.budget[1]),
            co_financing=track.co_financing,
            organization_text=track.organization_text,
            goals=list(track.goals),
        )

    def _people_of(self, proposals: list[Proposal]) -> None:
        rows = []
        for proposal in proposals:
            common: dict[str, Any] = {
                "proposal": proposal,
                "since_at": proposal.created_at,
                "since_by": proposal.owner,
            }
            rows.append(Access(function=Function.OWN, user=proposal.owner, **common))
            if proposal.sparring_opened_at:
                rows.append(Access(function=Function.ADVISE, dgo=proposal.lead_dgo, **common))
                rows.append(Access(function=Function.ADVISE, group=Group.SECRETARIAT, **common))
            if proposal.status != Status.DRAFT:
                rows.append(Access(function=Function.QUALIFY, dgo=proposal.lead_dgo, **common))
                rows.append(Access(function=Function.RECOMMEND, group=Group.SECRETARIAT, **common))
        Access.objects.bulk_create(rows)

    def _rows_of(self, proposals: list[Proposal]) -> None:
        Participant.objects.bulk_create(
            Participant(
                proposal=proposal,
                organization=place,
                role="participant",
                added_at=proposal.created_at,
            )
            for proposal in proposals
            for place in self.chance.sample(self.authorities, 4)
        )
        Financing.objects.bulk_create(
            Financing(
                proposal=proposal,
                year=year,
                source="Klimaalliancen",
                amount=(proposal.requested_amount or Decimal(0)) / 2,
                status="requested",
            )
            for proposal in proposals
            for year in (2027, 2028)
        )
        BudgetLine.objects.bulk_create(
            BudgetLine(
                proposal=proposal,
                position=position,
                year=year,
                category=category,
                description=description,
                amount=(proposal.budget_min or Decimal(0)) * percent / 200,
            )
            for proposal in proposals
            for year in (2027, 2028)
            for position, (category, description, percent) in enumerate(SPENT_ON)
        )
        Event.objects.bulk_create(
            Event(
                proposal=proposal,
                transition="created",
                target=Status.DRAFT,
                at=proposal.created_at,
                by=proposal.owner,
            )
            for proposal in proposals
        )

    def _versions_of(self, proposals: list[Proposal]) -> dict[int, Version]:
        sent = [proposal for proposal in proposals if proposal.status != Status.DRAFT]
        versions = []
        for proposal in sent:
            content = Content.of(proposal, at=self.at)
            gates = [Gate.QUALIFICATION]
            if proposal.status in APPROVAL:
                gates.append(Gate.APPROVAL)
            versions += [
                Version(
                    proposal=proposal,
                    number=number,
                    gate=gate,
                    round=self.round,
                    title=content.title,
                    content=content.to_json(),
                    sha256=content.sha256,
                    frozen_at=proposal.status_since,
                    frozen_by=proposal.owner,
                )
                for number, gate in enumerate(gates, 1)
            ]
        made = Version.objects.bulk_create(versions)
        return {v.proposal_id: v for v in made if v.gate == Gate.QUALIFICATION}

    def _talk_about(self, proposals: list[Proposal], versions: dict[int, Version]) -> None:
        comments = [
            Advice(
                proposal=proposal,
                section="effekt",
                text="Hvordan vil I måle effekten?",
                author_role=str(proposal.lead_dgo),
                created_at=proposal.created_at,
                created_by=self.secretary,
            )
            for proposal in proposals
            if proposal.sparring_opened_at
            for _ in range(self.chance.randint(0, 4))
        ]
        Advice.objects.bulk_create(comments)
        assessed = Qualification.objects.bulk_create(
            Qualification(
                proposal=proposal,
                version=versions[proposal.pk],
                dgo=proposal.lead_dgo,
                outcome=Outcome.RECOMMENDED,
                summary="Sporet anbefales.",
                completed_at=proposal.status_since,
                completed_by=self.secretary,
            )
            for proposal in proposals
            if proposal.status in QUALIFIED
        )
        Statement.objects.bulk_create(
            Statement(
                qualification=row,
                criterion=criterion,
                text="Godt beskrevet og realistisk.",
                code=criterion.code,
                title=criterion.title,
                guidance=criterion.text,
            )
            for row in assessed
            for criterion in self.criteria
        )
