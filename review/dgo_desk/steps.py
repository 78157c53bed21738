"""An adviser's own views of the desk: kept, changed, removed, one of them shown first."""

from __future__ import annotations

from django.db import transaction

from klimaspor.accounts.models import User
from klimaspor.refusals import Missing, Refused
from review.dgo_desk.models import SavedView

MOST_VIEWS = 20
TAKEN = "Du har allerede en visning med det navn. Vælg et andet"


class TooMany(Refused):
    """Nobody finds their way among more."""


@transaction.atomic
def keep(*, name: str, query: str, is_default: bool, by: User) -> SavedView:
    """
    Keep how the desk is looked at.

    :raises Missing: the person has a view of that name.
    :raises TooMany:
    """
    # Whoever it is of is held, so that two of one name, or two that are shown first, cannot be made at once.
    User.objects.select_for_update().get(pk=by.pk)
    own = SavedView.objects.of(by)
    if own.filter(name=name).exists():
        raise Missing({"name": TAKEN})
    if own.count() >= MOST_VIEWS:
        raise TooMany(f"Du har allerede {MOST_VIEWS} visninger. Fjern en af dem først.")
    if is_default:
        own.defaults().update(is_default=False)
    made: SavedView = own.create(user=by, name=name, query=query, is_default=is_default)
    return made


@transaction.atomic
def change(*, view_pk: int, name: str, is_default: bool, by: User) -> SavedView:
    """
    Give a view another name, and say whether it is shown first.

    :raises Missing: the person has another view of that name.
    """
    User.objects.select_for_update().get(pk=by.pk)
    own = SavedView.objects.of(by)
    view: SavedView = own.get(pk=view_pk)
    if own.exclude(pk=view_pk).filter(name=name).exists():
        raise Missing({"name": TAKEN})
    if is_default:
        own.exclude(pk=view_pk).defaults().update(is_default=False)
    view.name, view.is_default = name, is_default
    view.save(update_fields=["name", "is_default"])
    return view
