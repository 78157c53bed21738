"""
A press that makes something makes it once, however often it is sent.

Every form that leads to a page that `makes` (`klimaspor.pages`) carries a random key, hidden. It is written in the transaction
of the step, in a table that holds each key once: of ten presses at the same moment nine wait for the first, and all are led
to what it made. What made nothing has not used its key. The same key under other words is no second press but somebody who
went back and wrote something else: it is shown again with all that was typed, and the next press makes it.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import unsent
from klimaspor.models import UsedKey
from klimaspor.refusals import AlreadyDone, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest  # noqa: TID251 - only its type

FIELD = "once"
KEPT = timedelta(days=30)
"""Longer than a page waits for its writer to sign in again."""
NOT_TYPED = (FIELD, unsent.SLIP, "csrfmiddlewaretoken")


class MadeBefore(AlreadyDone):
    """The very same press came before."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__("Det er gjort. Flere tryk på den samme knap gælder for ét.")


class WrittenAnew(Refused):
    """The page has been sent before with other words; the next press is a new one."""

    is_outdated = True

    def __init__(self) -> None:
        super().__init__(
            "Du har sendt siden før, og det, du skrev dengang, er gemt. Det, der står her nu, er ikke gemt. "
            "Tryk igen, hvis det også skal gemmes."
        )


def hidden() -> dict[str, str]:
    """Write a new key as the hidden field of a form."""
    return {FIELD: secrets.token_urlsafe(16)}


def led_to(request: HttpRequest) -> str:
    """Give where this very press led when it came before, or nothing."""
    if not request.POST.get(FIELD):
        return ""
    before = UsedKey.objects.filter(key=_key(request)).first()
    return before.led_to if before and before.typed == _typed(request) else ""


@contextmanager
def press(request: HttpRequest, *, makes: bool, at: datetime) -> Iterator[UsedKey]:
    """
    Hold the key a form carries while its press is answered; it is used when `led_to` says where the press led.

    A press that makes nothing uses none, though its form may carry one for another of its buttons.

    :raises MadeBefore:
    :raises WrittenAnew:
    """
    typed = _typed(request)
    if not makes or not request.POST.get(FIELD):
        yield UsedKey(typed=typed, used_at=at)
        return
    with transaction.atomic():
        key, is_first = UsedKey.objects.get_or_create(
            key=_key(request), defaults={"typed": typed, "used_at": at}
        )
        if not is_first:
            raise MadeBefore(key.led_to) if key.typed == typed else WrittenAnew
        yield key
        if key.led_to:
            key.save(update_fields=["led_to"])
        else:
            # Nothing was made, so the form may be sent again as it is.
            transaction.set_rollback(True)


def forget(*, at: datetime) -> int:
    """Forget keys that no page can carry any more, and return how many."""
    forgotten, _ = UsedKey.objects.filter(used_at__lt=at - KEPT).delete()
    return forgotten


def _key(request: HttpRequest) -> str:
    """Name a key by whose form carried it and where it was sent, so that nobody uses up another's."""
    return _digest(str(request.user.pk), request.path, request.POST[FIELD])


def _typed(request: HttpRequest) -> str:
    """Give a short name of everything that was typed and chosen."""
    texts = [
        (name, values) for name, values in sorted(request.POST.lists()) if name not in NOT_TYPED
    ]
    files = [
        (name, [(file.name, file.size) for file in found])
        for name, found in sorted(request.FILES.lists())
    ]
    return _digest(repr(texts), repr(files))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode(errors="surrogatepass")).hexdigest()
