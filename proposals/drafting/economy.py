"""The lines of the economy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from proposals.drafting.holding import held, mark, touch
from proposals.models import Financing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from klimaspor.accounts.models import User


@transaction.atomic
def save_financing(
    *,
    proposal_pk: int,
    lines: Iterable[tuple[int, str, Decimal, str]],
    by: User,
    at: datetime,
) -> None:
    """
    Replace the lines of the economy: (year, source, amount in kroner, status), in the order they are shown.

    :raises NotEditable:
    :raises ValidationError:
    """
    proposal = held(proposal_pk)
    rows = [
        Financing(
            proposal=proposal,
            position=position,
            year=year,
            source=source,
            amount=amount,
            status=status,
        )
        for position, (year, source, amount, status) in enumerate(lines)
    ]
    for row in rows:
        row.full_clean(exclude=["proposal"])
    proposal.financing.all().delete()
    Financing.objects.bulk_create(rows)
    mark(proposal, ["financing"], by=by, at=at)
    touch(proposal, at)
