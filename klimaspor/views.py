"""Pages that belong to no room: whether the portal is well, what it promises, and what it says when it can't."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

import structlog

from klimaspor import scanner, sweeps, unsent
from klimaspor.pages import TurnedAway

log = structlog.get_logger(__name__)

# The outbox is visited every half minute, so this much silence means that nobody is working.
LONGEST_SILENCE = timedelta(minutes=10)
SECURITY_EXPIRES = timedelta(days=180)
"""Less than the year that is the most."""


@never_cache
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the portal is ready, and which part is not. For machines, and for the person on duty."""
    parts = {"database": _database_is_ready(), "kø": sweeps.broker_answers()}
    parts["gennemløb"] = parts["kø"] and _sweeps_come_by(timezone.now())
    ready = all(parts.values())
    if scanner.is_set():
        # Files wait for it, and everything else goes on: no reason to send people elsewhere.
        parts["virusscanner"] = scanner.answers()
    body = {
        "klar": ready,
        "version": settings.VERSION,
        "dele": {name: "klar" if holds else "ikke klar" for name, holds in parts.items()},
    }
    return JsonResponse(
        body, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False}
    )


def _database_is_ready() -> bool:
    """Answers, and has had every migration."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        log.warning("database_not_ready", error=str(error))
        return False


def _sweeps_come_by(at: datetime) -> bool:
    # Never is a portal that has just been started, where the first visit is on its way.
    try:
        last = sweeps.last_visit("mail.tasks.deliver")
    except DatabaseError as error:
        log.warning("sweeps_not_known", error=str(error))
        return False
    return last is None or at - last < LONGEST_SILENCE


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "was.html")


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
    return HttpResponse(render_to_string("500.html"), status=500)


@requires_csrf_token
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf_refused", reason=reason)
    # The slip proves that the page was ours and the writer's own, even when the token has grown old.
    is_own = request.method == "POST" and not unsent.is_anothers(request)
    is_kept = is_own and unsent.keep(request)
    return render(request, "403_csrf.html", {"is_kept": is_kept}, status=403)
