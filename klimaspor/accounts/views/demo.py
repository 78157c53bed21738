"""One-press sign-in for the people of the demo, who do not exist. Only here, on this very machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from klimaspor.accounts.models import Role, User
from klimaspor.middleware import is_demo_here
from klimaspor.pages import PublicPage

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


class DemoOnly(PublicPage):
    """Not there at all outside the demo."""

    def admit(self) -> None:
        if not is_demo_here(self.request):
            raise Http404


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


class DemoSignIn(DemoOnly):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("accounts:demo")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = get_object_or_404(User.objects.demo().active(), pk=self.kwargs["pk"])
        login(request, person, backend=BACKEND)
        return redirect("/")
