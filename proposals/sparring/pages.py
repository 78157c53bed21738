"""The conversation, as every page shows it that shows sparring."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from klimaspor import once, unsent
from klimaspor.dkfds.formsets import again, belonging_to
from proposals.answers.sections import BY_SLUG, FIELDS
from proposals.line.addresses import content_address
from proposals.line.lifecycle import SPARRING
from proposals.line.standing import standing
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm
from proposals.sparring.places import ROWS, About, Places, read_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.answers.content import Content
    from proposals.line.models import Proposal
    from proposals.sparring.models import Advice


FORM = "sparring"
"""The id of the one form that everything on the page belongs to."""


class Margin:
    """What was said about each answer and row that is shown, to stand beside it, and the way to say more."""

    def __init__(
        self, page: Any, content: Content | None, *, section: str = "", back: str = ""
    ) -> None:
        """Read what the person may read of one section, or of all; `back` names the page, which then leads on to new comments."""
        proposal = page.proposal
        self.back = back
        self.places = Places(content)
        self.proposal = proposal
        held = standing(page.user, proposal, at=page.at)
        self.takes_comments = page.user.has_perm("proposals.comment", proposal) and advice.is_open(
            proposal
        )
        found = proposal.advice.readable_by(held).threads()
        if section:
            found = found.in_section(section)
        self.rows: dict[About, list[Advice]] = {}
        for row in found.with_answers().oldest_first():
            self.rows.setdefault(About.of(row), []).append(row)

    def beside(self, section: str = "", name: str = "", row: int | None = None) -> dict[str, Any]:
        """Give what templates/proposals/sparring/_margin.html shows beside a place."""
        about = About(section, name, row)
        return self._shown(about, self.rows.get(about, []))

    def marks(self, section: str, name: str) -> list[tuple[int, int]]:
        """Give where the words stand that open threads quote."""
        rows = self.rows.get(About(section, name), [])
        found = [self.places.find(row) for row in rows if row.quote and row.resolved_at is None]
        return [place for place in found if place]

    def among_rows(self, section: str) -> list[dict[str, Any]]:
        """Give what was said about the section's rows, with what each says, where it stands in no table."""
        return [
            {**self._shown(about, rows), "said": said}
            for about, rows in sorted(self.rows.items(), key=lambda found: found[0].value)
            if about.section == section
            and about.row is not None
            and (said := self.places.said(about)) is not None
        ]

    def gone(self, section: str) -> dict[str, Any]:
        """Give what was said about rows of the section that are there no longer."""
        rows = [
            row
            for about, found in self.rows.items()
            if about.section == section and about.row is not None
            for row in found
            if self.places.said(about) is None
        ]
        return self._shown(About(section), rows, may_add=False)

    def _shown(self, about: About, rows: list[Advice], *, may_add: bool = True) -> dict[str, Any]:
        threads = [
            {
                "shown": [thread_shown(row) | {"about": placed(row, self.places)}],
                "reply_url": _url(self.proposal, "answer", row.pk) if self.takes_comments else "",
                "is_resolved": row.resolved_at is not None,
            }
            for row in rows
        ]
        said = self.places.said(about) if about.row is not None else ""
        return {
            "label": f"{about.label}: {said}" if said else about.label,
            "word": "" if about.name else "afsnittet" if about.section else "forslaget",
            "open": [thread for thread in threads if not thread["is_resolved"]],
            "resolved": [thread for thread in threads if thread["is_resolved"]],
            "url": self._comment_url(about)
            if may_add and self.back and self.takes_comments
            else "",
        }

    def _comment_url(self, about: About) -> str:
        said = {"om": about.value, "laest": self.places.digest(about), "fra": self.back}
        return f"{_url(self.proposal, 'comment')}?{urlencode(said)}"


def placed(row: Advice, places: Places) -> dict[str, Any]:
    """Say what a thread quotes, and whether that still stands."""
    return {"quote": row.quote, "change": places.change(row)}


def places_of(page: Any, rows: Iterable[Advice]) -> Places:
    """Give the places of the text that the person reads, as far as these threads are about any."""
    names = {row.name for row in rows} - {""}
    if not names:
        return Places(None)
    tables = {BY_SLUG[ROWS[name][0]].rows for name in names if name in ROWS}
    return read_by(page.user, page.proposal, at=page.at, rows=tables)


def conversation(page: Any) -> dict[str, Any]:
    """
    Give what templates/proposals/sparring/_sparring.html shows: each section's threads with their forms, and who reads along.

    `page` has `proposal`, `user`, `at` and `request`.
    """
    proposal = page.proposal
    takes_comments = page.user.has_perm("proposals.comment", proposal) and advice.is_open(proposal)
    typed = unsent.typed_here(page.request)
    threads: dict[About, list[dict[str, Any]]] = {}
    held = standing(page.user, proposal, at=page.at)
    found = list(proposal.advice.readable_by(held).threads().with_answers().oldest_first())
    places = places_of(page, found)
    for row in found:
        shown = thread_shown(row) | {"about": placed(row, places)}
        if takes_comments:
            shown["answer_url"] = _url(proposal, "answer", row.pk)
            shown["answer_form"] = again(partial(_answer_form, row), typed)
            if row.resolved_at is None:
                shown["resolve_url"] = _url(proposal, "resolve", row.pk)
        threads.setdefault(About.of(row), []).append(shown)
    is_writer = page.user.has_perm("proposals.open_sparring", proposal)
    comment_form = again(_comment_form, typed) if takes_comments else None
    answers = [row["answer_form"] for rows in threads.values() for row in rows if takes_comments]
    return {
        "carried": {unsent.SLIP: unsent.slip(page.request), **once.hidden()},
        "groups": [
            {
                "slug": slug or "hele",
                "title": About(slug).label,
                "parts": [
                    {
                        "label": about.label if about.name else "",
                        "url": f"{content_address(proposal.number)}#{anchor_of(about)}",
                        "threads": threads[about],
                    }
                    for about in _in_order(threads)
                    if about.section == slug
                ],
            }
            for slug in ("", *BY_SLUG)
            if any(about.section == slug for about in threads)
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


def anchor_of(about: About) -> str:
    """Give the id of the place on a page that shows the proposal's text."""
    return f"svar-{about.name}" if about.name in FIELDS else f"indhold-{about.section}"


def _in_order(abouts: Iterable[About]) -> list[About]:
    """Put what is about a section first, then its answers as they are asked, then its rows."""
    order = {name: place for place, name in enumerate(("", *FIELDS, *ROWS))}
    return sorted(abouts, key=lambda about: (order[about.name], about.row or 0))


def _comment_form(data: Any) -> CommentForm:
    return CommentForm(data, places=Places(None), auto_id="id_kommentar_%s")


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
