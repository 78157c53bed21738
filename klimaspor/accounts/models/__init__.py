"""
People, the organizations they act for ("på vegne af"), the DGOs, and who holds which duty when.

A membership of an organization is a claim until the secretariat confirms it and lets nobody read anything.
Staff roles are given by invitation only.
"""

from klimaspor.accounts.models.links import InvitationByLink
from klimaspor.accounts.models.memberships import Invitation, Membership
from klimaspor.accounts.models.organizations import (
    AUTHORITY_KINDS,
    Dgo,
    Organization,
    OrganizationKind,
    OrganizationRequest,
    danish_sort_key,
)
from klimaspor.accounts.models.reference import LoadedReference
from klimaspor.accounts.models.roles import Duties, Role
from klimaspor.accounts.models.two_steps import TwoStepReset
from klimaspor.accounts.models.users import User

__all__ = [
    "AUTHORITY_KINDS",
    "Dgo",
    "Duties",
    "Invitation",
    "InvitationByLink",
    "LoadedReference",
    "Membership",
    "Organization",
    "OrganizationKind",
    "OrganizationRequest",
    "Role",
    "TwoStepReset",
    "User",
    "danish_sort_key",
]
