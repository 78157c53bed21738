"""How mail fares: whether it stands still, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from klimaspor.mail.models import Contact, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT = timedelta(minutes=10)
"""The outbox is visited every half minute."""
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Standing:
    """How mail fares at one moment."""

    still_since: datetime | None
    """Since when nothing has been sent that should have been."""
    waiting: int
    """How many letters wait for that; at most MOST_COUNTED are counted, here and below."""
    given_up: int
    has_phone: bool
    """Whether letters say whom to call."""


# One question, each part from an index of its own, since the secretariat's desk asks it each time. A letter that has lost an
# attempt is waiting for its own sake: others have got through since.
_QUESTION = """
WITH waiting AS (
    SELECT released_at FROM {mail}
    WHERE released_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL
    AND (attempts = 0 OR (attempts = 1 AND claimed_until IS NOT NULL))
)
SELECT (SELECT min(released_at) FROM waiting),
    (SELECT count(*) FROM (SELECT FROM waiting LIMIT {most}) AS counted),
    (SELECT max(sent_at) FROM {mail} WHERE sent_at IS NOT NULL),
    (SELECT count(*) FROM (SELECT FROM {mail} WHERE failed_at IS NOT NULL LIMIT {most}) AS counted),
    EXISTS (SELECT FROM {contact} WHERE phone <> '')
"""


def standing(*, at: datetime) -> Standing:
    """Say how mail fares now."""
    names: Mapping[str, object] = {
        "mail": OutgoingMail._meta.db_table,
        "contact": Contact._meta.db_table,
        "most": MOST_COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION.format_map(names))
        oldest_at, waiting, last_at, given_up, has_phone = cursor.fetchone()
    since = max(filter(None, (oldest_at, last_at))) if oldest_at else None
    is_still = since is not None and at - since > LONGEST_WAIT
    return Standing(since if is_still else None, waiting, given_up, has_phone)
