"""What the pages of the professional assessment show, see `klimaspor.seen`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from review.criteria.models import Criterion
from review.qualification.models import Judgment, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from review.qualification.models import Qualification


ASKED = "_asked"
"""Where an assessment keeps its criteria, which a page asks for several times."""
STATEMENT = "statement_"
OUTCOME, SUMMARY, REPLY = "outcome", "summary", "text"
TESTED, KNOWN = "tested", "known"
TESTED_LABEL = "Hvad afprøves her?"
KNOWN_LABEL = "Hvad er kendt og bare implementeres?"


@dataclass(frozen=True)
class Words:
    """What an assessment says; statements and judgments by the criterion's id."""

    outcome: str = ""
    summary: str = ""
    tested: str = ""
    known: str = ""
    statements: Mapping[int, str] = field(default_factory=dict)
    judgments: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, qualification: Qualification) -> Words:
        rows = list(qualification.statements.all())
        return cls(
            outcome=qualification.outcome,
            summary=qualification.summary,
            tested=qualification.tested,
            known=qualification.known,
            statements={one.criterion_id: one.text for one in rows},
            judgments={one.criterion_id: one.judgment for one in rows},
        )

    def over(self, standing: Words) -> Words:
        """Give the same with what stands about the criteria that these words do not name."""
        return replace(
            self,
            statements={**standing.statements, **self.statements},
            judgments={**standing.judgments, **self.judgments},
        )

    def but(self, standing: Words, names: Collection[str]) -> Words:
        """Give what stands, with these words in the fields that are named."""
        return Words(
            **{
                name: getattr(self if name in names else standing, name)
                for name in (OUTCOME, SUMMARY, TESTED, KNOWN)
            },
            statements={
                pk: text if f"statement_{pk}" in names else standing.statements.get(pk, "")
                for pk, text in self.statements.items()
            },
            judgments={
                pk: word if f"judgment_{pk}" in names else standing.judgments.get(pk, "")
                for pk, word in self.judgments.items()
            },
        )

    def empty(self, criteria: list[Criterion]) -> list[Criterion]:
        """Give the criteria that nothing is said about."""
        return [
            one
            for one in criteria
            if not (self.statements.get(one.pk, "").strip() or self.judgments.get(one.pk))
        ]


def criteria_of(qualification: Qualification) -> list[Criterion]:
    """Give the criteria an assessment speaks of, in order: once it is given, in the words it was judged by."""
    rows = qualification.statements.all()
    if qualification.completed_at:
        return [one.judged_by for one in rows]
    known: list[Criterion] | None = qualification.__dict__.get(ASKED)
    if known is None:
        said = [one.criterion_id for one in rows if one.text or one.judgment]
        known = asked_criteria(qualification.proposal.round_id, said)
        qualification.__dict__[ASKED] = known
    return known


def forget_read(qualification: Qualification) -> None:
    """Let what is asked of an assessment next be read from the database: rows of it have been written."""
    getattr(qualification, "_prefetched_objects_cache", {}).clear()
    qualification.__dict__.pop(ASKED, None)


def asked_criteria(round_id: int, written_about: Iterable[int] = ()) -> list[Criterion]:
    """Give the criteria a round asks about, and those written about before another took their place."""
    return list(Criterion.objects.of_round(round_id).asked(written_about).listed())


def shown_qualification(qualification: Qualification) -> Shown:
    """Show what is written so far."""
    return shown_words(qualification, Words.of(qualification))


def shown_words(qualification: Qualification, words: Words) -> Shown:
    """Show such words in an assessment."""
    units = []
    for one in criteria_of(qualification):
        judgment = words.judgments.get(one.pk, "")
        units += [
            (statement_name(one), str(one), words.statements.get(one.pk, "").strip()),
            (
                judgment_name(one),
                judgment_label(one),
                str(Judgment(judgment).label) if judgment else "",
            ),
        ]
    return Shown.of_fields(
        *units,
        (TESTED, TESTED_LABEL, words.tested.strip()),
        (KNOWN, KNOWN_LABEL, words.known.strip()),
        (OUTCOME, "Udfald", str(Outcome(words.outcome).label) if words.outcome else ""),
        (SUMMARY, "Samlet udtalelse", words.summary.strip()),
        about=qualification.pk,
    )


def statement_name(criterion: Criterion) -> str:
    """Name the field of what is said about a criterion."""
    return f"{STATEMENT}{criterion.pk}"


def judgment_name(criterion: Criterion) -> str:
    """Name the field of whether a criterion is met."""
    return f"judgment_{criterion.pk}"


def judgment_label(criterion: Criterion) -> str:
    return f"Vurdering af {criterion.code}"


def shown_reply(qualification: Qualification) -> Shown:
    """Show the proposer's answer to an assessment."""
    return Shown.of_fields(
        (REPLY, "Svaret", qualification.reply), about=qualification.pk, by=qualification.replied_by
    )
