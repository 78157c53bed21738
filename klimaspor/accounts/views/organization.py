"""The way to an organization's own service and back to the account that is theirs here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.internal.flows.connect import connect
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views as oidc
from requests import RequestException

from klimaspor.accounts.organization import PENDING
from klimaspor.pages import PublicPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_not_required
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """
    Show a page that goes on to the service, in place of a redirect to it.

    A browser holds what a form leads to, each redirect of it too, to the content policy's `form-action`; and a service may
    send people on to hosts that nobody here knows.
    """
    try:
        response: HttpResponse = oidc.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=503)
    if response.status_code != 302:
        return response
    return render(
        request,
        "socialaccount/leaving.html",
        {"url": response.headers["Location"], "service": settings.OIDC_NAME},
    )


class Connect(PublicPage):
    """Where somebody comes whose address at the organization already has an account here."""

    template_name = "socialaccount/connect.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        login = pending(request)
        if login is None:
            is_in = request.user.is_authenticated
            return redirect("accounts:profile" if is_in else "account_login")
        return self.show(
            email=login.email_addresses[0].email,
            service=settings.OIDC_NAME,
            login_url=f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        login = pending(request)
        if login is None:
            return redirect("accounts:profile")
        is_theirs = has_shown_password(request)
        del request.session[PENDING]
        # What the service was asked for was to sign in; where one goes on to is said here.
        login.state = {}
        if not is_theirs:
            asked: HttpResponse = connect(request, login)
            return asked
        login.connect(request, self.user)
        messages.success(
            request,
            f"Din bruger er forbundet. Næste gang kan du logge på med {settings.OIDC_NAME}.",
        )
        return redirect("/")


def pending(request: HttpRequest) -> Any:
    """Give who somebody is at their organization, as long as they have not shown which account here is theirs."""
    kept = request.session.get(PENDING)
    return SocialLogin.deserialize(kept["login"]) if kept else None


def has_shown_password(request: HttpRequest) -> bool:
    """Say whether the person has given the account's password since they came back from their organization."""
    since = request.session[PENDING]["came_at"]
    return any(
        record["method"] == "password" and record["at"] >= since
        for record in get_authentication_records(request, request.user)
    )
