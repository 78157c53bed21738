"""Which organizations somebody may propose for: their own, and those a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts.models import Organization
from klimaspor.pages import searched

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from klimaspor.pages import Page

MOST_FOUND = 12
ANSWERED = "searched"
"""What a page carries, hidden, beside what was found: the word it answers."""
MOST_DIGITS = 18


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


def find_organizations(page: Page, text: str) -> list[Organization]:
    """Find organizations that exist today; everybody signed in may look them all up."""
    valid = Organization.objects.valid(danish.day_of(page.at))
    return list(valid.matching(text).best_first(text)[:MOST_FOUND])


def own_organizations(page: Page) -> list[Organization]:
    return acted_for(page, page.user)


def acted_for(page: Page, somebody: User) -> list[Organization]:
    """Give the organizations somebody is tied to, also where it is only a claim: on behalf of whom is one too."""
    valid = Organization.objects.valid(danish.day_of(page.at))
    own = valid.in_bulk(list(somebody.duties_at(page.at).organization_ids)).values()
    return sorted(own, key=lambda o: danish.sort_key(o.name))


def chosen_organization(page: Page, key: str) -> list[Organization]:
    valid = Organization.objects.valid(danish.day_of(page.at))
    is_key = key.isdecimal() and len(key) < MOST_DIGITS
    return list(valid.in_bulk([int(key)]).values()) if is_key else []
