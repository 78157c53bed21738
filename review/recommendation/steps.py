"""The recommendation ("indstilling") to the committee: direction, resumé, at-points and an amount for each funder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.accounts.models import Organization
from klimaspor.refusals import Missing
from proposals.answers.content import counting_day
from proposals.line import impartiality
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Event, Proposal
from proposals.line.steps import day_end, hold, require_status
from review.formality import steps as formality
from review.qualification import steps as qualification
from review.recommendation import mails
from review.recommendation.models import (
    Direction,
    Recommendation,
    RecommendationPoint,
    RecommendedAmount,
)
from review.recommendation.seen import (
    DIRECTION,
    POINTS,
    REASON,
    RESUME,
    amount_name,
    shown_recommendation,
    shown_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from klimaspor.accounts.models import User
    from klimaspor.seen import Base

ENDED = "er ikke længere bidragyder. Slet beløbet"


def current(proposal: Proposal) -> Recommendation | None:
    """Give what is being written, or else what was made, for what was sent to approval last."""
    found: Recommendation | None = (
        proposal.recommendations.filter(version=formality.sent_version(proposal))
        .with_points()
        .select_related("edited_by")
        .newest_first()
        .first()
    )
    return found


def starting_point(proposal: Proposal) -> Recommendation | None:
    """Give what a page begins with: `current`, or else what was written about an earlier version."""
    earlier: Recommendation | None = proposal.recommendations.with_points().newest_first().first()
    return current(proposal) or earlier


@transaction.atomic
def save(
    *,
    proposal_pk: int,
    direction: str,
    resume: str,
    reason: str,
    points: Sequence[str],
    amounts: Mapping[int, Decimal | None],
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Recommendation:
    """
    Keep what is written so far; `amounts` in kroner by funder, None for one that is not asked, and others are left alone.

    The first save about a version goes on from what was written about the one before.

    :raises Changed: somebody else has written in a field that was touched since `bases`, or what was sent is another version.
    :raises Missing: direction or amounts.
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = Proposal.objects.locked(proposal_pk)
    require_status(proposal, Status.IN_APPROVAL, act="Skriv en indstilling")
    impartiality.require(by, proposal, at=at)
    if direction and direction not in Direction.values:
        raise Missing({"direction": "Vælg en retning"})
    version, recommendation = formality.sent_version(proposal), _draft(proposal)
    stands = current(proposal)
    standing = {row.funder: row.amount for row in stands.amounts.all()} if stands else {}
    named = Organization.objects.in_bulk(list(amounts))
    given = {named[pk]: amount for pk, amount in amounts.items()}
    asked = {**standing, **given}
    typed = shown_words(
        version,
        direction=direction,
        resume=resume.strip(),
        reason=reason.strip(),
        points=[text.strip() for text in points if text.strip()],
        amounts=[(funder, amount) for funder, amount in asked.items() if amount is not None],
        funders=given,
    )
    now = shown_recommendation(version, stands, given)
    names = seen.touched(bases, now, typed, reader=by)
    changed = {
        funder: amount for funder, amount in given.items() if amount_name(funder.pk) in names
    }
    _require_amounts(changed, day=counting_day(proposal, at))
    if DIRECTION in names:
        recommendation.direction = direction
    if RESUME in names:
        recommendation.resume = resume.strip()
    if REASON in names:
        recommendation.reason = reason.strip()
    recommendation.edited_at = at
    recommendation.edited_by = by
    recommendation.save(update_fields=["direction", "resume", "reason", "edited_at", "edited_by"])
    if POINTS in names:
        recommendation.points.all().delete()
        RecommendationPoint.objects.bulk_create(
            RecommendationPoint(recommendation=recommendation, position=position, text=text)
            for position, text in enumerate((p.strip() for p in points if p.strip()), 1)
        )
    recommendation.amounts.filter(funder__in=changed).delete()
    RecommendedAmount.objects.bulk_create(
        RecommendedAmount(recommendation=recommendation, funder=funder, amount=amount)
        for funder, amount in changed.items()
        if amount is not None
    )
    return recommendation


def _require_amounts(asked: Mapping[Organization, Decimal | None], *, day: date) -> None:
    """
    Refuse to ask whoever gives nothing, or for less than nothing.

    :raises Missing: amounts.
    """
    amounts = {funder: amount for funder, amount in asked.items() if amount is not None}
    if ended := _ended(amounts, day=day):
        raise Missing({"amounts": f"{ended} {ENDED}"})
    if any(amount < 0 for amount in amounts.values()):
        raise Missing({"amounts": "Beløbet kan ikke være mindre end 0 kr"})


def _ended(funders: Iterable[Organization], *, day: date) -> str:
    """Name those that give nothing any longer by the day the track may begin."""
    gone = [one for one in funders if not (one.is_funder and one.is_valid(day))]
    return danish.join_text([one.name for one in sorted(gone, key=lambda one: one.sort_key)])


def missing(proposal: Proposal, *, at: datetime) -> dict[str, str]:
    """Say what stands in the way of recommending, by field; `check` is the formal check. Empty when nothing does."""
    return missing_from(current(proposal), proposal, at=at)


def missing_from(
    recommendation: Recommendation | None, proposal: Proposal, *, at: datetime
) -> dict[str, str]:
    """The same for what has been read already."""
    errors = {}
    version = formality.sent_version(proposal)
    check = formality.check_of(version) if version else None
    blocking = [j for j in formality.judged(version, check) if j.is_blocking] if version else []
    if check is None or check.checked_at is None:
        errors["check"] = "Svar på alle krav i den formelle kontrol"
    elif blocking:
        ids = danish.join_text([j.requirement.id for j in blocking])
        errors["check"] = (
            f"{ids} er ikke opfyldt. Bed om at få forslaget gjort færdigt, eller afvis det"
        )
    if recommendation is None or not recommendation.direction:
        errors["direction"] = "Vælg, om forslaget indstilles til godkendelse eller afslag"
    if recommendation is None or not recommendation.resume:
        errors["resume"] = "Skriv et resumé"
    if recommendation is None or not recommendation.points.all():
        errors["points"] = "Skriv mindst ét at-punkt"
    if (
        recommendation
        and recommendation.direction == Direction.REJECT
        and not recommendation.reason
    ):
        errors["reason"] = "Skriv, hvorfor forslaget indstilles til afslag"
    asked = [row.funder for row in recommendation.amounts.all()] if recommendation else []
    if ended := _ended(asked, day=counting_day(proposal, at)):
        errors["amounts"] = f"{ended} {ENDED}"
    return errors


@transaction.atomic
def recommend(
    *, proposal_pk: int, revision: int, base: Base | None = None, by: User, at: datetime
) -> Event:
    """
    Put the recommendation to the committee's next meeting.

    :raises Reread: it says something else than what the last look showed.
    :raises Missing: whatever `missing` says.
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.RECOMMEND, revision=revision)
    impartiality.require(by, proposal, at=at)
    if errors := missing(proposal, at=at):
        raise Missing(errors)
    shown = shown_recommendation(formality.sent_version(proposal), current(proposal))
    seen.require_read("Indstillingen", base, shown)
    recommendation = _draft(proposal)
    recommendation.recommended_at = at
    recommendation.recommended_by = by
    recommendation.save(update_fields=["recommended_at", "recommended_by"])
    event = proposal.move(
        Transition.RECOMMEND,
        by=by,
        at=at,
        version=recommendation.version,
        note=recommendation.get_direction_display(),
    )
    mails.recommended(proposal, event, at=at)
    return event


@transaction.atomic
def correct(
    *,
    proposal_pk: int,
    revision: int,
    reason: str,
    answer_date: date | None = None,
    by: User,
    at: datetime,
) -> Event:
    """
    Take the proposal one step back, because somebody pressed by mistake; nothing that was written is lost.

    `answer_date` may give the proposer a term, when the proposal comes back there and the deadline has passed.

    :raises Missing: reason or answer_date.
    :raises AlreadyDone:
    :raises Stale:
    :raises IllegalTransition:
    :raises NotImpartial:
    """
    proposal = hold(proposal_pk, Transition.CORRECT, revision=revision)
    impartiality.require(by, proposal, at=at)
    errors = {}
    if not reason.strip():
        errors["reason"] = "Skriv, hvad der er en fejl"
    target = Transition.CORRECT.target_from(Status(proposal.status))
    answer_due_at = None
    if answer_date is not None and target in (Status.DRAFT, Status.QUALIFIED):
        answer_due_at = day_end(answer_date)
        if answer_due_at <= at:
            errors["answer_date"] = "Vælg en dato, der ikke er passeret"
    if errors:
        raise Missing(errors)
    match proposal.status:
        case Status.QUALIFIED:
            qualification.reopen(proposal)
        case Status.RECOMMENDED:
            _reopen(proposal, by=by, at=at)
    event = proposal.move(
        Transition.CORRECT,
        by=by,
        at=at,
        to=target,
        reason=reason.strip(),
        answer_due_at=answer_due_at,
    )
    mails.corrected(proposal, event, by=by, at=at)
    return event


def _draft(proposal: Proposal) -> Recommendation:
    version = formality.sent_version(proposal)
    if version is None:
        raise LookupError(f"{proposal.number} is in approval without a version")
    earlier = starting_point(proposal)
    recommendation, is_new = Recommendation.objects.get_or_create(
        proposal=proposal, version=version, recommended_at=None
    )
    if is_new and earlier:
        _copy_words(earlier, recommendation)
    return recommendation


def _copy_words(earlier: Recommendation, copy: Recommendation) -> None:
    for name in ("direction", "resume", "reason"):
        setattr(copy, name, getattr(earlier, name))
    copy.save(update_fields=["direction", "resume", "reason"])
    RecommendationPoint.objects.bulk_create(
        RecommendationPoint(recommendation=copy, position=point.position, text=point.text)
        for point in earlier.points.all()
    )
    RecommendedAmount.objects.bulk_create(
        RecommendedAmount(recommendation=copy, funder_id=row.funder_id, amount=row.amount)
        for row in earlier.amounts.all()
    )


def _reopen(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Let the recommendation be written on; one that a published agenda shows stays as it is, and a copy is made."""
    made = proposal.recommendations.made().newest_first().first()
    if made is None:
        return
    if not proposal.agenda_items.filter(recommendation=made).exists():
        made.recommended_at = None
        made.recommended_by = None
        made.save(update_fields=["recommended_at", "recommended_by"])
        return
    copy = Recommendation.objects.create(
        proposal=proposal, version=made.version, edited_at=at, edited_by=by
    )
    _copy_words(made, copy)
