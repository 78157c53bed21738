"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.drafting import digest
from proposals.eligibility import REQUIREMENTS
from review.models import Criterion, Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klimaspor.accounts.models import User
    from proposals.models import Version
    from review.models import (
        Agenda,
        AgendaItem,
        FormalCheck,
        Qualification,
        Recommendation,
    )

Told = list[tuple[str, str]]
"""What somebody wrote, by what a form calls it."""
Answers = dict[str, tuple[bool | None, str]]

ITEM_FIELDS = ("title", "kind", "minutes", "is_closed", "resume", "proposed", "case_text")


class Changed(Exception):
    """
    Somebody has saved since the page was opened.

    `told` is what they wrote; `base` is what a page that shows it carries.
    """

    def __init__(self, base: str, told: Told, *, by: User | None, reader: User) -> None:
        who = "Du har selv" if by == reader else f"{by.name} har" if by else "En kollega har"
        super().__init__(
            f"{who} gemt en ny udgave, siden du åbnede siden. "
            "Se begge udgaver, ret din egen, og gem igen."
        )
        self.base = base
        self.told = told


class Reread(Exception):
    """What a last look showed has changed since; `base` is what a page that shows it now carries."""

    def __init__(self, what: str, base: str) -> None:
        super().__init__(
            f"{what} er ændret, siden du åbnede siden. Læs igen, hvad der står, og tryk så."
        )
        self.base = base


GONE = "gone"


class Gone(Reread):
    """What was written about has been taken away; the next press has been told so."""

    def __init__(self, text: str) -> None:
        Exception.__init__(self, text)
        self.base = GONE


def is_seen(base: str | None, stands: str, *, is_blank: bool = False) -> bool:
    """
    Say whether what stands was on the page; a page without a base has seen nothing, and may write where nothing stands.

    None is for whoever acts without a page.
    """
    return base is None or base == stands or (is_blank and not base)


def _digest(*values: Any) -> str:
    return digest([repr(values)])


def of_check(version: Version | None, check: FormalCheck | None) -> str:
    return _digest(version and version.pk, sorted(answers(check).items()))


def answers(check: FormalCheck | None) -> Answers:
    """Give what has been said about the requirements, those with neither answer nor remark left out."""
    return said(
        {row.requirement: (row.is_met, row.note) for row in check.answers.all()} if check else {}
    )


def said(given: Mapping[str, tuple[bool | None, str]]) -> Answers:
    tidy = {name: (is_met, note.strip()) for name, (is_met, note) in given.items()}
    return {name: answer for name, answer in tidy.items() if answer != (None, "")}


def told_check(check: FormalCheck | None) -> Told:
    words = {True: "Opfyldt", False: "Ikke opfyldt", None: "Ikke besvaret"}
    given = answers(check)
    return [
        (requirement.id, f"{words[is_met]}\n{note}".strip())
        for requirement in REQUIREMENTS
        for is_met, note in [given.get(requirement.id, (None, ""))]
    ]


def of_recommendation(version: Version | None, recommendation: Recommendation | None) -> str:
    return _digest(version and version.pk, recommended(recommendation))


def recommended(recommendation: Recommendation | None) -> tuple[Any, ...]:
    """Give what a recommendation says, to be held against what was typed."""
    if recommendation is None:
        return ("", "", "", [], {})
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    amounts = sorted(recommendation.amounts.all(), key=lambda row: row.funder_id)
    return (
        recommendation.direction,
        recommendation.resume,
        recommendation.reason,
        [point.text for point in points],
        {row.funder_id: danish.money_text(row.amount) for row in amounts},
    )


def told_recommendation(recommendation: Recommendation | None) -> Told:
    if recommendation is None:
        return []
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    return [
        ("Retning", recommendation.get_direction_display()),
        ("Resumé", recommendation.resume),
        ("At-punkter", "\n".join(f"- {point.text}" for point in points)),
        ("Begrundelse", recommendation.reason),
        *(
            (f"Beløb fra {row.funder.name}", danish.money_text(row.amount))
            for row in recommendation.amounts.all()
        ),
    ]


def of_qualification(qualification: Qualification | None) -> str:
    return _digest(qualification.pk, qualification.revision) if qualification else ""


def told_qualification(qualification: Qualification) -> Told:
    given = {one.criterion_id: one.text for one in qualification.statements.all()}
    criteria = Criterion.objects.of_round(qualification.proposal.round_id).listed()
    return [
        *((str(criterion), given.get(criterion.pk, "")) for criterion in criteria),
        ("Udfald", qualification.get_outcome_display()),
        ("Samlet udtalelse", qualification.summary),
    ]


def of_reply(qualification: Qualification | None) -> str:
    return _digest(qualification.pk, qualification.reply) if qualification else ""


def of_meeting(agenda: Agenda) -> str:
    return _digest(agenda.meeting_date, agenda.meeting_time, agenda.place)


def told_meeting(agenda: Agenda) -> Told:
    at = agenda.meeting_time
    return [
        ("Mødedato", danish.short_date(agenda.meeting_date)),
        ("Klokkeslæt", danish.time_text(at) if at else ""),
        ("Sted", agenda.place),
    ]


def of_item(item: AgendaItem) -> str:
    return _digest([str(getattr(item, name)) for name in ITEM_FIELDS])


def told_item(item: AgendaItem) -> Told:
    own = [
        ("Type", item.get_kind_display()),
        ("Minutter", str(item.minutes)),
        ("Lukket punkt", "Ja" if item.is_closed else "Nej"),
    ]
    if item.proposal_id:
        return own
    return [
        ("Titel", item.title),
        *own,
        ("Resumé", item.resume),
        ("Indstilling", item.proposed),
        ("Sagsfremstilling", item.case_text),
    ]


def of_agenda(agenda: Agenda) -> str:
    """Give the base of what an agenda holds, in its order; whether a proposal has left it is said otherwise."""
    items = agenda.items.listed()
    return _digest(of_meeting(agenda), [(item.pk, of_item(item)) for item in items])


def of_attendance(agenda: Agenda) -> str:
    """Empty before anybody has said who was there."""
    rows = attended(agenda)
    return _digest(rows) if rows else ""


def attended(agenda: Agenda) -> list[tuple[str, str]]:
    return [(row.name, str(row.presence)) for row in agenda.attendance.order_by("pk")]


def told_attendance(agenda: Agenda) -> Told:
    return [(row.name, row.get_presence_display()) for row in agenda.attendance.order_by("pk")]


def of_decision(item: AgendaItem) -> str:
    """Empty before anybody has written."""
    decision: Decision | None = getattr(item, "decision", None)
    return _digest(decided(decision), recused(item)) if decision else ""


def decided(decision: Decision) -> tuple[Any, ...]:
    """Give what a decision says, to be held against what was typed."""
    return (
        str(decision.outcome),
        decision.text,
        decision.reason,
        decision.conditions,
        str(decision.back_to),
        decision.back_to_round_id,
    )


def recused(item: AgendaItem) -> list[str]:
    return sorted(row.name for row in item.recusals.all())


def told_decision(decision: Decision) -> Told:
    to_round = decision.back_to_round
    return [
        ("Beslutning", decision.get_outcome_display()),
        ("Beslutningens ordlyd", decision.text),
        ("Begrundelse", decision.reason),
        ("Betingelser", decision.conditions),
        ("Sendes tilbage til", decision.get_back_to_display()),
        ("Til runden", to_round.name if to_round else ""),
        ("Deltog ikke i sagens behandling", danish.join_text(recused(decision.item))),
    ]


def of_decisions(agenda: Agenda) -> str:
    """Give the base of who was there, what is decided, and which proposals have left."""
    items = agenda.items.with_cases().with_decisions().listed()
    rows = [(item.pk, item.is_dropped, of_decision(item)) for item in items]
    return _digest(of_attendance(agenda), rows)
