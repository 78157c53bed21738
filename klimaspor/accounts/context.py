"""Who the page speaks to, and on whose behalf ("på vegne af") they act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings

from klimaspor import danish
from klimaspor.accounts import idleness

if TYPE_CHECKING:
    from django.http import HttpRequest

    from klimaspor.accounts.models import Duties, User

ACTS_FOR = "acts_for"
"""The organization chosen for this session."""


def acting_for(request: HttpRequest) -> int | None:
    """Return the id of the organization somebody signed in acts for now: the one chosen, else the only one."""
    theirs = [pk for pk, _ in _duties(request).acts_for]
    chosen = request.session.get(ACTS_FOR)
    if chosen in theirs:
        return chosen  # type: ignore[no-any-return]  # a session holds anything
    return theirs[0] if len(theirs) == 1 else None


def identity(request: HttpRequest) -> dict[str, Any]:
    """Give the header its words."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"organization_login": organization_login()}
    duties = _duties(request)
    names = dict(duties.acts_for)
    chosen = request.session.get(ACTS_FOR)
    if chosen in names:
        whom = names[chosen]
    elif duties.capacities:
        whom = danish.join_text(duties.capacities)
    else:
        whom = next(iter(names.values())) if len(names) == 1 else ""
    return {
        "identity": {"name": str(request.user), "on_behalf_of": whom},
        "idle": idleness.shown(duties),
        "organization_login": organization_login(),
    }


def organization_login() -> str:
    """Name the organization's own service to sign in through; nothing where there is none."""
    return settings.OIDC_NAME if settings.OIDC_URL else ""


def _duties(request: HttpRequest) -> Duties:
    # Not `user.duties`: somebody who has just signed in has no clock yet.
    return cast("User", request.user).duties_at(request.received_at)  # type: ignore[attr-defined]  # stamped by the first middleware
