"""Sparring: what is posted, and what every page that shows the conversation needs to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from klimaspor import danish, unsent
from proposals import advice, impartiality, privacy
from proposals.forms.advice import AnswerForm, CommentForm
from proposals.lifecycle import SPARRING
from proposals.sections import BY_SLUG
from proposals.views.pages import FormPage, ProposalPage, sparring_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proposals.models import Advice, Proposal


def threads_about(page: ProposalPage, slug: str) -> list[dict[str, Any]]:
    """Give what was said about one section, to be read only."""
    said = page.proposal.advice.threads().in_section(slug).with_answers().oldest_first()
    return [_thread(row) for row in said]


def conversation(page: Any) -> dict[str, Any]:
    """
    Give what templates/proposals/_sparring.html shows: each section's threads with their forms, and who reads along.

    `page` has `proposal`, `user`, `at` and `request`.
    """
    proposal = page.proposal
    takes_comments = page.user.has_perm("proposals.comment", proposal) and advice.is_open(proposal)
    threads: dict[str, list[dict[str, Any]]] = {"": [], **{slug: [] for slug in BY_SLUG}}
    for row in proposal.advice.threads().with_answers().oldest_first():
        shown = _thread(row)
        if takes_comments:
            url = _url(proposal, "answer", row.pk)
            slip = unsent.slip(page.request, url)
            shown["answer_url"] = url
            shown["answer_form"] = AnswerForm(slip=slip, auto_id=f"id_svar{row.pk}_%s")
            if row.resolved_at is None:
                shown["resolve_url"] = _url(proposal, "resolve", row.pk)
        threads[row.section].append(shown)
    is_writer = page.user.has_perm("proposals.open_sparring", proposal)
    url = _url(proposal, "comment")
    return {
        "groups": [
            {
                "slug": slug or "hele",
                "title": BY_SLUG[slug].title if slug else "Hele forslaget",
                "threads": rows,
            }
            for slug, rows in threads.items()
            if rows
        ],
        "comment_form": CommentForm(slip=unsent.slip(page.request, url), auto_id="id_kommentar_%s")
        if takes_comments
        else None,
        "comment_url": url,
        "readers": advice.readers(proposal, at=page.at),
        "may_open": is_writer and proposal.status in SPARRING and not proposal.sparring_opened_at,
        "may_close": is_writer and proposal.sparring_opened_at is not None,
        "dgo": proposal.lead_dgo,
        "section_url": reverse("proposals:section", args=[proposal.number, "deltagere"]),
        "open_url": _url(proposal, "open_sparring"),
        "close_url": _url(proposal, "close_sparring"),
    }


def _url(proposal: Proposal, name: str, *parts: int) -> str:
    return reverse(f"proposals:{name}", args=[proposal.number, *parts])


def _thread(row: Advice) -> dict[str, Any]:
    return {
        "id": row.pk,
        "by": row.created_by.name,
        "role": row.author_role,
        "at": row.created_at,
        "text": row.text,
        "is_resolved": row.resolved_at is not None,
        "answers": [
            {"by": a.created_by.name, "role": a.author_role, "at": a.created_at, "text": a.text}
            for a in sorted(row.answers.all(), key=lambda a: (a.created_at, a.pk))
        ],
    }


class _Writing(FormPage, ProposalPage):
    """A page of its own for a comment or an answer: shown when it could not be sent from where it was written."""

    template_name = "proposals/comment.html"
    permission = "proposals.comment"
    refusals = (advice.SparringClosed, impartiality.NotImpartial)

    def success_url(self) -> str:
        return f"{sparring_address(self.proposal)}#kommentar-{self.thread_pk}"

    thread_pk: int = 0

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "readers": advice.readers(self.proposal, at=self.at),
            "cancel": sparring_address(self.proposal),
        }

    def warn_of_cpr(self, form: Any) -> None:
        if danish.has_cpr_number(form.cleaned_data["text"]):
            messages.warning(self.request, privacy.COMMENT_WARNING)

    def said(self) -> str:
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
        return CommentForm(data, slip=unsent.slip(self.request))

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
        return self.said()


class Answer(_Writing):
    heading = "Svar på en kommentar"
    button = "Send svar"

    def load(self) -> None:
        super().load()
        threads = self.proposal.advice.threads().with_answers()
        self.thread: Advice = get_object_or_404(threads, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> AnswerForm:
        return AnswerForm(data, slip=unsent.slip(self.request))

    def act(self, form: AnswerForm) -> str:
        advice.answer(
            thread_pk=self.thread.pk, text=form.cleaned_data["text"], by=self.user, at=self.at
        )
        self.thread_pk = self.thread.pk
        self.warn_of_cpr(form)
        return self.said()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "threads": [_thread(self.thread)]}


class _Press(ProposalPage):
    """A button that posts; opened as an address it leads back to the conversation."""

    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(sparring_address(self.proposal))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.press())
        except self.refusals as refusal:
            messages.error(request, str(refusal))
        return redirect(sparring_address(self.proposal))

    def press(self) -> str:
        raise NotImplementedError


class OpenSparring(_Press):
    permission = "proposals.open_sparring"
    refusals = (advice.NoDgo, advice.SparringClosed)

    def press(self) -> str:
        proposal = advice.open_sparring(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        assert proposal.lead_dgo is not None  # noqa: S101 - it was opened to one
        return (
            f"Forslaget er åbnet for sparring. {proposal.lead_dgo.name} og sekretariatet kan nu læse det og "
            "skrive kommentarer, og DGO'en har fået besked."
        )


class CloseSparring(_Press):
    permission = "proposals.open_sparring"

    def press(self) -> str:
        advice.close_sparring(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        return "Sparringen er lukket. Ingen andre læser med, mens I skriver videre."


class Resolve(_Press):
    permission = "proposals.comment"

    def press(self) -> str:
        thread = get_object_or_404(self.proposal.advice.threads(), pk=self.kwargs["pk"])
        advice.resolve(thread_pk=thread.pk, by=self.user, at=self.at)
        return "Kommentaren er markeret som afklaret. Et nyt svar åbner den igen."
