"""
Signing in through an organization's own service ("organisationslogin"): whom it becomes here, and by which name.

An address that both the service and we have had proved is the same person, who is let in and connected. Where only one has,
whoever comes proves that the account is theirs by its password, and then connects the two (`views.organization`).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import redirect

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import forms as social
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess

from klimaspor import danish
from klimaspor.accounts import people
from klimaspor.accounts.entrance import Worded
from klimaspor.fields import LineField

if TYPE_CHECKING:
    from django.http import HttpRequest

    from allauth.socialaccount.models import SocialLogin

    from klimaspor.accounts.models import User

PENDING = "organization_pending"
"""In the session: who somebody is at their organization, until they have shown which account here is theirs."""
LONGEST_NAME = 150


class Adapter(DefaultSocialAccountAdapter):
    """What allauth asks of us about whoever comes from there."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": "Det login er allerede forbundet med en anden bruger. Skriv til klimaalliancen@kl.dk",
        "disconnect_last": "Du kan ikke fjerne det eneste, du logger på med",
        "email_taken": "Der er allerede en bruger med adressen. Log på med din adgangskode, og forbind de to",
        "invalid_token": "Det lykkedes ikke at logge på. Prøv igen",
        "no_password": "Vælg først en adgangskode, så du stadig kan logge på",
        "no_verified_email": "Bekræft først din mailadresse",
    }

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = name_of(data)
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        # Nobody is nameless: where the service says no name, the person does.
        return bool(sociallogin.user.name)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, email = found
        is_proved_here = EmailAddress.objects.filter(
            user=user, email__iexact=email, verified=True
        ).exists()
        return found if is_proved_here else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        if sociallogin.is_existing:
            _name_the_nameless(sociallogin)
            return
        emails = [address.email for address in sociallogin.email_addresses]
        if any(filter_users_by_email(email) for email in emails):
            request.session[PENDING] = {"login": sociallogin.serialize(), "came_at": time.time()}
            raise ImmediateHttpResponse(redirect("accounts:organization_connect"))


def name_of(data: dict[str, Any]) -> str:
    """Give the name the service says, as we keep names."""
    parts = (data.get("first_name"), data.get("last_name"))
    name = data.get("name") or " ".join(part for part in parts if part)
    return danish.one_line(str(name))[:LONGEST_NAME].strip()


def _name_the_nameless(sociallogin: SocialLogin) -> None:
    """Give somebody who came before names did theirs; a name they have chosen here stands."""
    user: User = sociallogin.user
    said = sociallogin.provider.extract_common_fields(sociallogin.account.extra_data)
    if not user.name and (name := name_of(said)):
        user.name = name
        user.save(update_fields=["name"])
        people.renamed(user)


class SignupForm(Worded, social.SignupForm):
    """What the service did not say of somebody new."""

    name = LineField(
        max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "email")


class DisconnectForm(social.DisconnectForm):
    """Which connection to remove."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.label = "Login, du har forbundet"
        field.error_messages["required"] = "Vælg det login, du vil fjerne"
