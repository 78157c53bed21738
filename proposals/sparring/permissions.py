"""Who may read the letters about what DGO and secretariat say to each other: their recipients, and those of the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Concat

from klimaspor.mail import reading
from proposals.line import sql
from proposals.line.models import Proposal
from proposals.line.permissions import IsNamed
from proposals.sparring.mails import INNER

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User


def stands_in_its_circle(user: User, at: datetime) -> Q:
    """Ask of a letter about the inner circle whether the person stands in it, of every proposal it names."""
    text = Concat(OuterRef("subject"), Value("\n"), OuterRef("body"), output_field=TextField())
    named = Proposal.objects.filter(IsNamed("number", text))
    outside = named.exclude(sql.is_among_advisers(user, at=at))
    return ~Q(name=INNER) | Q(recipient__iexact=user.email) | ~Q(Exists(outside))


reading.RULES.append(stands_in_its_circle)
