"""
Holds what waits ("opgaver") and what is searched against the proposals they are about, and mends every row that differs, with a line in the log.

Nothing should: run it after a restore, or when somebody misses something on "Det venter på dig" or in what a search finds.
It may run while people work.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

import structlog

from proposals.line.models import Duty, Proposal
from proposals.search import steps as search

log = structlog.get_logger(__name__)

BATCH = 500


class Command(BaseCommand):
    help = "Compare what waits and what is searched with each proposal, and mend what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        mended, rewritten, last = 0, 0, 0
        while True:
            with transaction.atomic():
                rows = (
                    Proposal.objects.filter(pk__gt=last)
                    .locked_in_order()
                    .values_list("pk", flat=True)
                )
                held = list(rows[:BATCH])
                if not held:
                    break
                found = Duty.objects.mend(held, at=at)
                unlike = search.reconcile(held)
            last = held[-1]
            for how, duties in (
                ("missing", found.missing),
                ("moved", found.moved),
                ("gone", found.gone),
            ):
                for duty in duties:
                    _tell(duty, how)
                mended += len(duties)
            numbers = (
                Proposal.objects.filter(pk__in=unlike).by_number().values_list("number", flat=True)
            )
            for number in numbers if unlike else ():
                log.warning("search_text_mended", subject=number)
            rewritten += len(unlike)
        self.stdout.write(
            f"{mended} opgaver er rettet." if mended else "Alt, der venter, står rigtigt."
        )
        self.stdout.write(
            f"{rewritten} forslags søgetekster er rettet."
            if rewritten
            else "Alt, der søges i, står rigtigt."
        )


def _tell(duty: Duty, how: str) -> None:
    # By number, since a log is read by many.
    holder = {
        name: value
        for name in ("user_id", "dgo_id", "organization_id", "group")
        if (value := getattr(duty, name))
    }
    log.warning("duty_mended", how=how, kind=duty.kind, subject=duty.subject, **holder)
