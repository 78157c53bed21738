"""The conversation, as every page shows it that shows sparring."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import once, unsent
from klimaspor.dkfds.formsets import again, belonging_to
from proposals.answers.sections import BY_SLUG
from proposals.line.lifecycle import SPARRING
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from proposals.line.pages import ProposalPage
    from proposals.sparring.models import Advice


FORM = "sparring"
"""The id of the one form that everything on the page belongs to."""


def threads_about(page: ProposalPage, slug: str) -> list[dict[str, Any]]:
    """Give what was said about one section, to be read only."""
    said = page.proposal.advice.threads().in_section(slug).with_answers().oldest_first()
    return [thread_shown(row) for row in said]


def conversation(page: Any) -> dict[str, Any]:
    """
    Give what templates/proposals/sparring/_sparring.html shows: each section's threads with their forms, and who reads along.

    `page` has `proposal`, `user`, `at` and `request`.
    """
    proposal = page.proposal
    takes_comments = page.user.has_perm("proposals.comment", proposal) and advice.is_open(proposal)
    typed = unsent.typed_here(page.request)
    threads: dict[str, list[dict[str, Any]]] = {"": [], **{slug: [] for slug in BY_SLUG}}
    for row in proposal.advice.threads().with_answers().oldest_first():
        shown = thread_shown(row)
        if takes_comments:
            shown["answer_url"] = _url(proposal, "answer", row.pk)
            shown["answer_form"] = again(partial(_answer_form, row), typed)
            if row.resolved_at is None:
                shown["resolve_url"] = _url(proposal, "resolve", row.pk)
        threads[row.section].append(shown)
    is_writer = page.user.has_perm("proposals.open_sparring", proposal)
    comment_form = again(_comment_form, typed) if takes_comments else None
    answers = [row["answer_form"] for rows in threads.values() for row in rows if takes_comments]
    return {
        "carried": {unsent.SLIP: unsent.slip(page.request), **once.hidden()},
        "groups": [
            {
                "slug": slug or "hele",
                "title": BY_SLUG[slug].title if slug else "Hele forslaget",
                "threads": rows,
            }
            for slug, rows in threads.items()
            if rows
        ],
        "comment_form": comment_form,
        "is_restored": any(form.is_bound for form in (*answers, comment_form) if form),
        "is_pressed": typed is not None and unsent.PRESSED in typed,
        "comment_url": _url(proposal, "comment"),
        "readers": advice.readers(proposal, at=page.at),
        "may_open": is_writer and proposal.status in SPARRING and not proposal.sparring_opened_at,
        "may_close": is_writer and proposal.sparring_opened_at is not None,
        "dgo": proposal.lead_dgo,
        "section_url": reverse("proposals:section", args=[proposal.number, "deltagere"]),
        "open_url": _url(proposal, "open_sparring"),
        "close_url": _url(proposal, "close_sparring"),
    }


def _comment_form(data: Any) -> CommentForm:
    return CommentForm(data, auto_id="id_kommentar_%s")


def _answer_form(row: Advice, data: Any) -> AnswerForm:
    form: AnswerForm = belonging_to(FORM, AnswerForm(data, prefix=answer_prefix(row.pk)))
    return form


def answer_prefix(thread_pk: int) -> str:
    """Tell an answer from others on the page: all that is typed there is sent by each of its buttons."""
    return f"svar{thread_pk}"


def _url(proposal: Proposal, name: str, *parts: int) -> str:
    return reverse(f"proposals:{name}", args=[proposal.number, *parts])


def thread_shown(row: Advice) -> dict[str, Any]:
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
