"""The secretariat's page of letters, and the demo's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, ListView, View

from klimaspor.mail import outbox
from klimaspor.mail.forms import Filters
from klimaspor.mail.models import OutgoingMail
from klimaspor.mail.querysets import OutgoingMailQuerySet
from klimaspor.middleware import is_demo_here
from klimaspor.paging import Paginator

PAGE_SIZE = 25

# The word in the address, what the page calls it, and the question to the outbox.
STATES = {
    "paa-vej": ("På vej", OutgoingMailQuerySet.waiting),
    "afventer": ("Venter på bilag", OutgoingMailQuerySet.held),
    "sendt": ("Sendt", OutgoingMailQuerySet.sent),
    "opgivet": ("Opgivet", OutgoingMailQuerySet.given_up),
}


def _above() -> list[tuple[str, str]]:
    return [("/", "Forside"), (reverse("accounts:administration"), "Administration")]


class SecretariatOnly(View):
    """Refuses everybody else; the user says who that is, since accounts stands above mail."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not request.user.is_secretariat:
            raise PermissionDenied("Kun sekretariatet kan se udsendte breve.")


class LetterList(ListView):
    """Letters by address and state, newest first."""

    paginate_by = PAGE_SIZE
    paginator_class = Paginator
    context_object_name = "mails"

    def get_queryset(self) -> OutgoingMailQuerySet:
        self.filters = Filters(
            self.request.GET, states=[(word, text) for word, (text, _) in STATES.items()]
        )
        wanted = self.filters.cleaned_data if self.filters.is_valid() else {}
        mails = OutgoingMail.objects.to_address(wanted.get("modtager", ""))
        if wanted.get("tilstand"):
            mails = STATES[wanted["tilstand"]][1](mails)
        return mails.newest_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, filters=self.filters)


class Letters(SecretariatOnly, LetterList):
    template_name = "outbox/letters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=[*_above(), (None, "Breve")])


class Letter(SecretariatOnly, DetailView):
    template_name = "outbox/letter.html"
    context_object_name = "mail"
    queryset = OutgoingMail.objects.prefetch_related("attachments")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Who may read about what, the rooms above know: of a draft nobody opened, or in which one is not impartial,
        # the secretariat sees that there is a letter, and not what it says.
        may_read = self.request.user.has_perm("mail.read_letter", self.object)
        here = [*_above(), (reverse("mail:letters"), "Breve"), (None, self.object.subject)]
        return super().get_context_data(**kwargs, may_read=may_read, breadcrumbs=here)


class TryAgain(SecretariatOnly):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = get_object_or_404(OutgoingMail, pk=pk)
        if outbox.try_again(mail):
            messages.success(request, f"Brevet til {mail.recipient} sendes igen om et øjeblik.")
        else:
            messages.info(
                request, f"Brevet til {mail.recipient} er ikke opgivet, så det sendes ikke igen."
            )
        return redirect("mail:letter", pk=mail.pk)


@method_decorator(login_not_required, name="dispatch")
class DemoLetters(LetterList):
    """All that would have been sent, links and all: in the demo nobody has a mailbox."""

    template_name = "outbox/demo_letters.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not is_demo_here(request):
            raise Http404

    def get_queryset(self) -> OutgoingMailQuerySet:
        return super().get_queryset().prefetch_related("attachments")
