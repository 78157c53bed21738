"""The conversation, as every page shows it that shows sparring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import once, unsent
from proposals.answers.sections import BY_SLUG
from proposals.line.lifecycle import SPARRING
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from proposals.line.pages import ProposalPage
    from proposals.sparring.models import Advice


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
    threads: dict[str, list[dict[str, Any]]] = {"": [], **{slug: [] for slug in BY_SLUG}}
    for row in proposal.advice.threads().with_answers().oldest_first():
        shown = thread_shown(row)
        if takes_comments:
            url = _url(proposal, "answer", row.pk)
            slip = unsent.slip(page.request, url)
            shown["answer_url"] = url
            shown["once"] = once.hidden()
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
        "once": once.hidden(),
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
