"""
What happens to every request: the moment of receipt, the log line, and the headers that keep pages private.

The Content-Security-Policy is one constant in the settings, sent from here: Django 5.2 has none built in, and it
needs no package.
"""

import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import get_callable
from django.utils import timezone
from django.utils.cache import patch_cache_control

import structlog

from klimaspor import danish, tracing, unsent

log = structlog.get_logger(__name__)

Next = Callable[[HttpRequest], HttpResponse]

# A stamp further from our own clock than this is a mistake, not a queue.
LONGEST_QUEUE = timedelta(minutes=10)


def received(get_response: Next) -> Next:
    """Stamp `request.received_at`: what counts for a deadline is when we got it, not when we were done reading."""

    def middleware(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        stamped = None
        if settings.TRUST_REQUEST_START:
            stamped = _stamped_by_proxy(request.headers.get("X-Request-Start", ""))
        in_order = stamped is not None and now - LONGEST_QUEUE <= stamped <= now
        request.received_at = stamped if in_order else now  # type: ignore[attr-defined]  # this is where it gets it
        return get_response(request)

    return middleware


def _stamped_by_proxy(header: str) -> datetime | None:
    """Read "t=1713164400.123" in seconds, or the same in milliseconds or microseconds."""
    try:
        number = float(header.removeprefix("t="))
        for unit in (1, 1_000, 1_000_000):
            # A number of seconds this large lies far in the future.
            if number / unit < 1e11:
                return datetime.fromtimestamp(number / unit, tz=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def logged(get_response: Next) -> Next:
    """Give the request an id that every line about it carries, and write one line when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = tracing.begin(
            request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        )
        started = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith(("/static/", HEALTH)):
            log.info(
                "request",
                method=request.method,
                path=_told(request.path),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000),
                user=_writer(request, response),
            )
        tracing.end()
        return response

    return middleware


def _writer(request: HttpRequest, response: HttpResponse) -> int | None:
    """Give who asked, where that is known."""
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    user = getattr(request, "user", None)
    return user.pk if user else None


HEALTH = "/sundhed/"


def asked_by_nobody(get_response: Next) -> Next:
    """
    Let whoever asks how the portal is be nobody: who they are stands in the database that may be away.

    A probe calls us by whatever address it has, which is no reason for an error in the log.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == HEALTH:
            request.COOKIES = {}
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc
        return get_response(request)

    return middleware


LONGEST_PARAMETER = 4096
"""No address that our own web server takes is longer."""


def readable(get_response: Next) -> Next:
    """
    Give every parameter of an address as it can be seen (`danish.seen`), whoever asks for it.

    No page, filter, paginator or package then meets a sign that the database cannot take or a reader cannot see. An address
    with one in its path is nobody's.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if request.META.get("QUERY_STRING"):
            asked = QueryDict(mutable=True)
            for name, values in request.GET.lists():
                tidy = [danish.seen(value[:LONGEST_PARAMETER]) for value in values]
                asked.setlist(danish.seen(name), tidy)
            # It answers as one that came: nobody changes it.
            request.GET = QueryDict(asked.urlencode())
        return get_response(request)

    return middleware


def unsent_kept(get_response: Next) -> Next:
    """Keep what is posted by somebody whose session has ended, before they are sent to sign in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            unsent.keep(request)
        return get_response(request)

    return middleware


def own_pages(get_response: Next) -> Next:
    """Refuse what comes from a page of somebody who has left, before it is taken for the next person's in that browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not unsent.is_anothers(request):
            return get_response(request)
        if not request.accepts("text/html"):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        refused: HttpResponse = get_callable(settings.CSRF_FAILURE_VIEW)(
            request, reason="The page was made for somebody else."
        )
        return refused

    return middleware


# What comes after these opens something, and a log is read by many.
SECRET_PATHS = ("/invitation/", "/konto/bekraeft-e-mail/", "/konto/adgangskode/ny/")


def _told(path: str) -> str:
    """Return the address as the log may have it."""
    return next((f"{start}…" for start in SECRET_PATHS if path.startswith(start)), path)


# Whoever speaks for somebody else is not on this machine.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def is_demo_here(request: HttpRequest) -> bool:
    """Say whether this is the demo, which answers only this very machine: there anybody may sign in as anybody."""
    if settings.PRODUCTION or not settings.DEMO or settings.TRUSTED_PROXIES:
        return False
    if any(name in request.headers for name in FORWARDED):
        return False
    return _is_loopback(settings.BIND) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def content_security_policy(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response

    return middleware


def private(get_response: Next) -> Next:
    """Keep what a signed-in person saw out of every cache, also the browser's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # What is kept out already asks nobody who reads it, which where the database is away cannot be known.
        if "Cache-Control" not in response and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
