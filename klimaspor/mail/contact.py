"""Whom to write to and call at the secretariat, as every page says it: known for a minute, so that no page waits for it."""

from __future__ import annotations

import time

from django.db import Error

import structlog

from klimaspor.mail.models import Contact

KNOWN_SECONDS = 60

log = structlog.get_logger(__name__)


class _Known:
    """What this process was answered last, and when it asked."""

    contact: Contact = Contact()
    asked_at: float | None = None


def known(*, asks: bool = True) -> Contact:
    """Give the contact; what was known last where the database may not be asked, or does not answer."""
    is_old = _Known.asked_at is None or time.monotonic() - _Known.asked_at > KNOWN_SECONDS
    if asks and is_old:
        try:
            remember(Contact.objects.the_one())
        except Error as error:
            log.warning("contact_not_known", error=str(error))
    return _Known.contact


def remember(contact: Contact) -> None:
    """Let pages say it from now on; other processes hear of it within the minute."""
    _Known.contact, _Known.asked_at = contact, time.monotonic()
