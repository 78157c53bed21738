"""
Which letters a person may read, and what the others show: that they are there, when they were written and how they fare.

What a letter is about, and who may know of that, the rooms above say; mail knows none of them.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from django.db.models import BooleanField, ExpressionWrapper, Q, Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.mail.querysets import OutgoingMailQuerySet

RULES: list[Callable[[User, datetime], Q]] = []
"""What those above ask of a letter before somebody may read it, each as a question to its row."""


def for_reader(letters: OutgoingMailQuerySet, user: User, *, at: datetime) -> OutgoingMailQuerySet:
    """Say of each letter whether the person may read it: `is_readable`."""
    answer = reduce(and_, (rule(user, at) for rule in RULES), Q(Value(value=True)))
    return letters.annotate(is_readable=ExpressionWrapper(answer, output_field=BooleanField()))
