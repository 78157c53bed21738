"""Who may do what with people and what belongs to them: about duties, never about status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from klimaspor.accounts.models import User


@rules.predicate
def is_secretariat(user: User) -> bool:
    return user.is_authenticated and user.duties.is_secretariat


@rules.predicate
def is_administrator(user: User) -> bool:
    return user.is_authenticated and user.duties.is_administrator


rules.add_perm("accounts.administer", is_secretariat | is_administrator)
