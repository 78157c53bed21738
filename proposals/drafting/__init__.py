"""Writing a proposal: made, filled in section by section, handed over."""

from proposals.drafting.attachments import (
    AlreadyAttached,
    TooManyAttachments,
    add_attachment,
    change_attachment,
    move_attachment,
    remove_attachment,
)
from proposals.drafting.economy import save_financing
from proposals.drafting.holding import NotEditable, held, mark, touch
from proposals.drafting.ownership import (
    NotAParty,
    change_dgo,
    hand_over,
    may_choose_dgo,
    move_dgo_access,
    secretariat_access,
    suggested_dgo,
)
from proposals.drafting.participants import (
    AlreadyParticipant,
    add_participant,
    change_participant,
    remove_participant,
)
from proposals.drafting.text import DgoSettled, RoundClosed, create, register, save_section

__all__ = [
    "AlreadyAttached",
    "AlreadyParticipant",
    "DgoSettled",
    "NotAParty",
    "NotEditable",
    "RoundClosed",
    "TooManyAttachments",
    "add_attachment",
    "add_participant",
    "change_attachment",
    "change_dgo",
    "change_participant",
    "create",
    "hand_over",
    "held",
    "mark",
    "may_choose_dgo",
    "move_attachment",
    "move_dgo_access",
    "register",
    "remove_attachment",
    "remove_participant",
    "save_financing",
    "save_section",
    "secretariat_access",
    "suggested_dgo",
    "touch",
]
