"""The page an invitation leads to. Opening it changes nothing, since mail programs open every link by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from klimaspor import danish
from klimaspor.accounts import invitations, links
from klimaspor.pages import PublicPage
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

GONE = 410
FORBIDDEN = 403
NOT_FOUND = 404


@method_decorator(never_cache, name="dispatch")
class Invitation(PublicPage):
    """What is offered, and to whom; the button accepts."""

    template_name = "accounts/invitation.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            offered = invitations.look_up(self.kwargs["token"], at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        here = {"next": request.path}
        email = offered[0].email
        is_theirs = request.user.is_authenticated and links.is_theirs(offered[0], self.user)
        return self.show(
            offered=offered,
            email=email,
            expires_at=offered[0].expires_at,
            is_theirs=is_theirs,
            may_want=offered[0].sent_by is not None,
            is_wanted=offered[0].wanted_by_id == request.user.pk,
            login_url=f"{reverse('account_login')}?{urlencode(here)}",
            signup_url=f"{reverse('account_signup')}?{urlencode({**here, 'email': email})}",
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if request.POST.get("do") == "want":
            return self.want()
        try:
            given = invitations.accept(token=self.kwargs["token"], by=self.user, at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        roles = danish.join_text([str(membership) for membership in given])
        messages.success(
            request, f"Du har nu rollen {roles}. Her på forsiden ser du, hvad der venter på dig."
        )
        return redirect("/")

    def want(self) -> HttpResponse:
        """Ask for it to be sent to the address the reader is signed in with; the page then says so."""
        try:
            invitations.want(token=self.kwargs["token"], by=self.user, at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect(self.request.path)

    def refuse(self, refusal: Refused) -> HttpResponse:
        if (
            isinstance(refusal, links.AlreadyAccepted)
            and self.request.user.is_authenticated
            and refusal.invitation.accepted_by == self.user
        ):
            # Pressed twice.
            messages.info(self.request, "Du har allerede taget imod invitationen.")
            return redirect("/")
        status = GONE
        if isinstance(refusal, links.Unknown):
            status = NOT_FOUND
        elif isinstance(refusal, links.WrongAddress):
            status = FORBIDDEN
        return self.show(refusal=str(refusal), status=status)
