"""What the rooms hold, gathered where Django looks for it; code imports from the rooms."""

from proposals.attachments.models import Attachment
from proposals.commitments.models import AnswerCode
from proposals.drafting.models import AnswerChange, FieldVersion, ReturnReason
from proposals.economy.models import BudgetLine, Financing
from proposals.gates.models import Dispensation
from proposals.ideas.models import Idea, IdeaReply
from proposals.line.models import Access, Duty, Event, Impartiality, Proposal, Version
from proposals.notes.models import Note, NoteWording
from proposals.participants.models import Commitment, Participant
from proposals.printing.models import VersionPaper
from proposals.reading.models import ReadMark, Snapshot
from proposals.rounds.models import Round
from proposals.search.models import SearchText
from proposals.sparring.models import Advice, AdviceWording
from proposals.writers.models import ProposalInvitation

__all__ = [
    "Access",
    "Advice",
    "AdviceWording",
    "AnswerChange",
    "AnswerCode",
    "Attachment",
    "BudgetLine",
    "Commitment",
    "Dispensation",
    "Duty",
    "Event",
    "FieldVersion",
    "Financing",
    "Idea",
    "IdeaReply",
    "Impartiality",
    "Note",
    "NoteWording",
    "Participant",
    "Proposal",
    "ProposalInvitation",
    "ReadMark",
    "ReturnReason",
    "Round",
    "SearchText",
    "Snapshot",
    "Version",
    "VersionPaper",
]
