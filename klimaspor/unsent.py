"""
What somebody typed and could not send because the session had ended: kept until the same person signs in.

A page that must lose nothing puts `slip(request)` in its form as `unsent-slip`. Only a slip that we signed for a person
and that very address makes us keep anything, so nobody else can fill our sessions or put words in another's form. A page
that was one person's is never taken for another's who has signed in since, in the same browser.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import UnreadablePostError  # noqa: TID251 - what a body may turn out to be
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - only its type

SLIP = "unsent-slip"
KEPT = "unsent"
LONGEST_WAIT = timedelta(days=14)
MOST_PAGES = 5
MOST_CHARACTERS = 200_000
LEFT_OUT = (SLIP, "csrfmiddlewaretoken")


def slip(request: HttpRequest, path: str = "") -> str:
    """Sign who is writing, and the address it is sent to: this page when nothing is said."""
    return signing.dumps([request.user.pk, path or request.path], salt=KEPT)


def keep(request: HttpRequest) -> bool:
    """Keep what was posted to this page, files apart; say whether it was kept."""
    writer, path = _signed_for(request, max_age=LONGEST_WAIT)
    if writer is None:
        return False
    typed = {name: values for name, values in request.POST.lists() if name not in LEFT_OUT}
    size = sum(len(value) for values in typed.values() for value in values)
    if path != request.path or size > MOST_CHARACTERS:
        return False
    others = [page for page in request.session.get(KEPT, []) if page["path"] != path]
    request.session[KEPT] = [
        *others[-(MOST_PAGES - 1) :],
        {"writer": writer, "path": path, "typed": typed},
    ]
    return True


def is_anothers(request: HttpRequest) -> bool:
    """Say whether what is posted comes from a page that was made for somebody else than the one who is signed in."""
    writer, _ = _signed_for(request)
    return request.user.is_authenticated and writer not in (None, request.user.pk)


def _signed_for(
    request: HttpRequest, *, max_age: timedelta | None = None
) -> tuple[int | None, str]:
    """Give the person and the address that the slip was signed for, or nobody and nothing."""
    try:
        writer, path = signing.loads(request.POST.get(SLIP, ""), salt=KEPT, max_age=max_age)
    except (signing.BadSignature, UnreadablePostError):
        return None, ""
    return writer, path


def typed_here(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """Give back, once, what this person typed on this page; what somebody else typed is thrown away unread."""
    pages = request.session.get(KEPT)
    if not pages:
        return None
    mine = [page for page in pages if page["writer"] == request.user.pk]
    found = next((page for page in mine if page["path"] == request.path), None)
    request.session[KEPT] = [page for page in mine if page is not found]
    return MultiValueDict({**found["typed"], SLIP: [slip(request)]}) if found else None
