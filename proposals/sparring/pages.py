"""The conversation, as every page shows it that shows sparring."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator

from klimaspor import danish, once, unsent
from klimaspor.dkfds.formsets import again, belonging_to
from klimaspor.seen import base_name
from proposals.answers.sections import BY_SLUG, FIELDS
from proposals.answers.tables import BY_NAME
from proposals.line.addresses import content_address, sparring_address
from proposals.line.lifecycle import EDITABLE, SPARRING
from proposals.line.standing import standing
from proposals.sparring import steps as advice
from proposals.sparring.forms import AnswerForm, CommentForm
from proposals.sparring.models import AdviceKind, Circle
from proposals.sparring.places import ROWS, About, Places, read_by
from proposals.sparring.queries import people_in
from proposals.sparring.seen import replaced, shown_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import User
    from proposals.answers.content import Content
    from proposals.line.models import Proposal
    from proposals.line.pages import ProposalPage
    from proposals.line.standing import Standing
    from proposals.sparring.models import Advice


FORM = "sparring"
"""The id of the one form that everything on the page belongs to."""
LONGEST_TASK = 120
"""Characters of a comment that stand in a list of what there is to do."""


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
    tables = {BY_SLUG[BY_NAME[name].slug].rows for name in names if name in ROWS}
    return read_by(page.user, page.proposal, at=page.at, rows=tables)


def asked_of_writers(page: ProposalPage) -> list[dict[str, Any]]:
    """Give the changes and wordings that the writers are asked for, those that wait first, each with how it stands."""
    rows = page.proposal.advice.readable_by(page.standing).threads().asked().oldest_first()
    asked = [
        {
            "section": row.section,
            "url": f"{sparring_address(page.proposal.number)}#kommentar-{row.pk}",
            "label": asked_label(row)
            if row.name in FIELDS
            else f"{asked_label(row)}: {BY_SLUG[row.section].title if row.section else 'Hele forslaget'}",
            "hint": Truncator(danish.one_line(row.text or row.suggestion)).chars(LONGEST_TASK),
            "by": f"{row.created_by.name} ({row.author_role})",
            "is_open": not advice.is_settled(row) and row.done_at is None,
            "done_url": _url(page.proposal, "report_done", row.pk)
            if row.kind == AdviceKind.CHANGE and not row.resolved_at and not row.done_at
            else "",
            **state_of(row),
        }
        for row in rows
    ]
    return sorted(asked, key=lambda one: not one["is_open"])


def asked_label(row: Advice) -> str:
    """Say what is asked for, and in which answer."""
    what = "Ønske om ændring" if row.kind == AdviceKind.CHANGE else "Forslag til ordlyd"
    return f"{what} i “{FIELDS[row.name].label}”" if row.name in FIELDS else what


def conversation(page: Any) -> dict[str, Any]:
    """
    Give what templates/proposals/sparring/_sparring.html shows: each section's threads with their forms, and who reads along.

    `page` has `proposal`, `user`, `at` and `request`.
    """
    proposal = page.proposal
    stands = standing(page.user, proposal, at=page.at)
    takes_comments = page.user.has_perm("proposals.comment", proposal) and advice.is_open(proposal)
    typed = unsent.typed_here(page.request)
    is_writer = page.user.has_perm("proposals.open_sparring", proposal)
    threads: dict[About, list[dict[str, Any]]] = {}
    carried: dict[str, str] = {}
    readers = advice.readers_by_circle(proposal, at=page.at)
    found = list(proposal.advice.readable_by(stands).threads().with_answers().oldest_first())
    places = places_of(page, found)
    for row in found:
        shown = thread_shown(row) | {"about": placed(row, places)}
        if takes_comments:
            shown["answer_url"] = shown["mention_url"] = _url(proposal, "answer", row.pk)
            shown["read_by"] = danish.join_text(readers[Circle(row.circle)])
            shown["answer_form"] = again(partial(_answer_form, row), typed)
            _let_edit(shown, row, page.user, proposal)
            if advice.may_settle(row, page.user, stands):
                name = "reopen" if row.resolved_at else "resolve"
                shown[f"{name}_url"] = _url(proposal, name, row.pk)
            if advice.may_take_back_done(row, page.user):
                shown["reopen_url"] = _url(proposal, "reopen", row.pk)
        if is_writer and proposal.status in EDITABLE and not advice.is_settled(row):
            carried |= _let_change(shown, row, proposal)
        threads.setdefault(About.of(row), []).append(shown)
    make = partial(
        comment_form,
        page,
        places=Places(None),
        stands=stands,
        readers=readers,
        auto_id="id_kommentar_%s",
    )
    form = again(make, typed) if takes_comments else None
    answers = [row["answer_form"] for rows in threads.values() for row in rows if takes_comments]
    return {
        "carried": {unsent.SLIP: unsent.slip(page.request), **once.hidden(), **carried},
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
        "comment_form": form,
        "is_restored": any(one.is_bound for one in (*answers, form) if one),
        "is_pressed": typed is not None and unsent.PRESSED in typed,
        "comment_url": _url(proposal, "comment"),
        "writer": page.user.pk,
        "subject": draft_subject(proposal),
        "readers": readers[Circle.EVERYBODY],
        "inner_readers": readers[Circle.ADVISERS] if stands.is_among_advisers else (),
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


def comment_form(
    page: Any,
    data: Any,
    *,
    places: Places,
    stands: Standing,
    readers: dict[Circle, tuple[str, ...]],
    **kwargs: Any,
) -> CommentForm:
    """Make the form of a new comment for somebody: what it can be about, the circles they stand in, and whom they may mention."""
    circles = {
        Circle.EVERYBODY: f"Alle på forslaget: {danish.join_text(readers[Circle.EVERYBODY])}"
    }
    if stands.is_among_advisers:
        circles[Circle.ADVISERS] = (
            f"Kun DGO og sekretariat: {danish.join_text(readers[Circle.ADVISERS])}. "
            "Forslagsstilleren ser ikke kommentaren og får ikke besked om den"
        )
    return CommentForm(data, places=places, circles=circles, people=to_mention(page), **kwargs)


def draft_subject(proposal: Proposal) -> str:
    """Name what a browser keeps of a conversation until it is sent, see static/scripts/drafts.js."""
    return f"{proposal.number}-sparring"


def to_mention(page: Any, circle: str = Circle.EVERYBODY) -> list[Any]:
    """Give those who may be mentioned in a circle: everybody who reads it but the writer."""
    others = [
        person for person in people_in(page.proposal, at=page.at) if person.pk != page.user.pk
    ]
    return [p for p in others if circle == Circle.EVERYBODY or p.is_adviser]


def _answer_form(row: Advice, data: Any) -> AnswerForm:
    form: AnswerForm = belonging_to(FORM, AnswerForm(data, prefix=answer_prefix(row.pk)))
    return form


def answer_prefix(thread_pk: int) -> str:
    """Tell an answer from others on the page: all that is typed there is sent by each of its buttons."""
    return f"svar{thread_pk}"


def _url(proposal: Proposal, name: str, *parts: int) -> str:
    return reverse(f"proposals:{name}", args=[proposal.number, *parts])


def _let_edit(shown: dict[str, Any], row: Advice, user: User, proposal: Proposal) -> None:
    """Let somebody write anew what is their own, while the thread is open."""
    said = zip([row, *row.answers.all()], [shown, *shown["answers"]], strict=True)
    for one, its in said:
        if one.created_by_id == user.pk and not advice.is_settled(one):
            its["edit_url"] = _url(proposal, "edit", one.pk)


def _let_change(shown: dict[str, Any], row: Advice, proposal: Proposal) -> dict[str, str]:
    """Let a writer say that it is changed, or take a wording in; give what the page then carries of what it shows."""
    if row.kind == AdviceKind.CHANGE and row.done_at is None:
        shown["done_url"] = _url(proposal, "report_done", row.pk)
    if row.kind == AdviceKind.WORDING and row.name in FIELDS:
        shown["take_url"] = _url(proposal, "take_wording", row.pk)
        shown["replaces"] = replaced(row, proposal)
        return {base_name(wording_unit(row.pk)): str(shown_answer(row, proposal).base)}
    return {}


def wording_unit(pk: int) -> str:
    """Name what the page carries of the text that a wording takes the place of."""
    return f"ordlyd{pk}"


def thread_shown(row: Advice) -> dict[str, Any]:
    """Give a thread as templates/components/discussion.html shows it; `row` is read `with_answers`."""
    return {
        **_said(row),
        "kind": asked_label(row) if row.kind != AdviceKind.COMMENT else "",
        "circle": "Kun DGO og sekretariat" if row.circle != Circle.EVERYBODY else "",
        "suggestion": row.suggestion,
        "is_resolved": row.resolved_at is not None,
        **(state_of(row) if row.kind != AdviceKind.COMMENT else {}),
        "done_by": row.done_by.name if row.done_by else "",
        "done_at": row.done_at,
        "taken_by": row.taken_by.name if row.taken_by else "",
        "taken_at": row.taken_at,
        "answers": [_said(answer) for answer in row.answers.all()],
    }


def _said(row: Any) -> dict[str, Any]:
    earlier = zip(row.earlier_at, row.earlier_texts, row.earlier_suggestions, strict=True)
    return {
        "id": row.pk,
        "by": row.created_by.name,
        "by_pk": row.created_by_id,
        "role": row.author_role,
        "at": row.created_at,
        "text": row.text,
        "mentioned": danish.join_text(row.mentioned_names),
        "edited_at": row.edited_at,
        "earlier": [{"until": at, "text": text, "suggestion": new} for at, text, new in earlier],
    }


def state_of(row: Advice) -> dict[str, str]:
    """Say how what was asked for stands, in a word and a tone."""
    if row.resolved_at:
        return {"state": "Afklaret", "tone": "success"}
    if row.taken_at:
        return {"state": "Sat ind", "tone": "info"}
    if row.done_at:
        return {"state": "Meldt ændret", "tone": "info"}
    return {"state": "Åben", "tone": "warning"}
