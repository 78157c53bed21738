"""What a request knows about the person who makes it, and what they must do before anything else."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from klimaspor import unsent
from klimaspor.accounts import idleness, people
from klimaspor.accounts.models import User

WAITS_FOR_TWO_STEPS = "waits_for_two_steps"
"""The page somebody was on the way to, in the session, until they have set up the second step."""

# What it takes to set it up, and to leave.
OPEN_BEFORE = frozenset(
    {
        "accessibility",
        "account_confirm_email",
        "account_email",
        "account_email_verification_sent",
        "account_logout",
        "account_reauthenticate",
        "accounts:demo",
        "accounts:demo_sign_in",
        "accounts:other_email",
        "accounts:stay",
        "health",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "privacy",
    }
)


def clocked(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the person when the request was received, so that `user.duties` are those of that moment."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Still lazy: a page for everybody asks nobody who they are.
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]  # that is how Django does it too
        return get_response(request)

    return middleware


def _person(request: HttpRequest) -> User | AnonymousUser:
    person: User | AnonymousUser = get_user(request)
    if isinstance(person, User):
        person.clock = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
    return person


def idle_signed_out(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Sign out staff of whom there was no sign for a working day, before anything takes what they ask for as theirs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.STAFF_IDLE_MINUTES and isinstance(request.user, User):
            silence = idleness.silence(request, request.user)
            if silence > idleness.limit() + idleness.COARSE and request.user.duties.is_staff:
                logout(request)
                request.session[idleness.ENDED] = idleness.limit_text()
            elif silence > idleness.COARSE:
                idleness.note(request)
        return get_response(request)

    return middleware


def two_steps(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead those whose role asks for two steps, and who have set up but one, to do so, and let them do nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _lacks_second_step(request.user):
            return get_response(request)
        # The page says why, and shows no menu.
        request.must_set_up_two_steps = True  # type: ignore[attr-defined]  # templates and menu read it
        if _is_open_before(request.path_info):
            return get_response(request)
        if request.method == "POST":
            unsent.keep(request)
            if not request.accepts("text/html"):
                return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        else:
            request.session[WAITS_FOR_TWO_STEPS] = request.get_full_path()
        return redirect("mfa_index")

    return middleware


def _lacks_second_step(person: User | AnonymousUser) -> bool:
    if not settings.TWO_STEP_ROLES or not isinstance(person, User):
        return False
    return bool(
        settings.TWO_STEP_ROLES & person.duties.staff_roles
    ) and not people.signs_in_in_two_steps(person)


def _is_open_before(path: str) -> bool:
    try:
        return resolve(path).view_name in OPEN_BEFORE
    except Resolver404:
        # There is nothing to keep from anybody.
        return True
