"""The secretariat's page of letters, and the demo's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.mail import outbox
from klimaspor.mail.forms import Filters
from klimaspor.mail.models import OutgoingMail
from klimaspor.mail.querysets import OutgoingMailQuerySet
from klimaspor.mail.standing import standing
from klimaspor.middleware import is_demo_here
from klimaspor.pages import Page, Press, PublicPage
from klimaspor.refusals import AlreadyDone

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs

# The word in the address, what the page calls it, and the question to the outbox.
STATES = {
    "paa-vej": ("På vej", OutgoingMailQuerySet.waiting),
    "afventer": ("Venter på bilag", OutgoingMailQuerySet.unreleased),
    "sendt": ("Sendt", OutgoingMailQuerySet.sent),
    "opgivet": ("Opgivet", OutgoingMailQuerySet.given_up),
}


def listed(page: Page, letters: OutgoingMailQuerySet) -> dict[str, Any]:
    """Give those of the letters that the address asks for, newest first, and the form that narrows them."""
    filters = Filters(page.request.GET, states=[(word, text) for word, (text, _) in STATES.items()])
    wanted = filters.cleaned_data if filters.is_valid() else {}
    mails = letters.to_address(wanted.get("modtager", ""))
    if wanted.get("tilstand"):
        mails = STATES[wanted["tilstand"]][1](mails)
    return {"form": filters, "mails": page.rows(mails.newest_first())}


class SecretariatPage(Page):
    """Refuses everybody else; the user says who that is, since accounts stands above mail."""

    def admit(self) -> None:
        if not self.user.is_secretariat:
            raise PermissionDenied("Kun sekretariatet kan se udsendte breve.")

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        return [("/", "Forside"), (reverse("accounts:administration"), "Administration"), *more]


class Letters(SecretariatPage):
    """Letters by address and state."""

    template_name = "outbox/letters.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **listed(self, OutgoingMail.objects.all()),
            "breadcrumbs": self.crumbs((None, "Breve")),
            "standing": standing(at=self.at),
        }


class Letter(SecretariatPage):
    template_name = "outbox/letter.html"

    def load(self) -> None:
        letters = OutgoingMail.objects.prefetch_related("attachments")
        self.mail = get_object_or_404(letters, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "mail": self.mail,
            # Who may read about what, the rooms above know: of a draft nobody opened, or in which one is not impartial,
            # the secretariat sees that there is a letter, and not what it says.
            "may_read": self.user.has_perm("mail.read_letter", self.mail),
            "breadcrumbs": self.crumbs(
                (reverse("mail:letters"), "Breve"), (None, self.mail.subject)
            ),
        }


class TryAgain(Press, SecretariatPage):
    """Sends a letter that was given up once more."""

    http_method_names = ["post"]

    def load(self) -> None:
        self.mail = get_object_or_404(OutgoingMail, pk=self.kwargs["pk"])

    def act(self) -> str:
        if not outbox.try_again(self.mail):
            raise AlreadyDone(
                f"Brevet til {self.mail.recipient} er ikke opgivet, så det sendes ikke igen."
            )
        return f"Brevet til {self.mail.recipient} sendes igen om et øjeblik."

    def back(self) -> str:
        return reverse("mail:letter", args=[self.mail.pk])


class TryAllAgain(Press, SecretariatPage):
    """Sends every letter that was given up once more."""

    http_method_names = ["post"]

    def act(self) -> str:
        count = outbox.try_all_again()
        if not count:
            raise AlreadyDone("Ingen breve er opgivet. De, der venter, prøves igen om et øjeblik.")
        return f"{danish.count_text(count, 'brev', 'breve')} sendes igen om et øjeblik."

    def back(self) -> str:
        return reverse("mail:letters")


class DemoLetters(PublicPage):
    """All that would have been sent, links and all: in the demo nobody has a mailbox."""

    template_name = "outbox/demo_letters.html"

    def admit(self) -> None:
        if not is_demo_here(self.request):
            raise Http404

    def context(self) -> dict[str, Any]:
        letters = OutgoingMail.objects.prefetch_related("attachments")
        return {**super().context(), **listed(self, letters)}
