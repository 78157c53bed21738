"""The secretariat's page of letters, and the demo's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.mail import outbox, reading
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

UNREADABLE = "Brev om et forslag, du ikke kan læse"


def listed(page: Page, letters: OutgoingMailQuerySet) -> dict[str, Any]:
    """Give those of the letters that the address asks for, newest first, and the form that narrows them."""
    filters = Filters(page.request.GET, states=[(word, text) for word, (text, _) in STATES.items()])
    wanted = filters.cleaned_data if filters.is_valid() else {}
    mails = letters
    if wanted.get("modtager"):
        mails = mails.readable().to_address(wanted["modtager"])
    if wanted.get("tilstand"):
        mails = STATES[wanted["tilstand"]][1](mails)
    return {"form": filters, "mails": page.rows(mails.newest_first())}


class SecretariatPage(Page):
    """
    Refuses everybody else; the user says who that is, since accounts stands above mail.

    Of a draft nobody opened, or in which one is not impartial, the secretariat sees that there is a letter, and nothing of it.
    """

    def admit(self) -> None:
        if not self.user.is_secretariat:
            raise PermissionDenied("Kun sekretariatet kan se udsendte breve.")

    @property
    def letters(self) -> OutgoingMailQuerySet:
        return reading.for_reader(OutgoingMail.objects.all(), self.user, at=self.at)

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        return [("/", "Forside"), (reverse("accounts:administration"), "Administration"), *more]


class Letters(SecretariatPage):
    """Letters by address and state."""

    template_name = "outbox/letters.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            **listed(self, self.letters),
            "breadcrumbs": self.crumbs((None, "Breve")),
            "unreadable": UNREADABLE,
            "standing": standing(at=self.at),
        }


class Letter(SecretariatPage):
    template_name = "outbox/letter.html"

    def load(self) -> None:
        letters = self.letters.prefetch_related("attachments")
        self.mail = get_object_or_404(letters, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "mail": self.mail,
            "breadcrumbs": self.crumbs(
                (reverse("mail:letters"), "Breve"),
                (None, self.mail.subject if self.mail.is_readable else UNREADABLE),  # type: ignore[attr-defined]  # for_reader gives it
            ),
            "unreadable": UNREADABLE,
        }


class TryAgain(Press, SecretariatPage):
    """Sends a letter that was given up once more."""

    http_method_names = ["post"]

    def load(self) -> None:
        self.mail = get_object_or_404(OutgoingMail, pk=self.kwargs["pk"])

    def act(self) -> str:
        if not outbox.try_again(self.mail):
            raise AlreadyDone("Brevet er ikke opgivet, så det sendes ikke igen.")
        return "Brevet sendes igen om et øjeblik."

    def back(self) -> str:
        return reverse("mail:letter", args=[self.mail.pk])


class TryAllAgain(Press, SecretariatPage):
    """Sends every letter that was given up once more."""

    http_method_names = ["post"]

    def act(self) -> str:
        count = outbox.try_all_again()
        if not count:
            raise AlreadyDone("Ingen breve er opgivet. Dem, der venter, prøves igen om et øjeblik.")
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
        # Here everybody opens everybody's letters, as they would in their own mailboxes.
        letters = OutgoingMail.objects.annotate(is_readable=Value(value=True))
        return {
            **super().context(),
            **listed(self, letters.prefetch_related("attachments")),
        }
