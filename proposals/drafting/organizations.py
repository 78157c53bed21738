"""
Which organizations somebody may choose: their own, and those a search finds.

An organization is chosen for what lies ahead. So a search knows the days it is to exist on: of a proposal the day its
participants are counted, of one that is not begun the meetings of the rounds it may come to. A region that has ended by
then is not offered, and what it was merged into is, also to whoever searches for the old name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.pages import searched
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from proposals.rounds.models import Round

MOST_FOUND = 12
ANSWERED = "searched"
"""What a page carries, hidden, beside what was found: the word it answers."""
MOST_DIGITS = 18


class NotThen(Refused):
    """The organization does not exist when the proposal is to be decided or carried out."""

    def __init__(self, organization: Organization, day: date) -> None:
        entity = organization.entity_on(day)
        instead = f"Vælg {entity.name}" if entity else "Vælg en anden"
        super().__init__(f"{organization.name} findes ikke den {danish.short_date(day)}. {instead}")


def is_looking_up(data: Any) -> bool:
    """Say whether the press asks for a search of organizations, and for nothing to be done."""
    pressed = data.get("do")
    has_only_searched = bool(data.get("search") and not data.get("on_behalf"))
    return pressed == "search" or (
        pressed == "enter" and (has_only_searched or is_new_word(data, "search"))
    )


def is_new_word(data: Any, name: str) -> bool:
    """
    Say whether something else is looked for than the page has answered.

    Enter presses the form's first button wherever one stands, and only so it is known that one stood in the search.
    """
    word = searched(data, name)
    return bool(word) and word != searched(data, ANSWERED)


def meeting_days(rounds: Iterable[Round], *, at: datetime) -> list[date]:
    """Give the days on which something new may be decided; today where no round takes it in."""
    today = danish.day_of(at)
    return [max(today, round_.meeting_date) for round_ in rounds] or [today]


def find_organizations(text: str, *, days: Collection[date]) -> list[Organization]:
    """Find organizations that exist on one of the days; everybody signed in may look them all up."""
    valid = Organization.objects.valid(*days)
    return list(valid.matching_then_or_now(text).best_first(text)[:MOST_FOUND])


def kind_text(organization: Organization, *, at: datetime) -> str:
    """Say what it is, and when it begins where that lies ahead."""
    begins = organization.valid_from_date
    kind = organization.get_kind_display()
    if begins is None or begins <= danish.day_of(at):
        return str(kind)
    return f"{kind}, fra den {danish.short_date(begins)}"


def acted_for(somebody: User, *, days: Collection[date], at: datetime) -> list[Organization]:
    """
    Give the organizations somebody is tied to, also where it is only a claim: on behalf of whom is one too.

    One that is merged into another by then stands as what it becomes.
    """
    ids = list(somebody.duties_at(at).organization_ids)
    held = Organization.objects.with_successor().filter(pk__in=ids)
    own = {entity for one in held for day in days if (entity := one.entity_on(day))}
    return sorted(own, key=lambda o: danish.sort_key(o.name))


def chosen_organization(key: str, *, days: Collection[date]) -> list[Organization]:
    valid = Organization.objects.valid(*days)
    is_key = key.isdecimal() and len(key) < MOST_DIGITS
    return list(valid.in_bulk([int(key)]).values()) if is_key else []
