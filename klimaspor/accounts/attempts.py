"""
How often one may guess a password, and ask for a letter.

Guesses are counted for each account from each address they come from, so that colleagues behind one address who mistype lock
out nobody but themselves; and, with far more room, for an account from everywhere and for all that comes from one address.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache

from allauth.core.internal import ratelimit

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - only its type

ACCOUNT = "allauth.account"


def count(request: HttpRequest, email: str) -> list[ratelimit.RateLimitUsage] | None:
    """Count one attempt to sign in; give what is to be rolled back if it succeeds, or nothing where it is one too many."""
    counted = []
    for action, key in _counted_as(request, email):
        usage = ratelimit.consume(request, app=ACCOUNT, action=action, key=key)
        if not usage:
            return None
        counted.append(usage)
    return counted


def forget(request: HttpRequest, email: str) -> None:
    """Begin anew for an account whose owner has proved that its address is theirs."""
    for action, key in _counted_as(request, email):
        for rate in ratelimit.get_rates(app=ACCOUNT, action=action):
            if rate.per == "key":
                cache.delete(_name(request, action, rate, key))


def next_letter_at(request: HttpRequest, email: str) -> datetime:
    """Say when the next letter that proves an address can be sent to it."""
    now: datetime = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
    moments = [now]
    for rate in ratelimit.get_rates(app=ACCOUNT, action="confirm_email"):
        sent = cache.get(_name(request, "confirm_email", rate, email.lower())) or []
        since = datetime.fromtimestamp(sent[0], tz=UTC) if sent else now
        moments.append(since + timedelta(seconds=rate.duration))
    return max(moments)


def _counted_as(request: HttpRequest, email: str) -> list[tuple[str, str]]:
    login = email.strip().lower()
    return [
        ("login_failed", f"{login} {ratelimit.get_ip(request)}"),
        ("login_failed_anywhere", login),
    ]


def _name(request: HttpRequest, action: str, rate: ratelimit.Rate, key: str) -> str:
    name: str = ratelimit.get_cache_key(request, app=ACCOUNT, action=action, rate=rate, key=key)
    return name
