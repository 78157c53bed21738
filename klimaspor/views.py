"""Pages that belong to no room: whether the portal is well, what it promises, and what it says when it can't."""

import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

import structlog

from klimaspor import away, scanner, sweeps, unsent
from klimaspor.mail import standing
from klimaspor.pages import TurnedAway

log = structlog.get_logger(__name__)

STATED = date(2026, 11, 28)
"""When templates/was.html was written or last gone through, which the law asks for once a year."""
ASSESSED = date(2026, 11, 28)
"""When the portal was last held against the standard."""

SECURITY_EXPIRES = timedelta(days=180)
"""Less than the year that is the most."""


@never_cache
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the portal is ready, and which part is not. For machines, and for the person on duty."""
    now = timezone.now()
    parts = {"database": _database_is_ready(), "kø": sweeps.broker_answers()}
    # What stands in a database that is away nobody knows, and to ask again is to wait again.
    late = _overdue(now) if parts["database"] else list(settings.SWEEPS)
    parts["gennemløb"] = not late
    parts["filer"] = away.storage_answers()
    ready = all(parts.values())
    # Letters wait as well, and people go on.
    parts["mail"] = parts["database"] and _mail_is_ready(now)
    if scanner.is_set():
        # Files wait for it, and everything else goes on: no reason to send people elsewhere.
        parts["virusscanner"] = scanner.answers()
    body = {
        "klar": ready,
        "version": settings.VERSION,
        "dele": {name: "klar" if holds else "ikke klar" for name, holds in parts.items()},
        "forsinket": late,
    }
    return JsonResponse(
        body, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False}
    )


def _database_is_ready() -> bool:
    """Answers, and has had every migration."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        log.warning("database_not_ready", error=str(error))
        return False


def _mail_is_ready(at: datetime) -> bool:
    try:
        return standing.standing(at=at).still_since is None and standing.server_answers()
    except Error as error:
        log.warning("mail_not_known", error=str(error))
        return False


def _overdue(at: datetime) -> list[str]:
    """Give the sweeps that do not come by; all of them, where nobody knows."""
    try:
        return sweeps.overdue(at=at)
    except Error as error:
        log.warning("sweeps_not_known", error=str(error))
        return list(settings.SWEEPS)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """Lead to the statement where the law wants it; until it is there, say here what it is to say."""
    if settings.ACCESSIBILITY_STATEMENT_URL:
        return redirect(settings.ACCESSIBILITY_STATEMENT_URL)
    context = {"address": settings.BASE_URL, "stated": STATED, "assessed": ASSESSED}
    return render(request, "was.html", context)


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privatliv.html")


@login_not_required
def security(request: HttpRequest) -> HttpResponse:
    """Say where to write of a hole, as RFC 9116 has it; never so old that nobody may trust it."""
    expires = (timezone.now() + SECURITY_EXPIRES).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.BASE_URL}{request.path}",
    )
    return HttpResponse(
        "".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8"
    )


@requires_csrf_token
@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TurnedAway):
        return render(request, exception.template_name, exception.context, status=403)
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


@requires_csrf_token
@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Never says why: what does not exist and what is not yours look the same.
    return render(request, "404.html", status=404)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Without the request: what is wrong with it may come again when it is read.
    return HttpResponse(render_to_string("400.html"), status=400)


@requires_csrf_token
@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request no context processor asks the database that may be what failed.
    if part := away.part_of(sys.exception()):
        return _unavailable(request, part)
    return HttpResponse(render_to_string("500.html"), status=500)


RETRY_SECONDS = 30
MOST_SENT_AGAIN = 2 * 1024 * 1024
"""Characters that a page can carry back."""


def _unavailable(request: HttpRequest, part: away.Part) -> HttpResponse:
    """Say that something we stand on is away, and carry what was sent so that it can be sent again."""
    context: dict[str, Any] = {
        "part": part.value,
        "path": request.get_full_path() if request.method in {"GET", "POST"} else "",
        "is_post": request.method == "POST",
        "typed": _sent_by(request),
        "has_files": bool(request.method == "POST" and _read(request, "FILES")),
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def _sent_by(request: HttpRequest) -> list[tuple[str, str]]:
    """Give what was typed, its token too; nothing where a password is among it, which no page shows."""
    if request.method != "POST":
        return []
    sent = _read(request, "POST")
    typed = [(name, value) for name, values in sent.lists() for value in values] if sent else []
    if any("password" in name for name, _ in typed):
        return []
    return typed if sum(len(value) for _, value in typed) <= MOST_SENT_AGAIN else []


def _read(request: HttpRequest, name: str) -> Any:
    """Give the fields or the files of a body, which may be none that can be read."""
    try:
        return getattr(request, name)
    except (UnreadablePostError, SuspiciousOperation, MultiPartParserError):
        return None


@requires_csrf_token
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf_refused", reason=reason)
    # The slip proves that the page was ours and the writer's own, even when the token has grown old.
    is_own = request.method == "POST" and not unsent.is_anothers(request)
    is_kept = is_own and unsent.keep(request)
    return render(request, "403_csrf.html", {"is_kept": is_kept}, status=403)
