"""What a request knows about the person who makes it."""

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from klimaspor.accounts.models import User


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
