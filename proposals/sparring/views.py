"""Sparring: a comment, an answer, and the buttons that open, close and settle; and the DGOs for everybody."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator

from klimaspor import danish, unsent
from klimaspor.accounts.models import Dgo, Organization
from klimaspor.pages import FormPage, Press, PublicPage, TurnedAway, searched
from proposals.answers import privacy
from proposals.line.addresses import content_address, qualification_address, sparring_address
from proposals.line.pages import ProposalPage
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm, EditForm
from proposals.sparring.models import Advice, AdviceKind, Circle
from proposals.sparring.pages import (
    anchor_of,
    answer_prefix,
    comment_form,
    draft_subject,
    placed,
    places_of,
    thread_shown,
    to_mention,
)
from proposals.sparring.places import About, Places, read_by
from proposals.sparring.seen import shown_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from klimaspor.seen import Shown
    from proposals.sparring.queries import AdviceQuerySet

DIGEST = 12
READ_AT = {"indhold": content_address, "kvalificering": qualification_address}
"""The pages beside whose text a comment is begun, by what their links say."""


class _Writing(FormPage, ProposalPage):
    """A page of its own for a comment or an answer: shown when it could not be sent from where it was written."""

    template_name = "proposals/sparring/comment.html"
    makes = True
    permission = "proposals.comment"
    thread_pk: int = 0
    circle: str = Circle.EVERYBODY
    """Whose thread it is; of a new one its writer chooses."""

    def load(self) -> None:
        try:
            super().load()
        except (Http404, PermissionDenied):
            self.give_back()
            raise

    def give_back(self) -> None:
        """
        Show what was typed to whoever could write here when the page was opened, and cannot now: nothing else of the proposal.

        :raises TurnedAway:
        """
        number = self.kwargs["number"]
        if self.request.method != "POST" or not unsent.is_from(
            self.request, sparring_address(number), self.request.path
        ):
            return
        texts = [
            text
            for name in self.request.POST
            if name in ("text", "suggestion") or TYPED_ANSWER.fullmatch(name)
            for text in self.request.POST.getlist(name)
            if text.strip()
        ]
        raise TurnedAway("proposals/sparring/lost.html", at=self.at, number=number, texts=texts)

    def success_url(self) -> str:
        return f"{sparring_address(self.proposal.number)}#kommentar-{self.thread_pk}"

    def written_at(self) -> str:
        return sparring_address(self.proposal.number)

    def find(self, found: AdviceQuerySet) -> Advice:
        """
        Find what the page is about, as far as the reader may read it.

        :raises Http404:
        """
        advice: Advice = get_object_or_404(
            found.readable_by(self.standing).filter(proposal=self.proposal), pk=self.kwargs["pk"]
        )
        self.circle = advice.circle
        return advice

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "readers": self.readers[Circle(self.circle)],
            "cancel": sparring_address(self.proposal.number),
            "draft": self.draft,
            "draft_subject": draft_subject(self.proposal),
            "draft_base": None,
        }

    @property
    def draft(self) -> str:
        """Name what a browser keeps of it until it is sent."""
        return "kommentar"

    @cached_property
    def readers(self) -> dict[Circle, tuple[str, ...]]:
        return advice.readers_by_circle(self.proposal, at=self.at)

    def warn_of_cpr(self, form: Any) -> None:
        texts = (form.cleaned_data["text"], form.cleaned_data.get("suggestion") or "")
        if any(danish.has_cpr_number(text) for text in texts):
            messages.warning(self.request, privacy.COMMENT_WARNING)

    def sent_text(self) -> str:
        readers = self.readers[Circle(self.circle)]
        return (
            f"Det er sendt. {danish.join_text(readers)} kan læse det."
            if readers
            else "Det er sendt."
        )


TYPED_ANSWER = re.compile(r"svar\d{1,19}-text")


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

    @cached_property
    def asked_about(self) -> About:
        """What it was led here from."""
        return self.places.about(self.request.GET.get("om", "")) or About()

    @property
    def draft(self) -> str:
        return "/".join(filter(None, ("kommentar", self.asked_about.value)))

    def form(self, data: Any = None) -> CommentForm:
        asked = self.request.GET
        about = self.asked_about
        return comment_form(
            self,
            data,
            places=self.places,
            stands=self.standing,
            readers=self.readers,
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
            kind=form.cleaned_data["kind"],
            circle=form.cleaned_data["circle"],
            text=form.cleaned_data["text"],
            suggestion=form.cleaned_data["suggestion"],
            mentioned=form.mentioned,
            by=self.user,
            at=self.at,
        )
        self.thread_pk, self.circle = row.pk, row.circle
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

    def context(self) -> dict[str, Any]:
        inner = self.readers[Circle.ADVISERS] if self.standing.is_among_advisers else ()
        return {**super().context(), "inner_readers": inner}


LONGEST_NAME = 40


def named(comment: Advice, number: str) -> dict[str, str]:
    """Let the title of a page name a comment by its first words and its number."""
    words = Truncator(danish.one_line(comment.text or comment.suggestion)).chars(LONGEST_NAME)
    return {"subject": f"“{words}”, kommentar {comment.pk} ({number})"}


class Answer(_Writing):
    heading = "Svar på en kommentar"
    button = "Send svar"

    def load(self) -> None:
        super().load()
        self.thread = self.find(Advice.objects.threads().with_answers())
        self.thread_pk = self.thread.pk

    @property
    def draft(self) -> str:
        return answer_prefix(self.thread.pk)

    def form(self, data: Any = None) -> AnswerForm:
        prefix = answer_prefix(self.thread.pk)
        is_from_conversation = data is not None and f"{prefix}-text" in data
        if is_from_conversation:
            return AnswerForm(data, prefix=prefix)
        return AnswerForm(data, people=to_mention(self, self.thread.circle))

    def act(self, form: AnswerForm) -> str:
        advice.answer(
            thread_pk=self.thread.pk,
            text=form.cleaned_data["text"],
            mentioned=form.mentioned,
            by=self.user,
            at=self.at,
        )
        self.warn_of_cpr(form)
        return self.sent_text()

    def context(self) -> dict[str, Any]:
        about = placed(self.thread, places_of(self, [self.thread]))
        if self.thread.section:
            place = About.of(self.thread)
            url = f"{content_address(self.proposal.number)}#{anchor_of(place)}"
            about |= {"label": place.label, "url": url}
        shown = thread_shown(self.thread) | {"about": about}
        return {**super().context(), **named(self.thread, self.proposal.number), "threads": [shown]}


class Edit(_Writing):
    """A comment or an answer of one's own, written anew."""

    heading = "Ret din kommentar"
    button = "Gem rettelsen"
    makes = False

    def load(self) -> None:
        super().load()
        self.advice = self.find(Advice.objects.with_parent())
        self.thread_pk = self.advice.parent_id or self.advice.pk
        if self.advice.created_by_id != self.user.pk:
            raise PermissionDenied("Kun den, der har skrevet kommentaren, kan rette den.")

    def written_at(self) -> str:
        return ""

    @property
    def draft(self) -> str:
        return f"ret{self.advice.pk}"

    def context(self) -> dict[str, Any]:
        words = [part.text for part in self.shown_now().parts]
        return {
            **super().context(),
            **named(self.advice, self.proposal.number),
            "draft_base": "\n".join(words),
        }

    def shown_now(self) -> Shown:
        return shown_words(self.advice)

    def form(self, data: Any = None) -> EditForm:
        return EditForm(
            data,
            is_wording=self.advice.kind == AdviceKind.WORDING,
            initial={"text": self.advice.text, "suggestion": self.advice.suggestion},
        )

    def act(self, form: EditForm) -> str:
        advice.edit(
            advice_pk=self.advice.pk,
            text=form.cleaned_data["text"],
            suggestion=form.cleaned_data.get("suggestion", ""),
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        self.warn_of_cpr(form)
        return "Rettelsen er gemt. Det, der stod før, kan stadig læses."


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


class _ThreadPress(_Press):
    """A button in one thread."""

    permission = "proposals.comment"

    def load(self) -> None:
        super().load()
        threads = self.proposal.advice.readable_by(self.standing).threads()
        self.thread: Advice = get_object_or_404(threads, pk=self.kwargs["pk"])

    def back(self) -> str:
        if self.request.POST.get("from") == "opgaver":
            return self.url("tasks")
        return f"{super().back()}#kommentar-{self.thread.pk}"


class Resolve(_ThreadPress):
    def act(self) -> str:
        advice.resolve(thread_pk=self.thread.pk, by=self.user, at=self.at)
        return "Kommentaren er markeret som afklaret. Et nyt svar åbner den igen."


class Reopen(_ThreadPress):
    def act(self) -> str:
        advice.reopen(thread_pk=self.thread.pk, by=self.user, at=self.at)
        return "Tråden er åben igen."


class ReportDone(_ThreadPress):
    permission = "proposals.edit"

    def act(self) -> str:
        thread = advice.report_done(thread_pk=self.thread.pk, by=self.user, at=self.at)
        return f"{thread.created_by.name} får besked om, at det er ændret, og markerer det som afklaret."


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
