"""The pages where somebody changes the address they sign in with: allauth's, which would be silent where no letter was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages

from allauth.account.views import EmailView

from klimaspor.accounts.entrance import note_letter

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Address(EmailView):  # type: ignore[misc]  # allauth is untyped
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        is_asked_for = {"action_add", "action_send"} & set(request.POST)
        if is_asked_for and response.status_code == 302 and self._is_done(response):
            email = request.POST.get("email", "")
            if next_at := note_letter(email):
                messages.warning(
                    request,
                    f"Vi har lige sendt et brev til {email}, så denne gang sendte vi ikke et nyt. Det næste kan sendes {next_at}.",
                )
        return response

    def _is_done(self, response: HttpResponse) -> bool:
        """Say whether it led back here, and not to the password once more."""
        return response["Location"] == str(self.get_success_url())


class OtherAddress(Address):
    """Another new address while one waits to be confirmed, whose page has buttons of its own."""

    template_name = "account/other_email.html"
