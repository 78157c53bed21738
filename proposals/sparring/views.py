"""Sparring: a comment, an answer, and the buttons that open, close and settle; and the DGOs for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Organization
from klimaspor.pages import FormPage, Press, PublicPage, searched
from proposals.answers import privacy
from proposals.line.addresses import sparring_address
from proposals.line.pages import ProposalPage
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm
from proposals.sparring.pages import answer_prefix, thread_shown

if TYPE_CHECKING:
    from django.http import HttpResponse

    from proposals.sparring.models import Advice


class _Writing(FormPage, ProposalPage):
    """A page of its own for a comment or an answer: shown when it could not be sent from where it was written."""

    template_name = "proposals/sparring/comment.html"
    makes = True
    permission = "proposals.comment"

    def success_url(self) -> str:
        return f"{sparring_address(self.proposal.number)}#kommentar-{self.thread_pk}"

    thread_pk: int = 0

    def written_at(self) -> str:
        return sparring_address(self.proposal.number)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "readers": advice.readers(self.proposal, at=self.at),
            "cancel": sparring_address(self.proposal.number),
        }

    def warn_of_cpr(self, form: Any) -> None:
        if danish.has_cpr_number(form.cleaned_data["text"]):
            messages.warning(self.request, privacy.COMMENT_WARNING)

    def sent_text(self) -> str:
        readers = advice.readers(self.proposal, at=self.at)
        return (
            f"Det er sendt. {danish.join_text(readers)} kan læse det."
            if readers
            else "Det er sendt."
        )


class Comment(_Writing):
    heading = "Skriv en kommentar"
    button = "Send kommentar"

    def form(self, data: Any = None) -> CommentForm:
        return CommentForm(data)

    def act(self, form: CommentForm) -> str:
        row = advice.comment(
            proposal_pk=self.proposal.pk,
            section=form.cleaned_data["section"],
            text=form.cleaned_data["text"],
            by=self.user,
            at=self.at,
        )
        self.thread_pk = row.pk
        self.warn_of_cpr(form)
        return self.sent_text()


class Answer(_Writing):
    heading = "Svar på en kommentar"
    button = "Send svar"

    def load(self) -> None:
        super().load()
        threads = self.proposal.advice.threads().with_answers()
        self.thread: Advice = get_object_or_404(threads, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> AnswerForm:
        prefix = answer_prefix(self.thread.pk)
        is_from_conversation = data is not None and f"{prefix}-text" in data
        return AnswerForm(data, prefix=prefix if is_from_conversation else None)

    def act(self, form: AnswerForm) -> str:
        advice.answer(
            thread_pk=self.thread.pk, text=form.cleaned_data["text"], by=self.user, at=self.at
        )
        self.thread_pk = self.thread.pk
        self.warn_of_cpr(form)
        return self.sent_text()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "threads": [thread_shown(self.thread)]}


class _Press(Press, ProposalPage):
    """A button in the conversation."""

    def back(self) -> str:
        return sparring_address(self.proposal.number)


class OpenSparring(_Press):
    permission = "proposals.open_sparring"

    def act(self) -> str:
        proposal = advice.open_sparring(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        assert proposal.lead_dgo is not None  # noqa: S101 - it was opened to one
        return (
            f"Forslaget er åbnet for sparring. {proposal.lead_dgo.name} og sekretariatet kan nu læse det og "
            "skrive kommentarer, og DGO'en har fået besked."
        )


class CloseSparring(_Press):
    permission = "proposals.open_sparring"

    def act(self) -> str:
        advice.close_sparring(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        return "Sparringen er lukket. Ingen andre læser med, mens I skriver videre."


class Resolve(_Press):
    permission = "proposals.comment"

    def act(self) -> str:
        thread = get_object_or_404(self.proposal.advice.threads(), pk=self.kwargs["pk"])
        advice.resolve(thread_pk=thread.pk, by=self.user, at=self.at)
        return "Kommentaren er markeret som afklaret. Et nyt svar åbner den igen."


TONES = 8
MOST_FOUND = 8


class Dgos(PublicPage):
    """The DGOs on the map and as a list, and which one is a municipality's."""

    template_name = "proposals/sparring/dgos.html"

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        # Asked by htmx for what was found, and nothing else.
        is_part = bool(getattr(self.request, "htmx", False))
        return super().show(
            template="proposals/sparring/_dgo_results.html" if is_part else template,
            status=status,
            **more,
        )

    def context(self) -> dict[str, Any]:
        day = danish.day_of(self.at)
        text = searched(self.request.GET, "kommune")
        dgos = list(Dgo.objects.valid(day).by_name().prefetch_related("municipalities"))
        belongs = {m.pk: dgo for dgo in dgos for m in dgo.municipalities.all()}
        municipalities = Organization.objects.valid(day).of_kind("municipality")
        return {
            "value": text,
            "search_url": reverse("proposals:dgos"),
            "found": [
                {"name": kommune.name, "dgo": belongs.get(kommune.pk)}
                for kommune in municipalities.matching(text).best_first(text)[:MOST_FOUND]
            ],
            "dgos": [
                {
                    "dgo": dgo,
                    "municipalities": sorted(
                        (m.name for m in dgo.municipalities.all()), key=danish.sort_key
                    ),
                }
                for dgo in dgos
            ],
            "groups": [
                {
                    "codes": [m.code for m in dgo.municipalities.all() if m.code],
                    "label": dgo.name,
                    "tone": str(place % TONES + 1),
                }
                for place, dgo in enumerate(dgos)
            ],
            "breadcrumbs": [("/", "Forside"), (None, "Find din DGO")],
        }
