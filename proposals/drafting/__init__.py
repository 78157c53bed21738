"""Writing a proposal: made, filled in section by section, handed over."""

from proposals.drafting.attachments import (
    AlreadyAttached,
    TooManyAttachments,
    add_attachment,
    change_attachment,
    move_attachment,
    remove_attachment,
)
from proposals.drafting.economy import save_budget, save_financing
from proposals.drafting.holding import NotEditable, held, mark, touch
from proposals.drafting.ownership import (
    NotAParty,
    change_dgo,
    change_organization,
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
    let_contact_go,
    remove_participant,
)
from proposals.drafting.seen import (
    UNSEEN,
    Base,
    Conflict,
    digest,
    rows_conflict,
    rows_number,
    versions,
)
from proposals.drafting.taking import Changed, changed_since, take_answers
from proposals.drafting.text import (
    DgoSettled,
    RoundClosed,
    Saved,
    create,
    register,
    save_section,
)

__all__ = [
    "UNSEEN",
    "AlreadyAttached",
    "AlreadyParticipant",
    "Base",
    "Changed",
    "Conflict",
    "DgoSettled",
    "NotAParty",
    "NotEditable",
    "RoundClosed",
    "Saved",
    "TooManyAttachments",
    "add_attachment",
    "add_participant",
    "change_attachment",
    "change_dgo",
    "change_organization",
    "change_participant",
    "changed_since",
    "create",
    "digest",
    "hand_over",
    "held",
    "let_contact_go",
    "mark",
    "may_choose_dgo",
    "move_attachment",
    "move_dgo_access",
    "register",
    "remove_attachment",
    "remove_participant",
    "rows_conflict",
    "rows_number",
    "save_budget",
    "save_financing",
    "save_section",
    "secretariat_access",
    "suggested_dgo",
    "take_answers",
    "touch",
    "versions",
]
