"""
The line a proposal walks ("forløbet"), as data: statuses, stops, whose turn it is, and every transition.

Nothing here knows people, forms or the database. `manage.py line` draws README's picture from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft", "kladde"
    IN_QUALIFICATION = "in_qualification", "til faglig kvalificering"
    QUALIFIED = "qualified", "fagligt kvalificeret"
    IN_APPROVAL = "in_approval", "i godkendelsesforløb"
    RECOMMENDED = "recommended", "indstillet"
    ON_AGENDA = "on_agenda", "på dagsordenen"
    APPROVED = "approved", "godkendt, afventer bidragydere"
    ACTIVE = "active", "igangsat"
    COMPLETED = "completed", "afsluttet"
    REJECTED = "rejected", "afslag"
    INADMISSIBLE = "inadmissible", "afvist på formalia"
    WITHDRAWN = "withdrawn", "trukket tilbage"
    LAPSED = "lapsed", "bortfaldet"
    DISCONTINUED = "discontinued", "afbrudt"

    @property
    def state(self) -> str:
        """What a proposal here is or has, to stand after its number in a sentence: "har fået afslag"."""
        return _STATES.get(self, f"er {self.label}")


_STATES: dict[Status, str] = {
    Status.DRAFT: "er en kladde",
    Status.APPROVED: "er godkendt og afventer bidragydere",
    Status.REJECTED: "har fået afslag",
}
"""Where the label alone does not follow "er"."""


class Stop(TextChoices):
    """The seven stops people see."""

    DRAFT = "draft", "Kladde"
    QUALIFICATION = "qualification", "Faglig kvalificering"
    APPROVAL = "approval", "Godkendelsesforløb"
    RECOMMENDATION = "recommendation", "Indstilling"
    MEETING = "meeting", "Møde"
    FUNDERS = "funders", "Bidragydere"
    ACTIVE = "active", "Igangsat"


class Turn(TextChoices):
    """Who the proposal waits for."""

    PROPOSER = "proposer", "forslagsstiller"
    DGO = "dgo", "DGO'en"
    SECRETARIAT = "secretariat", "sekretariatet"
    COMMITTEE = "committee", "forretningsudvalget"
    FUNDERS = "funders", "bidragyderne"
    NOBODY = "nobody", "ingen"


class Actor(StrEnum):
    """Who may take a transition; the permissions say which people that is."""

    PROPOSER = "forslagsstiller"
    DGO = "DGO"
    SECRETARIAT = "sekretariatet"
    PROPOSER_OR_SECRETARIAT = "forslagsstiller eller sekretariatet"


STOPS: dict[Status, Stop] = {
    Status.DRAFT: Stop.DRAFT,
    Status.IN_QUALIFICATION: Stop.QUALIFICATION,
    Status.QUALIFIED: Stop.QUALIFICATION,
    Status.IN_APPROVAL: Stop.APPROVAL,
    Status.RECOMMENDED: Stop.RECOMMENDATION,
    Status.ON_AGENDA: Stop.MEETING,
    Status.APPROVED: Stop.FUNDERS,
    Status.ACTIVE: Stop.ACTIVE,
    Status.COMPLETED: Stop.ACTIVE,
}
"""Statuses that are not here end the line where it stood."""
TURNS: dict[Status, Turn] = {
    Status.DRAFT: Turn.PROPOSER,
    Status.IN_QUALIFICATION: Turn.DGO,
    Status.QUALIFIED: Turn.PROPOSER,
    Status.IN_APPROVAL: Turn.SECRETARIAT,
    Status.RECOMMENDED: Turn.SECRETARIAT,
    Status.ON_AGENDA: Turn.COMMITTEE,
    Status.APPROVED: Turn.FUNDERS,
    Status.ACTIVE: Turn.PROPOSER,
    Status.COMPLETED: Turn.NOBODY,
    Status.REJECTED: Turn.NOBODY,
    Status.INADMISSIBLE: Turn.NOBODY,
    Status.WITHDRAWN: Turn.NOBODY,
    Status.LAPSED: Turn.NOBODY,
    Status.DISCONTINUED: Turn.NOBODY,
}
EDITABLE = frozenset({Status.DRAFT, Status.QUALIFIED})
"""Where writers may change the text."""
ANSWERED_IN = frozenset({Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED})
"""Where a participant may answer ("tilsagn"): what it says goes with the version that is sent to approval."""
ENDED = frozenset(
    {
        Status.REJECTED,
        Status.INADMISSIBLE,
        Status.WITHDRAWN,
        Status.LAPSED,
        Status.DISCONTINUED,
        Status.COMPLETED,
    }
)
SPARRING = frozenset(set(Status) - ENDED - {Status.ACTIVE})
"""Sparring is open from draft to launch."""
BEFORE_DECISION = (
    Status.DRAFT,
    Status.IN_QUALIFICATION,
    Status.QUALIFIED,
    Status.IN_APPROVAL,
    Status.RECOMMENDED,
    Status.ON_AGENDA,
)
CORRECTIONS: dict[Status, Status] = {
    Status.IN_QUALIFICATION: Status.DRAFT,
    Status.QUALIFIED: Status.IN_QUALIFICATION,
    Status.IN_APPROVAL: Status.QUALIFIED,
    Status.RECOMMENDED: Status.IN_APPROVAL,
    Status.ON_AGENDA: Status.RECOMMENDED,
}
"""One step back, when somebody pressed by mistake; only until letters are released."""


@dataclass(frozen=True)
class Transition:
    """One arrow of the line: where from, where to, whose act it is."""

    id: str
    text: str
    event: str
    """What the history says happened, in the past tense."""
    sources: tuple[Status, ...]
    targets: tuple[Status, ...]
    actor: Actor
    needs_reason: bool = False

    @property
    def target(self) -> Status:
        """Give the only target; with several, the step must choose."""
        if len(self.targets) != 1:
            raise LookupError(f"{self.id} has several targets")
        return self.targets[0]


def _t(  # a row of the table has that many columns
    id_: str,
    text: str,
    event: str,
    sources: Status | tuple[Status, ...],
    targets: Status | tuple[Status, ...],
    actor: Actor,
    *,
    needs_reason: bool = False,
) -> Transition:
    return Transition(
        id_,
        text,
        event,
        (sources,) if isinstance(sources, Status) else sources,
        (targets,) if isinstance(targets, Status) else targets,
        actor,
        needs_reason,
    )


SUBMIT = _t(
    "submit",
    "Indsend til faglig kvalificering",
    "indsendt til faglig kvalificering",
    Status.DRAFT,
    Status.IN_QUALIFICATION,
    Actor.PROPOSER,
)
RETURN_FOR_CHANGES = _t(
    "return_for_changes",
    "Send tilbage til forslagsstiller",
    "sendt tilbage med ønsker om ændringer",
    Status.IN_QUALIFICATION,
    Status.DRAFT,
    Actor.DGO,
    needs_reason=True,
)
QUALIFY = _t(
    "qualify",
    "Afgiv udtalelse",
    "fagligt kvalificeret",
    Status.IN_QUALIFICATION,
    Status.QUALIFIED,
    Actor.DGO,
)
SUBMIT_FOR_APPROVAL = _t(
    "submit_for_approval",
    "Indsend til godkendelsesforløb",
    "indsendt til godkendelsesforløb",
    Status.QUALIFIED,
    Status.IN_APPROVAL,
    Actor.PROPOSER,
)
REQUEST_COMPLETION = _t(
    "request_completion",
    "Bed om at få forslaget gjort færdigt",
    "sendt tilbage, fordi noget mangler",
    Status.IN_APPROVAL,
    Status.QUALIFIED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
REFUSE = _t(
    "refuse",
    "Afvis på formalia",
    "afvist på formalia",
    Status.IN_APPROVAL,
    Status.INADMISSIBLE,
    Actor.SECRETARIAT,
    needs_reason=True,
)
REOPEN = _t(
    "reopen",
    "Genoptag",
    "genoptaget",
    Status.INADMISSIBLE,
    Status.IN_APPROVAL,
    Actor.SECRETARIAT,
    needs_reason=True,
)
RECOMMEND = _t(
    "recommend",
    "Indstil",
    "indstillet til forretningsudvalget",
    Status.IN_APPROVAL,
    Status.RECOMMENDED,
    Actor.SECRETARIAT,
)
PUBLISH = _t(
    "publish",
    "Udsend dagsorden",
    "sat på den udsendte dagsorden",
    Status.RECOMMENDED,
    Status.ON_AGENDA,
    Actor.SECRETARIAT,
)
APPROVE = _t(
    "approve",
    "Frigiv beslutning: godkendt",
    "godkendt af forretningsudvalget",
    Status.ON_AGENDA,
    Status.APPROVED,
    Actor.SECRETARIAT,
)
REJECT = _t(
    "reject",
    "Frigiv beslutning: afslag",
    "givet afslag af forretningsudvalget",
    Status.ON_AGENDA,
    Status.REJECTED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
POSTPONE = _t(
    "postpone",
    "Frigiv beslutning: udsat",
    "udsat til et senere møde",
    Status.ON_AGENDA,
    Status.RECOMMENDED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
SEND_BACK = _t(
    "send_back",
    "Frigiv beslutning: sendt tilbage",
    "sendt tilbage af forretningsudvalget",
    Status.ON_AGENDA,
    (Status.DRAFT, Status.QUALIFIED),
    Actor.SECRETARIAT,
    needs_reason=True,
)
LAUNCH = _t(
    "launch",
    "Sæt sporet i gang",
    "sat i gang",
    Status.APPROVED,
    Status.ACTIVE,
    Actor.SECRETARIAT,
)
LAPSE = _t(
    "lapse",
    "Lad forslaget bortfalde",
    "bortfaldet",
    Status.APPROVED,
    Status.LAPSED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
RETABLE = _t(
    "retable",
    "Indstil igen",
    "indstillet igen",
    Status.APPROVED,
    Status.RECOMMENDED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
COMPLETE = _t(
    "complete",
    "Afslut sporet",
    "afsluttet",
    Status.ACTIVE,
    Status.COMPLETED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
DISCONTINUE = _t(
    "discontinue",
    "Afbryd sporet",
    "afbrudt",
    Status.ACTIVE,
    Status.DISCONTINUED,
    Actor.SECRETARIAT,
    needs_reason=True,
)
MOVE_ROUND = _t(
    "move_round",
    "Flyt til en anden runde",
    "flyttet til en anden runde",
    (Status.DRAFT, Status.QUALIFIED),
    Status.DRAFT,
    Actor.PROPOSER_OR_SECRETARIAT,
)
WITHDRAW = _t(
    "withdraw",
    "Træk forslaget tilbage",
    "trukket tilbage",
    BEFORE_DECISION,
    Status.WITHDRAWN,
    Actor.PROPOSER,
    needs_reason=True,
)
CORRECT = _t(
    "correct",
    "Ret et fejltrin",
    "rettet et skridt tilbage",
    tuple(CORRECTIONS),
    tuple(dict.fromkeys(CORRECTIONS.values())),
    Actor.SECRETARIAT,
    needs_reason=True,
)
TRANSITIONS: dict[str, Transition] = {
    t.id: t
    for t in (
        SUBMIT,
        RETURN_FOR_CHANGES,
        QUALIFY,
        SUBMIT_FOR_APPROVAL,
        REQUEST_COMPLETION,
        REFUSE,
        REOPEN,
        RECOMMEND,
        PUBLISH,
        APPROVE,
        REJECT,
        POSTPONE,
        SEND_BACK,
        LAUNCH,
        LAPSE,
        RETABLE,
        COMPLETE,
        DISCONTINUE,
        MOVE_ROUND,
        WITHDRAW,
        CORRECT,
    )
}
