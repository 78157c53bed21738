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

# What a system administrator may look at in Django's admin: people and letters, never proposals.
for _app, _models in {
    "accounts": (
        "dgo",
        "invitation",
        "loadedreference",
        "membership",
        "organization",
        "organizationrequest",
        "user",
    ),
    "mail": ("outgoingmail", "mailattachment"),
}.items():
    rules.add_perm(_app, is_administrator)
    for _model in _models:
        rules.add_perm(f"{_app}.view_{_model}", is_administrator)
