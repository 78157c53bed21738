"""Sparring: a comment, an answer, and the buttons that open, close and settle; and the DGOs for everybody."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Organization
from klimaspor.pages import FormPage, Press, PublicPage, searched
from proposals.answers import privacy
from proposals.line.addresses import content_address, qualification_address, sparring_address
from proposals.line.pages import ProposalPage
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm
from proposals.sparring.pages import anchor_of, answer_prefix, placed, places_of, thread_shown
from proposals.sparring.places import About, Places, read_by

if TYPE_CHECKING:
    from django.http import HttpResponse

    from proposals.sparring.models import Advice

DIGEST = 12
READ_AT = {"indhold": content_address, "kvalificering": qualification_address}
"""The pages beside whose text a comment is begun, by what their links say."""


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
    """
    A new comment, led to from beside the answer or row it is about; without a script it is chosen here.

    `static/scripts/quoting.js` puts the words that were marked there into the form.
    """

    template_name = "proposals/sparring/new_comment.html"
    heading = "Skriv en kommentar"
    button = "Send kommentar"

    @cached_property
    def places(self) -> Places:
        return read_by(self.user, self.proposal, at=self.at)

    def form(self, data: Any = None) -> CommentForm:
        asked = self.request.GET
        about = self.places.about(asked.get("om", "")) or About()
        return CommentForm(
            data,
            places=self.places,
            initial={
                "section": about.value,
                # What the page showed that led here; else what is shown now.
                "digest": asked.get("laest", "")[:DIGEST] or self.places.digest(about),
                "back": asked.get("fra", ""),
            },
        )

    def act(self, form: CommentForm) -> str:
        about = form.about
        row = advice.comment(
            proposal_pk=self.proposal.pk,
            section=about.section,
            name=about.name,
            row=about.row,
            chosen=form.chosen,
            text=form.cleaned_data["text"],
            by=self.user,
            at=self.at,
        )
        self.thread_pk = row.pk
        self.came_from = form.cleaned_data["back"]
        self.warn_of_cpr(form)
        if self.places.change(row):
            return f"{self.sent_text()} Svaret er ændret, siden du læste det, så de gamle ord står ved kommentaren."
        return self.sent_text()

    came_from: str = ""

    def success_url(self) -> str:
        """Lead back to beside the text, where one came from there."""
        if self.came_from not in READ_AT:
            return super().success_url()
        return f"{READ_AT[self.came_from](self.proposal.number)}#kommentar-{self.thread_pk}"

    def show(self, **more: Any) -> HttpResponse:
        form = more["form"]
        about = self.places.about(str(form["section"].value() or "")) or About()
        return super().show(label=about.label, said=self.places.said(about), **more)


class Answer(_Writing):
    heading = "Svar på en kommentar"
    button = "Send svar"

    def load(self) -> None:
        super().load()
        threads = self.proposal.advice.readable_by(self.standing).threads().with_answers()
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
        about = placed(self.thread, places_of(self, [self.thread]))
        if self.thread.section:
            place = About.of(self.thread)
            url = f"{content_address(self.proposal.number)}#{anchor_of(place)}"
            about |= {"label": place.label, "url": url}
        shown = thread_shown(self.thread) | {"about": about}
        return {**super().context(), "threads": [shown]}


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
        thread = get_object_or_404(
            self.proposal.advice.readable_by(self.standing).threads(), pk=self.kwargs["pk"]
        )
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
