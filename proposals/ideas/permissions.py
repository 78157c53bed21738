"""Who may read the letters about ideas: their recipients, and the secretariat, which reads every idea that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, Value

from klimaspor.mail import reading
from proposals.ideas.mails import LETTERS

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User


def may_read_ideas(user: User, at: datetime) -> Q:
    """Ask of a letter about an idea whether the person reads it."""
    if user.duties_at(at).is_secretariat:
        return Q(Value(value=True))
    return ~Q(name__in=LETTERS) | Q(recipient__iexact=user.email)


reading.RULES.append(may_read_ideas)
