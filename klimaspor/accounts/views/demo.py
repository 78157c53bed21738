"""One-press sign-in for the people of the demo, who do not exist. Only here, on this very machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator

from klimaspor.accounts.models import Role, User
from klimaspor.accounts.views.pages import Page
from klimaspor.middleware import is_demo_here

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GROUPS = (
    ("Forslagsstillere", Role.MEMBER),
    ("DGO-rådgivere", Role.DGO_ADVISER),
    ("Sekretariatet", Role.SECRETARIAT),
    ("Forretningsudvalget", Role.COMMITTEE),
    ("Bidragydere", Role.FUNDER),
    ("Systemadministratorer", Role.ADMINISTRATOR),
)


class DemoOnly(Page):
    """Not there at all outside the demo."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not is_demo_here(request):
            raise Http404


@method_decorator(login_not_required, name="dispatch")
class DemoPeople(DemoOnly):
    """The made-up people by role, each with a button."""

    template_name = "accounts/demo.html"

    def context(self) -> dict[str, Any]:
        there = list(User.objects.demo().active().with_memberships(at=self.at).by_name())
        return {
            "has_people": bool(there),
            "groups": [
                (
                    title,
                    [
                        person
                        for person in there
                        if any(held.role == role for held in person.current_memberships)
                    ],
                )
                for title, role in GROUPS
            ],
        }


@method_decorator(login_not_required, name="dispatch")
class DemoSignIn(DemoOnly):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("accounts:demo")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = get_object_or_404(User.objects.demo().active(), pk=self.kwargs["pk"])
        login(request, person, backend=BACKEND)
        return redirect("/")
