"""Signing up and in, in our own words: allauth's forms with Danish labels, and messages that say what to do."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from allauth.account import forms as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from klimaspor import danish
from klimaspor.accounts import attempts, idleness
from klimaspor.accounts.models import User
from klimaspor.fields import AddressField, LineField

NOT_AN_ADDRESS = "Indtast mailadressen som navn@eksempel.dk"

# The label of each field, and what its message says when it is left empty.
WORDS = {
    "name": ("Dit navn", "Indtast dit navn"),
    "login": ("Mailadresse", "Indtast din mailadresse"),
    "email": ("Mailadresse", "Indtast din mailadresse"),
    "password": ("Adgangskode", "Indtast din adgangskode"),
    "oldpassword": ("Den adgangskode, du har nu", "Indtast den adgangskode, du har nu"),
    "password1": ("Ny adgangskode", "Vælg en adgangskode på mindst 12 tegn"),
    "password2": ("Adgangskoden igen", "Indtast adgangskoden igen"),
    "remember": ("Bliv logget på", ""),
    "code": ("Kode", "Indtast koden"),
}
GUIDANCE = {
    "password1": "Mindst 12 tegn. Brug for eksempel fire ord, der ikke hører sammen.",
    "remember": "Kun på en computer, som andre ikke bruger.",
}


LETTER = "account_letter"
"""What the session knows of the last letter that was asked for here: that it was sent, or when the next can be."""
ASKED_FOR = frozenset(
    {
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "password_reset_key",
        "unknown_account",
    }
)
"""Letters that a page says are sent; the others tell of what has been done."""


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us: the words of its refusals, and where a name belongs."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Brugeren er lukket. Skriv til klimaalliancen@kl.dk, hvis det er en fejl",
        "cannot_remove_primary_email": "Du kan ikke fjerne den adresse, du logger på med",
        "duplicate_email": "Adressen hører allerede til din bruger. Indtast en anden",
        "email_password_mismatch": "Mailadresse og adgangskode passer ikke sammen. Prøv igen, eller vælg en ny adgangskode",
        "email_taken": "Der er allerede en bruger med adressen. Log på i stedet",
        "enter_current_password": "Den adgangskode, du har nu, er en anden. Prøv igen",
        "incorrect_code": "Koden er forkert. Indtast den, appen viser nu",
        "incorrect_password": "Adgangskoden er forkert. Prøv igen",
        "invalid_or_expired_key": "Linket er for gammelt, eller det er brugt. Bed om et nyt",
        "invalid_login": "Du kan ikke logge på med det. Prøv igen",
        "invalid_password_reset": "Linket er for gammelt, eller det er brugt. Bed om et nyt",
        "max_email_addresses": "Du kan højst have %d adresser",
        "rate_limited": "Vent lidt, og prøv igen",
        "same_as_current": "Det er den, du har nu. Vælg en anden",
        "too_many_login_attempts": "Der er prøvet for mange gange. Vent nogle minutter, og prøv igen",
        "unknown_email": "Der er ingen bruger med adressen. Se, om den er skrevet rigtigt",
        "unverified_primary_email": "Bekræft først den nye adresse: følg linket i det brev, vi har sendt",
    }

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: forms.Form,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's signature
    ) -> User:
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.counted = attempts.count(request, credentials["email"])
        if self.counted is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        # The right password counts for nothing.
        for usage in self.counted or ():
            usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        attempts.forget(request, credentials["email"])

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.pop(idleness.ENDED, None)
        idleness.note(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, context)
        if template_prefix.rpartition("/")[2] in ASKED_FOR:
            current.request.session[LETTER] = {"is_sent": True}
            current.request.sent_letter = True

    def respond_email_verification_sent(
        self, request: HttpRequest, user: User | None
    ) -> HttpResponse:
        """Lead to the page that says whether a letter was sent, which it only does every few minutes."""
        email = user.email if user else request.POST.get("email", "")
        note_letter(email)
        response: HttpResponse = super().respond_email_verification_sent(request, user)
        return response


def note_letter(email: str) -> str:
    """Let the session know when the next letter can be sent, where none was now; give the moment as people read it."""
    # A view may have been handed what was posted before the password was asked for once more.
    request = current.request
    if getattr(request, "sent_letter", False):
        return ""
    # Whole minutes are shown, and it is not possible before.
    moment = attempts.next_letter_at(request, email) + timedelta(seconds=59)
    request.session[LETTER] = {"next_at": danish.datetime_text(moment)}
    return danish.datetime_text(moment)


class MfaAdapter(DefaultMFAAdapter):
    """The same for the second step of signing in."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": "Slå først koder fra en app til",
        "incorrect_code": Adapter.error_messages["incorrect_code"],
        "unverified_email": "Bekræft først din mailadresse: følg linket i det brev, vi har sendt",
    }


class Worded:
    """Gives the fields of a form their words, and takes away what only allauth's own pages need."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.EmailField):
                # allauth's own, read as every other address.
                field.__class__ = AddressField
                field.error_messages["invalid"] = NOT_AN_ADDRESS
            if name in WORDS:
                field.label, field.error_messages["required"] = WORDS[name]
                field.help_text = GUIDANCE.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignupForm(Worded, account.SignupForm):
    """Anyone may sign up; whom they act for is said afterwards."""

    name = LineField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # There is no old one.
        self.fields["password1"].label = "Adgangskode"

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # A new one's password is hashed, which takes long enough to tell by the clock who is there already.
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved


class LoginForm(Worded, account.LoginForm):
    """E-mail and password."""


class AddEmailForm(Worded, account.AddEmailForm):
    """The address to change to."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """The old password, and the new one twice."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password, for somebody who came through an organization's own sign-in."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Where to send the link."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """The new password twice, behind the link."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password once more."""


class CodeForm(Worded, mfa.AuthenticateForm):
    """A code from the app, or a recovery code."""


class CodeAgainForm(Worded, mfa.ReauthenticateForm):
    """The same once more."""


class ActivateAppForm(Worded, totp.ActivateTOTPForm):
    """The first code, which proves that the app has the key."""
