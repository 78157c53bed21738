"""The ways to go from every page, by who one is, with a count where something waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from klimaspor.mail import contact
from review.next_steps import waiting as next_steps

if TYPE_CHECKING:
    from django.http import HttpRequest

    from klimaspor.accounts.models import User


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give the main menu and whom to call; read only by a page that draws it, so a download or a redirect asks nothing."""
    return {
        "navigation": SimpleLazyObject(lambda: _links(request)),
        "portal_version": settings.VERSION,
        "secretariat": SimpleLazyObject(contact.known),
        "demo": settings.DEMO,
    }


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    if not hasattr(request, "user") or hasattr(request, "must_set_up_two_steps"):
        return []
    ways = _ways_of(request.user) if request.user.is_authenticated else _PUBLIC
    here = request.path
    links = [
        {
            "url": (url := reverse(name)),
            "label": label,
            "current": here == url or (url != "/" and here.startswith(url)),
            "count": "",
        }
        for name, label in ways
    ]
    if request.user.is_authenticated:
        links[0]["count"] = _waiting(request, request.user)
    return links


def _waiting(request: HttpRequest, user: User) -> str:
    """Say how much waits; the page itself may have counted it."""
    counted: int | None = getattr(request, "waiting_count", None)
    if counted is None:
        at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
        counted = next_steps.waiting_count(user, at=at)
    if counted >= next_steps.MOST_COUNTED:
        return f"{next_steps.MOST_COUNTED - 1}+"
    return str(counted or "")


_PUBLIC = (
    ("review:requirements", "Krav og kriterier"),
    ("proposals:rounds", "Runder og frister"),
    ("proposals:dgos", "Find din DGO"),
    ("proposals:tracks", "Klimaudviklingsspor"),
)


def _ways_of(user: User) -> list[tuple[str, str]]:
    duties = user.duties
    ways = [("review:front", "Det venter på dig"), ("review:list", "Forslag")]
    if duties.dgo_ids:
        ways.append(("review:dgo_desk", "Kvalificering"))
    if duties.is_secretariat:
        ways.append(("review:secretariat", "Sekretariat"))
    if duties.is_secretariat or duties.is_committee:
        ways.append(("review:meetings", "Møder"))
    if duties.funder_ids:
        ways.append(("review:funding", "Bevillinger"))
    if duties.is_secretariat or duties.is_administrator:
        ways.append(("accounts:administration", "Administration"))
    return [
        *ways,
        ("review:requirements", "Krav og kriterier"),
        ("proposals:rounds", "Runder og frister"),
    ]
