"""What a person may be, and is on one day."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """What a person may be, on behalf of whom."""

    MEMBER = "member", "medarbejder"
    DGO_ADVISER = "dgo_adviser", "DGO-rådgiver"
    SECRETARIAT = "secretariat", "sekretariatet"
    COMMITTEE = "committee", "medlem af forretningsudvalget"
    FUNDER = "funder", "repræsentant for bidragyder"
    ADMINISTRATOR = "administrator", "systemadministrator"

    def capacity(self, whom: str | None) -> str:
        """Say on whose behalf the role is held, given the DGO or organization by name."""
        if self is Role.COMMITTEE:
            return "forretningsudvalget"
        return whom or str(self.label)


@dataclass(frozen=True)
class Duties:
    """What a person is on one day; read once a request."""

    is_secretariat: bool = False
    is_committee: bool = False
    is_administrator: bool = False
    dgo_ids: frozenset[int] = frozenset()
    funder_ids: frozenset[int] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    """Every organization the person is tied to, confirmed or only claimed, also as funder or committee."""
    other_organization_ids: frozenset[int] = frozenset()
    """The same without those whose money the person answers for: a funder is nobody's partner in its own answer."""
    confirmed_organization_ids: frozenset[int] = frozenset()
    member_ids: frozenset[int] = frozenset()
    """Those that the secretariat has confirmed the person acts for."""
    acts_for: tuple[tuple[int, str], ...] = ()
    """Id and name of each organization the person says to act for, confirmed or not, in Danish order."""
    capacities: tuple[str, ...] = ()
    """What the page calls the roles that come by invitation: "KlimaNord", "sekretariatet"."""

    @property
    def staff_roles(self) -> frozenset[Role]:
        """Give the roles the person has that come by invitation."""
        held = {
            Role.SECRETARIAT: self.is_secretariat,
            Role.COMMITTEE: self.is_committee,
            Role.ADMINISTRATOR: self.is_administrator,
            Role.DGO_ADVISER: self.dgo_ids,
            Role.FUNDER: self.funder_ids,
        }
        return frozenset(role for role, holds in held.items() if holds)

    @property
    def is_staff(self) -> bool:
        """Whether the person has any role that comes by invitation."""
        return bool(self.staff_roles)
