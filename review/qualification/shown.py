"""The assessment as a document, as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proposals.answers.content import Content
from proposals.answers.sections import FIELDS, SECTIONS
from proposals.reading import diff
from proposals.reading.shown import WRITTEN
from review.qualification.models import Outcome, Qualification
from review.qualification.seen import KNOWN, KNOWN_LABEL, TESTED, TESTED_LABEL, criteria_of

if TYPE_CHECKING:
    from proposals.line.models import Proposal, Version

SIDES = (
    (TESTED, TESTED_LABEL, ("has_development", "development")),
    (KNOWN, KNOWN_LABEL, ("is_beyond_known", "novelty")),
)
"""What both are asked: the adviser's question, and the questions of the form that ask the proposer the same."""


def criteria_said(given: Qualification) -> list[dict[str, Any]]:
    """List every criterion with what is said about it, which may be nothing."""
    said = {one.criterion_id: one for one in given.statements.all()}
    return [
        {
            "criterion": one,
            "judgment": said[one.pk].get_judgment_display() if one.pk in said else "",
            "text": said[one.pk].text if one.pk in said else "",
        }
        for one in criteria_of(given)
    ]


def proposers_answers(sent: Content | None) -> dict[str, list[dict[str, Any]]]:
    """Give what the proposer answers to what the adviser is asked too, by the name of the adviser's answer."""
    if sent is None:
        return {}
    answers = {answer.name: answer for answer in sent.answers}
    return {
        name: [
            {
                "label": FIELDS[asked].label,
                "value": answers[asked].text if asked in answers else "",
                "prose": FIELDS[asked].kind in WRITTEN,
            }
            for asked in of_proposer
        ]
        for name, _, of_proposer in SIDES
    }


def sides(given: Qualification) -> list[dict[str, Any]]:
    """Give the answers of proposer and adviser to the same, side by side; none where the adviser has said nothing."""
    if not (given.tested or given.known):
        return []
    theirs = proposers_answers(Content.of_version(given.version))
    return [
        {"question": label, "proposer": theirs[name], "adviser": getattr(given, name)}
        for name, label, _ in SIDES
    ]


def since_return(proposal: Proposal, version: Version | None) -> dict[str, Any] | None:
    """
    Give what became of what was asked for when the proposal was sent back last, section by section, with what nobody asked for.

    Nothing where it has not been sent again since.
    """
    if version is None or version.number == 1:
        return None
    event = (
        proposal.events.of_transition("return_for_changes").with_history().newest_first().first()
    )
    if event is None or event.version is None or event.version.number >= version.number:
        return None
    asked = {reason.section: reason.text for reason in event.reasons.all()}
    changed: dict[str, list[str]] = {}
    for change in diff.compare(Content.of_version(event.version), Content.of_version(version)):
        changed.setdefault(change.section, []).append(change.label)
    rows = [
        {
            "slug": section.slug,
            "title": section.title,
            "asked": asked.get(section.slug, ""),
            "labels": changed.get(section.title, []),
        }
        for section in SECTIONS
        if section.slug in asked or section.title in changed
    ]
    return {
        "returned_at": event.at,
        "before": event.version,
        "done": [row for row in rows if row["asked"] and row["labels"]],
        "undone": [row for row in rows if row["asked"] and not row["labels"]],
        "unasked": [row for row in rows if not row["asked"]],
    }


def document(given: Any) -> dict[str, Any]:
    """Give what templates/review/qualification/_qualification.html shows."""
    is_waived = given.outcome == Outcome.WAIVED
    return {
        "qualification": given,
        "criteria": [] if is_waived else criteria_said(given),
        "sides": [] if is_waived else sides(given),
        "cosignatures": cosignatures(given),
        "replies": list(given.reply_wordings.with_people().oldest_first())
        if given.is_reply_changed
        else [],
        "earlier": document(amended_by(given)) if given.amends_id else None,
    }


def amended_by(given: Any) -> Any:
    """Give the assessment that this one took the place of."""
    return Qualification.objects.with_statements().get(pk=given.amends_id)


def cosignatures(given: Any) -> list[Any]:
    """Give who has put a name under an assessment, also where its text was changed since."""
    return list(given.cosignatures.with_people().listed()) if given.is_cosigned else []
