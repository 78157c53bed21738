"""How mail fares: whether it stands still, and what was given up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection

import structlog

from klimaspor.mail.models import Contact, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT = timedelta(minutes=10)
"""The outbox is visited every half minute."""
MOST_COUNTED = 1000


ANSWER_SECONDS = 2
KNOWN_SECONDS = 60
"""Anybody may ask how the portal is, and nobody is to make us call the mail server for each."""

log = structlog.get_logger(__name__)
_known: dict[str, tuple[float, bool]] = {}


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


def server_answers() -> bool:
    """Say whether the mail server, or what takes its place, lets us in; asked once a minute."""
    transport = settings.MAIL_TRANSPORT
    asked_at, answers = _known.get(repr(transport), (0.0, False))
    if not asked_at or time.monotonic() - asked_at > KNOWN_SECONDS:
        answers = _ask(transport)
        _known[repr(transport)] = (time.monotonic(), answers)
    return answers


def _ask(transport: Mapping[str, Any]) -> bool:
    patience = {"timeout": ANSWER_SECONDS} if "timeout" in transport else {}
    conversation = get_connection(**{**transport, **patience})
    try:
        conversation.open()
        conversation.close()
    except OSError as error:
        log.warning("mail_server_not_ready", error=str(error))
        return False
    return True
