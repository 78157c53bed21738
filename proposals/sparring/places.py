"""What in a proposal a comment can be about: the whole, a section, an answer with the words that are quoted, or a row; as its writer reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from klimaspor.refusals import Missing
from proposals.answers.content import EVERY_ROW, Content
from proposals.answers.sections import BY_SLUG, FIELDS, SECTIONS
from proposals.answers.tables import BY_NAME
from proposals.line.editions import Edition
from proposals.line.standing import edition, latest_sent
from proposals.sparring.anchors import Anchor, NotAlone, NotThere, Text
from proposals.sparring.models import CONTEXT, LONGEST_QUOTE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.answers.content import ParticipantRow
    from proposals.answers.sums import BudgetRow, FinancingRow
    from proposals.line.models import Proposal
    from proposals.sparring.models import Advice

ROWS = {
    "participants": "Deltager",
    "budget_lines": "Budgetlinje",
    "financing": "Finansiering",
}
"""Whose rows can be commented on, by the accessor: what one of them is called."""
LONGEST_LABEL = 100


@dataclass(frozen=True)
class About:
    """A place in the proposal; all of it where nothing is said."""

    section: str = ""
    name: str = ""
    row: int | None = None

    @classmethod
    def of(cls, comment: Advice) -> About:
        return cls(comment.section, comment.name, comment.row)

    @property
    def value(self) -> str:
        """How it is chosen in a form or an address."""
        parts = (self.section, self.name, "" if self.row is None else str(self.row))
        return "/".join(filter(None, parts))

    @property
    def label(self) -> str:
        if self.name in FIELDS:
            return FIELDS[self.name].label
        if self.name:
            return ROWS[self.name]
        return BY_SLUG[self.section].title if self.section else "Hele forslaget"


@dataclass(frozen=True)
class Chosen:
    """Words that somebody chose in an answer, with what stood around them, and the digest of the answer they were chosen in."""

    quote: str = ""
    before: str = ""
    after: str = ""
    digest: str = ""


class Places:
    """The places of one text."""

    def __init__(self, content: Content | None) -> None:
        self.content = content
        self._texts: dict[About, Text] = {}

    @cached_property
    def _said(self) -> dict[About, str]:
        if self.content is None:
            return {}
        said = {About(a.section, a.name): a.text for a in self.content.answers}
        for name in ROWS:
            section = BY_NAME[name].slug
            rows = self._rows(name)
            said |= {About(section, name, row.pk): row.said for row in rows if row.pk is not None}
        return said

    def _rows(self, name: str) -> Sequence[ParticipantRow | BudgetRow | FinancingRow]:
        rows: Sequence[Any] = getattr(self.content, BY_NAME[name].in_content, ())
        return rows

    def said(self, about: About) -> str | None:
        """Give what an answer or a row says; nothing where there is no such, or where it is about more than one."""
        return self._said.get(about)

    def digest(self, about: About) -> str:
        """Name what an answer says, so that one who comments can be told that it was changed meanwhile."""
        return hashlib.sha256((self.said(about) or "").encode()).hexdigest()[:12]

    def find(self, comment: Advice) -> tuple[int, int] | None:
        """Give from where to where the quoted words stand now; None where they were changed."""
        about = About.of(comment)
        if about not in self._texts:
            self._texts[about] = Text(self.said(about) or "")
        found = self._texts[about].find(Anchor(comment.quote, comment.before, comment.after))
        return (found.start, found.end) if found else None

    def change(self, comment: Advice) -> str:
        """Say what became of what a comment quotes; nothing where it stands as it did."""
        if not comment.quote:
            return ""
        if comment.row is None:
            return "" if self.find(comment) else "Sætningen er ændret"
        said = self.said(About.of(comment))
        if said is None:
            return "Linjen er fjernet"
        return "" if said[:LONGEST_QUOTE] == comment.quote else "Linjen er ændret"

    def anchored(self, about: About, chosen: Chosen) -> Anchor:
        """
        Make what finds the chosen words again; of a row, what it says.

        :raises Missing:
        """
        said = self.said(about)
        if about.name and said is None:
            raise Missing({"section": "Det findes ikke længere i forslaget. Vælg noget andet"})
        is_answer = about.name in FIELDS
        if chosen.quote and not is_answer:
            raise Missing({"quote": "Vælg det svar, ordene står i, eller slet citatet"})
        if said is None or not chosen.quote:
            return Anchor("" if is_answer else (said or "")[:LONGEST_QUOTE])
        read = Text(said)
        try:
            anchor = read.anchor(read.place(chosen.quote, chosen.before, chosen.after))
        except NotAlone:
            anchor = None
        except NotThere:
            if not chosen.digest or chosen.digest == self.digest(about):
                raise Missing(
                    {
                        "quote": "Ordene står ikke i svaret. Kopiér dem fra svaret, eller lad feltet stå tomt"
                    }
                ) from None
            # It was changed while the comment was written, which then says so.
            return Anchor(chosen.quote, chosen.before[-CONTEXT:], chosen.after[:CONTEXT])
        if anchor is None:
            raise Missing(
                {
                    "quote": "Ordene står flere steder i svaret. Tag nogle flere ord med, så vi kan se, hvilket sted du mener"
                }
            )
        return anchor

    def choices(self) -> Iterator[tuple[str, str | list[tuple[str, str]]]]:
        """Give what can be chosen in a form: the whole, and by section the section, its answers and its rows."""
        yield "", About().label
        for section in SECTIONS:
            within = [About(section.slug, question.name) for question in section.fields]
            rows = [
                (About(section.slug, name, row.pk).value, f"{label}: {_short(row.said)}")
                for name, label in ROWS.items()
                if BY_NAME[name].slug == section.slug
                for row in self._rows(name)
                if row.pk is not None
            ]
            yield (
                section.title,
                [
                    (section.slug, f"{section.title} (hele afsnittet)"),
                    *((one.value, one.label) for one in within),
                    *rows,
                ],
            )

    def about(self, value: str) -> About | None:
        """Read what was chosen; None where it is none of the choices."""
        known = [About(), *(About(slug) for slug in BY_SLUG)]
        known += [About(section.slug, q.name) for section in SECTIONS for q in section.fields]
        return next((one for one in (*known, *self._said) if one.value == value), None)


def read_by(
    user: User, proposal: Proposal, *, at: datetime, rows: Collection[str] = EVERY_ROW
) -> Places:
    """Give the places of the text that a person reads, see `line.editions`; of the live text only some `rows`."""
    if edition(user, proposal, at=at) == Edition.LIVE:
        return Places(Content.of(proposal, at=at, rows=rows))
    version = latest_sent(user, proposal, at=at)
    return Places(Content.of_version(version) if version else None)


def _short(said: str) -> str:
    return said if len(said) <= LONGEST_LABEL else f"{said[: LONGEST_LABEL - 1]}…"
