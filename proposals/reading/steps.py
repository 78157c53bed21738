"""
Marking a proposal as read ("Markér som læst"): where each reader stands, which is of the reader alone. And bringing an earlier
text of an answer back, which is a save like any other.

A mark is never set by opening a page. It is set by the press, and when somebody sends the proposal, returns it or gives
the statement on it: then they have answered for its whole text. A comment answers for a sentence, and sets none.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from klimaspor import seen
from klimaspor.refusals import AlreadyDone, Refused
from klimaspor.seen import Shown
from proposals.answers.content import GOAL_TEXT, Content
from proposals.answers.sections import BY_SLUG, SECTION_OF, Kind
from proposals.drafting.holding import held
from proposals.drafting.models import AnswerChange
from proposals.drafting.parts import SectionForm
from proposals.drafting.steps import save_section
from proposals.line.editions import Edition
from proposals.line.models import Proposal, Stale
from proposals.line.standing import edition, latest_sent
from proposals.reading.models import ReadMark, Snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base
    from proposals.answers.sections import Field
    from proposals.line.models import Version


class NothingToRead(Refused):
    """Nothing of the proposal has come to the reader."""

    def __init__(self) -> None:
        super().__init__("Der er ikke noget at markere som læst endnu.")


class NotMarked(AlreadyDone):
    """There is no mark to take back, e.g. after a second press."""

    def __init__(self) -> None:
        super().__init__("Mærket er allerede taget tilbage.")


def shown_text(sha256: str) -> Shown:
    """Say what a page showed of the text, by the fingerprint of its content."""
    return Shown.of(("Forslaget", sha256))


@transaction.atomic
def mark_as_read(*, proposal_pk: int, base: Base | None, by: User, at: datetime) -> ReadMark:
    """
    Let the reader stand at the text that they read now; the page showed the text that `base` says.

    :raises NothingToRead:
    :raises Reread: the text has been changed since it was shown
    """
    proposal = Proposal.objects.locked(proposal_pk)
    if edition(by, proposal, at=at) == Edition.LIVE:
        content = Content.of(proposal, at=at)
        seen.require_read("Forslaget", base, shown_text(content.sha256))
        snapshot, _ = Snapshot.objects.get_or_create(
            proposal=proposal, sha256=content.sha256, defaults={"content": content.to_json()}
        )
        return _stand(proposal, by, snapshot=snapshot, at=at)
    version = latest_sent(by, proposal, at=at)
    if version is None:
        raise NothingToRead
    seen.require_read("Forslaget", base, shown_text(version.sha256))
    return _stand(proposal, by, version=version, at=at)


def mark_own(proposal: Proposal, version: Version, *, by: User, at: datetime) -> ReadMark:
    """Let whoever sent a version, or answered for it, stand at it; belongs in that step's transaction."""
    return _stand(proposal, by, version=version, at=at)


@transaction.atomic
def go_back(*, proposal_pk: int, marked: str, by: User, at: datetime) -> ReadMark | None:
    """
    Let the reader stand where they stood before the latest mark: nowhere, when it was the first.

    `marked` is the mark that the page showed (`mark_name`): a second press must not take back the one before it too.

    :raises NotMarked:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    mark = ReadMark.objects.of_reader(by).filter(proposal=proposal).first()
    if mark is None or mark_name(mark.read_at) != marked:
        raise NotMarked
    if mark.earlier_read_at is None:
        mark.delete()
    else:
        mark.read_at, mark.earlier_read_at = mark.earlier_read_at, None
        mark.version_id, mark.earlier_version_id = mark.earlier_version_id, None
        mark.snapshot_id, mark.earlier_snapshot_id = mark.earlier_snapshot_id, None
        mark.save(update_fields=COLUMNS)
    Snapshot.objects.left_by_all(proposal).delete()
    return mark if mark.pk else None


def mark_name(read_at: datetime) -> str:
    """Name a mark on a page, by when it was set."""
    return read_at.astimezone(UTC).isoformat()


COLUMNS = (
    "read_at",
    "version",
    "snapshot",
    "earlier_read_at",
    "earlier_version",
    "earlier_snapshot",
)


def _stand(
    proposal: Proposal,
    reader: User,
    *,
    version: Version | None = None,
    snapshot: Snapshot | None = None,
    at: datetime,
) -> ReadMark:
    mark = ReadMark.objects.of_reader(reader).filter(proposal=proposal).first()
    if mark is None:
        mark = ReadMark(proposal=proposal, user=reader)
    # By their keys: the texts are long, and need not be read.
    now = (version.pk if version else None, snapshot.pk if snapshot else None)
    if mark.pk and (mark.version_id, mark.snapshot_id) != now:
        # Pressed twice at the same text, the way back still leads to the one before.
        mark.earlier_read_at = mark.read_at
        mark.earlier_version_id, mark.earlier_snapshot_id = mark.version_id, mark.snapshot_id
    mark.read_at, (mark.version_id, mark.snapshot_id) = at, now
    mark.save(update_fields=COLUMNS if mark.pk else None)
    Snapshot.objects.left_by_all(proposal).delete()
    # What is written from now on is told apart from what was read.
    AnswerChange.objects.close(proposal)
    return mark


class NotReadable(Refused):
    """The earlier text can no longer be an answer to the question."""


@transaction.atomic
def bring_back(
    *,
    proposal_pk: int,
    revision: int,
    question: Field,
    text: str,
    base: Base,
    by: User,
    at: datetime,
) -> None:
    """
    Write what an answer said before, in a reader's words, as its next version; `base` is what the page showed of what stands.

    :raises NotEditable:
    :raises Stale:
    :raises Changed: somebody has written it since; the next press has seen what.
    :raises NotReadable:
    """
    proposal = held(proposal_pk)
    if proposal.revision != revision:
        raise Stale(proposal)
    slug = SECTION_OF[question.name]
    form = SectionForm(
        {question.name: _as_typed(question, text)}, section=BY_SLUG[slug], proposal=proposal
    )
    form.is_valid()
    answers = {name: form.answers[name] for name in question.attributes if name in form.answers}
    if question.name in form.errors or not answers:
        raise NotReadable("Den tidligere tekst kan ikke sættes ind igen. Skriv den i afsnittet.")
    # What stands now is kept whole, also when its writer brings it back at once.
    AnswerChange.objects.close(proposal, question.name)
    try:
        saved = save_section(
            proposal_pk=proposal_pk,
            slug=slug,
            answers=answers,
            bases={question.name: base},
            by=by,
            at=at,
        )
    except ValidationError as error:
        raise NotReadable(" ".join(error.messages)) from error
    for changed in saved.conflicts.values():
        raise changed


def _as_typed(question: Field, text: str) -> str | list[str]:
    """Write an answer as its field takes it."""
    if question.kind == Kind.YES_NO:
        return {"Ja": "True", "Nej": "False"}.get(text, "")
    if question.kind == Kind.GOALS:
        chosen = {line.removeprefix("- ") for line in text.splitlines()}
        return [str(number) for number, goal in GOAL_TEXT.items() if goal in chosen]
    return text
