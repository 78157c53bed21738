"""
What somebody typed and did not send: because the session had ended, until the same person signs in; or because another
button of the page was pressed, until the page is shown again.

A page that must lose nothing puts `slip(request)` in its form as `unsent-slip`. Only a slip that we signed for a person
makes us keep anything, and for the page it was signed for, whichever of its buttons was pressed: so nobody else can fill
our sessions or put words in another's form. A page that was one person's is never taken for another's who has signed in
since, in the same browser.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import UnreadablePostError  # noqa: TID251 - what a body may turn out to be
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest  # noqa: TID251 - only its type

SLIP = "unsent-slip"
KEPT = "unsent"
LONGEST_WAIT = timedelta(days=14)
MOST_PAGES = 5
MOST_CHARACTERS = 200_000
LEFT_OUT = (SLIP, "csrfmiddlewaretoken")
UNIT = "unit"
"""Names the part of a page that comes alone, while its writer goes on."""
PRESSED = "unsent-pressed"
"""Stands in what is given back when it was another button that was pressed."""


def slip(request: HttpRequest, path: str = "") -> str:
    """Sign who is writing, and the address it is sent to: this page when nothing is said."""
    return signing.dumps([request.user.pk, path or request.path], salt=KEPT)


def keep(request: HttpRequest) -> bool:
    """Keep what was posted from a page, files apart; say whether it was kept."""
    writer, path = _signed_for(request, max_age=LONGEST_WAIT)
    # A script that saves a part of a page keeps that itself.
    return writer is not None and UNIT not in request.POST and _keep(request, writer, path)


def keep_for_visitor(request: HttpRequest) -> bool:
    """Keep what somebody who is not signed in posted from a page that was theirs for a while; say whether it was kept."""
    writer, path = _signed_for(request, max_age=LONGEST_WAIT)
    return writer is None and path == request.path and _keep(request, None, path)


def is_of_another_page(request: HttpRequest) -> bool:
    """Say whether a button was pressed on a page that has another address than the button."""
    writer, path = _signed_for(request)
    return writer is not None and path != request.path


def is_from(request: HttpRequest, *paths: str) -> bool:
    """Say whether it comes from a page at one of these addresses that was made for whoever is signed in."""
    writer, path = _signed_for(request)
    return request.user.is_authenticated and writer == request.user.pk and path in paths


def carry(request: HttpRequest, *, but: Collection[str] = ()) -> None:
    """Keep what stood on the page where a button was pressed, but what that button was for, until the page is shown again."""
    writer, path = _signed_for(request)
    if writer is not None and writer == request.user.pk:
        _keep(request, writer, path, but=(*but, *LEFT_OUT), is_pressed=True)


def _keep(
    request: HttpRequest,
    writer: int | None,
    path: str,
    *,
    but: Collection[str] = LEFT_OUT,
    is_pressed: bool = False,
) -> bool:
    typed = {name: values for name, values in request.POST.lists() if name not in but}
    size = sum(len(value) for values in typed.values() for value in values)
    if size > MOST_CHARACTERS:
        return False
    if is_pressed:
        typed[PRESSED] = ["1"]
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


def is_kept(request: HttpRequest, path: str) -> bool:
    """Say whether something is kept of that page."""
    kept = request.session.get(KEPT, ()) if path else ()
    return any(page["path"] == path for page in kept)


def typed_here(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """Give back, once, what this person typed on this page; what somebody else typed is thrown away unread."""
    pages = request.session.get(KEPT)
    if not pages:
        return None
    mine = [page for page in pages if page["writer"] == request.user.pk]
    found = next((page for page in mine if page["path"] == request.path), None)
    request.session[KEPT] = [page for page in mine if page is not found]
    return MultiValueDict({**found["typed"], SLIP: [slip(request)]}) if found else None
