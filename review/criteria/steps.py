"""The criteria of assessment ("vurderingskriterier") of a round, as the secretariat keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor.refusals import Refused
from proposals.rounds.models import Round
from review.criteria.models import Criterion

if TYPE_CHECKING:
    from klimaspor.accounts.models import User


class InUse(Refused):
    def __init__(self, criterion: Criterion) -> None:
        super().__init__(
            f"{criterion} kan ikke fjernes, for der er skrevet en udtalelse om det. Ret det i stedet."
        )


class CodeTaken(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(f"Runden har allerede et kriterium med nummeret {code}.")


class Replaced(Refused):
    def __init__(self, criterion: Criterion) -> None:
        super().__init__(f"{criterion} er allerede afløst af {criterion.replaced_by}.")


class NothingToCopy(Refused):
    def __init__(self, round_: Round) -> None:
        super().__init__(f"{round_} har ingen kriterier, der ikke er her i forvejen.")


@transaction.atomic
def add(
    *, round_pk: int, code: str, title: str, text: str, is_placeholder: bool, by: User
) -> Criterion:
    """
    Put a criterion last in a round.

    :raises CodeTaken:
    """
    round_ = Round.objects.locked(round_pk)
    there = Criterion.objects.of_round(round_)
    if code in there.codes():
        raise CodeTaken(code)
    return Criterion.objects.create(
        round=round_,
        code=code,
        title=title,
        text=text,
        is_placeholder=is_placeholder,
        position=there.count() + 1,
    )


@transaction.atomic
def replace(
    *, criterion_pk: int, code: str, title: str, text: str, is_placeholder: bool, by: User
) -> Criterion:
    """
    Ask another criterion in place of one that has been written about, which keeps what it says.

    :raises CodeTaken:
    :raises Replaced:
    """
    old: Criterion = Criterion.objects.get(pk=criterion_pk)
    round_ = Round.objects.locked(old.round_id)
    old = Criterion.objects.locked(criterion_pk)
    if old.replaced_by_id:
        raise Replaced(old)
    there = Criterion.objects.of_round(round_)
    if code in there.codes():
        raise CodeTaken(code)
    order = list(there.listed())
    new = Criterion.objects.create(
        round=round_, code=code, title=title, text=text, is_placeholder=is_placeholder
    )
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    order.insert(order.index(old) + 1, new)
    _number(order)
    return new


@transaction.atomic
def move(*, criterion_pk: int, up: bool, by: User) -> Criterion:
    """Let a criterion change places with the one before it, or after it."""
    criterion: Criterion = Criterion.objects.get(pk=criterion_pk)
    Round.objects.locked(criterion.round_id)
    order = list(Criterion.objects.of_round(criterion.round_id).listed())
    here = order.index(criterion)
    there = here + (-1 if up else 1)
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    _number(order)
    return criterion


@transaction.atomic
def remove(*, criterion_pk: int, by: User) -> Criterion:
    """
    Take a criterion nobody has written about out of its round.

    :raises InUse:
    """
    criterion: Criterion = Criterion.objects.with_use().get(pk=criterion_pk)
    Round.objects.locked(criterion.round_id)
    if Criterion.objects.with_use().get(pk=criterion_pk).is_used:
        raise InUse(criterion)
    Criterion.objects.filter(pk=criterion_pk).delete()
    _number(list(Criterion.objects.of_round(criterion.round_id).listed()))
    return criterion


@transaction.atomic
def copy(*, from_round_pk: int, to_round_pk: int, by: User) -> int:
    """
    Put those of one round's criteria that another has not last in it, and return how many that was.

    :raises NothingToCopy:
    """
    round_ = Round.objects.locked(to_round_pk)
    there = Criterion.objects.of_round(round_)
    taken, last = there.codes(), there.count()
    found = [
        criterion
        for criterion in Criterion.objects.of_round(from_round_pk).asked().listed()
        if criterion.code not in taken
    ]
    if not found:
        raise NothingToCopy(Round.objects.get(pk=from_round_pk))
    Criterion.objects.bulk_create(
        Criterion(
            round=round_,
            code=criterion.code,
            title=criterion.title,
            text=criterion.text,
            is_placeholder=criterion.is_placeholder,
            position=last + number,
        )
        for number, criterion in enumerate(found, 1)
    )
    return len(found)


def _number(order: list[Criterion]) -> None:
    for position, criterion in enumerate(order, 1):
        criterion.position = position
    Criterion.objects.bulk_update(order, ["position"])
