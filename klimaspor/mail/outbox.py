"""
Writing letters: a step says what happened, and the letter is a row in the same transaction.

Nothing is sent from here. `tasks.deliver` comes by, and a nudge makes it come at once.

The outbox stands below accounts: it knows addresses, not people, so that invitations can be mailed.
"""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

import structlog

from klimaspor import leases, sweeps, tracing
from klimaspor.mail import letters
from klimaspor.mail.models import MailAttachment, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime


log = structlog.get_logger(__name__)
DELIVER = "mail.tasks.deliver"
AT_A_TIME = 500
"""Letters written by one statement."""


Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Attachment:
    """A file in the storage that goes with a letter, and the fingerprint it must still have when it is sent."""

    name: str
    content_type: str
    file: str
    sha256: str

    def row(self, mail_pk: int) -> MailAttachment:
        return MailAttachment(
            mail_id=mail_pk,
            name=self.name,
            content_type=self.content_type,
            file=self.file,
            sha256=self.sha256,
        )


@dataclass(frozen=True)
class Letter:
    """
    A letter to one address that is to be written in templates/mail/<name>/, once for its key.

    With `waits_for` it is held until `release` is told the same. A secret letter is read by nobody but its recipient.
    """

    name: str
    key: str
    to: str
    context: Mapping[str, Any]
    waits_for: str = ""
    attachments: Sequence[Attachment] = ()
    is_secret: bool = False

    def written(self, *, at: datetime) -> OutgoingMail:
        subject, body = letters.write(self.name, self.context)
        return _row(
            name=self.name,
            key=self.key,
            to=self.to,
            subject=subject,
            body=body,
            at=at,
            waits_for=self.waits_for,
            is_secret=self.is_secret,
        )


def put(
    *,
    name: str,
    key: str,
    to: str,
    context: Mapping[str, Any],
    at: datetime,
    waits_for: str = "",
    attachments: Sequence[Attachment] = (),
    is_secret: bool = False,
) -> OutgoingMail | None:
    """Write one letter (see `Letter`): None when there is one with that key already."""
    return put_letter(Letter(name, key, to, context, waits_for, attachments, is_secret), at=at)


def put_letter(asked: Letter, *, at: datetime) -> OutgoingMail | None:
    """Write one letter: None when there is one with that key already."""
    if OutgoingMail.objects.filter(key=asked.key).exists():
        return None
    return _put(asked.written(at=at), asked.attachments)


def put_all(
    asked: Iterable[Letter],
    *,
    at: datetime,
    guard: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> int:
    """
    Write many letters at once, each if there is none with its key; return how many were new.

    `guard` stands around the writing of each, told its key: it may let one that cannot be written stop no other.
    """
    # In one order, whoever writes: two with the same letters would otherwise wait for each other.
    waiting = deque(sorted(asked, key=lambda letter: letter.key))
    new: list[Letter] = []
    while waiting:
        some = [waiting.popleft() for _ in range(min(AT_A_TIME, len(waiting)))]
        new += _put_some({letter.key: letter for letter in some}, at=at, guard=guard)
    if any(not letter.waits_for for letter in new):
        sweeps.nudge(DELIVER)
    return len(new)


def _put_some(
    some: dict[str, Letter], *, at: datetime, guard: Callable[[str], AbstractContextManager[object]]
) -> list[Letter]:
    known = OutgoingMail.objects.filter(key__in=some).values_list("key", flat=True)
    for key in known:
        del some[key]
    rows = []
    for key, letter in some.items():
        with guard(key):
            rows.append(letter.written(at=at))
    try:
        return _save(rows, some)
    except (DatabaseError, ValueError) as error:
        log.warning("letters_not_saved_together", error=leases.error_text(error))
    # One of them is none that a database keeps: which, is seen one by one.
    new: list[Letter] = []
    for row in rows:
        with guard(row.key):
            new += _save([row], some)
    return new


@transaction.atomic
def _save(rows: list[OutgoingMail], some: Mapping[str, Letter]) -> list[Letter]:
    # Somebody else may be writing the same ones: the key decides.
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    ours = OutgoingMail.objects.filter(message_id__in=[row.message_id for row in rows])
    new = dict(ours.order_by("pk").values_list("key", "pk"))
    MailAttachment.objects.bulk_create(
        attachment.row(new[key]) for key in new for attachment in some[key].attachments
    )
    return [some[key] for key in new]


def put_text(
    *, name: str, key: str, to: str, subject: str, body: str, at: datetime, is_secret: bool = False
) -> OutgoingMail | None:
    """Write a letter that is already composed: None when there is one with that key already."""
    mail = _row(name=name, key=key, to=to, subject=subject, body=body, at=at, is_secret=is_secret)
    return _put(mail, ())


def _row(
    *,
    name: str,
    key: str,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    waits_for: str = "",
    is_secret: bool = False,
) -> OutgoingMail:
    return OutgoingMail(
        key=key,
        name=name,
        recipient=to,
        subject=subject,
        body=body,
        is_secret=is_secret,
        message_id=make_msgid(domain=_domain(settings.DEFAULT_FROM_EMAIL)),
        request_id=tracing.current(),
        created_at=at,
        waits_for=waits_for,
        released_at=None if waits_for else at,
    )


def _put(mail: OutgoingMail, attachments: Sequence[Attachment]) -> OutgoingMail | None:
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            _attach(mail, attachments)
    except IntegrityError:
        # Somebody else wrote the same letter at the same moment, or something is really wrong.
        if OutgoingMail.objects.filter(key=mail.key).exists():
            return None
        raise
    if not mail.waits_for:
        sweeps.nudge(DELIVER)
    return mail


def unwritten(rows: Rows, key: Any) -> Rows:
    """Narrow rows to those of which there is no letter with this key, made of their columns; adds it as `letter_key`."""
    written = OutgoingMail.objects.filter(key=OuterRef("letter_key"))
    found: Rows = rows.annotate(letter_key=key).filter(~Exists(written))
    return found


@transaction.atomic
def release(waits_for: str, *, attachments: Sequence[Attachment] = (), at: datetime) -> int:
    """Let the letters go that waited for this, with these files; return how many. A second time there are none."""
    held = OutgoingMail.objects.unreleased().filter(waits_for=waits_for).oldest_first()
    mails = list(held.select_for_update())
    for mail in mails:
        _attach(mail, attachments)
        mail.released_at = at
        mail.save(update_fields=["released_at"])
    if mails:
        sweeps.nudge(DELIVER)
    return len(mails)


def drop(waits_for: Iterable[str], *, to: str) -> None:
    """Give up the letters to one address that are still held for these: their recipient may no longer read them."""
    held = OutgoingMail.objects.unreleased().filter(waits_for__in=list(waits_for), recipient=to)
    held.delete()


def try_again(mail: OutgoingMail) -> bool:
    """Send a letter that was given up after all; return whether it was."""
    if not leases.retry(OutgoingMail.objects.filter(pk=mail.pk)):
        return False
    sweeps.nudge(DELIVER)
    return True


def try_all_again() -> int:
    """Send every letter that was given up after all, and those that rest at once; return how many were given up."""
    count = leases.retry(OutgoingMail.objects.given_up())
    resting = OutgoingMail.objects.waiting().filter(next_attempt_at__isnull=False)
    if resting.update(next_attempt_at=None) or count:
        sweeps.nudge(DELIVER)
    return count


def _attach(mail: OutgoingMail, attachments: Sequence[Attachment]) -> None:
    MailAttachment.objects.bulk_create(attachment.row(mail.pk) for attachment in attachments)


@cache
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
