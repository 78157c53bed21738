"""
The line a proposal walks ("forløbet"), as data: statuses, stops, whose turn it is, and every transition.

Nothing here knows people, forms or the database. `manage.py line` draws README's picture from it.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Self


class Stop(TextChoices):
    """The seven stops people see."""

    DRAFT = "draft", "Kladde"
    QUALIFICATION = "qualification", "Faglig kvalificering"
    APPROVAL = "approval", "Godkendelsesforløb"
    RECOMMENDATION = "recommendation", "Indstilling"
    MEETING = "meeting", "Møde"
    FUNDERS = "funders", "Bidragydere"
    ACTIVE = "active", "Igangsat"


class Turn(StrEnum):
    """Who the proposal waits for."""

    PROPOSER = "forslagsstiller"
    DGO = "DGO'en"
    SECRETARIAT = "sekretariatet"
    COMMITTEE = "forretningsudvalget"
    FUNDERS = "bidragyderne"
    NOBODY = "ingen"


class Actor(StrEnum):
    """Who may take a transition; the permissions say which people that is."""

    PROPOSER = "forslagsstiller"
    DGO = "DGO"
    SECRETARIAT = "sekretariatet"
    PROPOSER_OR_SECRETARIAT = "forslagsstiller eller sekretariatet"


class Status(TextChoices):
    """Where a proposal stands: as it is stored, the stop people see, whose turn it is, and in Danish.

    What has no stop ended the line where it stood, and waits for nobody.
    """

    stop: Stop | None
    turn: Turn

    DRAFT = "draft", Stop.DRAFT, Turn.PROPOSER, "kladde"
    IN_QUALIFICATION = (
        "in_qualification",
        Stop.QUALIFICATION,
        Turn.DGO,
        "til faglig kvalificering",
    )
    QUALIFIED = "qualified", Stop.QUALIFICATION, Turn.PROPOSER, "fagligt kvalificeret"
    IN_APPROVAL = "in_approval", Stop.APPROVAL, Turn.SECRETARIAT, "i godkendelsesforløb"
    RECOMMENDED = "recommended", Stop.RECOMMENDATION, Turn.SECRETARIAT, "indstillet"
    ON_AGENDA = "on_agenda", Stop.MEETING, Turn.COMMITTEE, "på dagsordenen"
    APPROVED = "approved", Stop.FUNDERS, Turn.FUNDERS, "godkendt, afventer bidragydere"
    ACTIVE = "active", Stop.ACTIVE, Turn.PROPOSER, "igangsat"
    COMPLETED = "completed", Stop.ACTIVE, Turn.NOBODY, "afsluttet"
    REJECTED = "rejected", "afslag"
    INADMISSIBLE = "inadmissible", "afvist på formalia"
    WITHDRAWN = "withdrawn", "trukket tilbage"
    LAPSED = "lapsed", "bortfaldet"
    DISCONTINUED = "discontinued", "afbrudt"

    def __new__(cls, value: str, stop: Stop | None = None, turn: Turn = Turn.NOBODY) -> Self:
        status = str.__new__(cls, value)
        status._value_ = value
        status.stop = stop
        status.turn = turn
        return status

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

EDITABLE = frozenset({Status.DRAFT, Status.QUALIFIED})
"""Where writers may change the text."""
ANSWERED_IN = frozenset({Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED})
"""Where a participant may answer ("tilsagn"): what it says goes with the version that is sent to approval."""
ENDED = frozenset(status for status in Status if status.turn is Turn.NOBODY)
SPARRING = frozenset(set(Status) - ENDED - {Status.ACTIVE})
"""Sparring is open from draft to launch."""
BEFORE_DECISION = tuple(Status)[: tuple(Status).index(Status.APPROVED)]


class Transition(Enum):
    """The arrows of the line: what it is called and what the history says happened, from where to where, by whom."""

    SUBMIT = (
        "Indsend til faglig kvalificering",
        "indsendt til faglig kvalificering",
        {Status.DRAFT: Status.IN_QUALIFICATION},
        Actor.PROPOSER,
    )
    RETURN_FOR_CHANGES = (
        "Send tilbage til forslagsstiller",
        "sendt tilbage med ønsker om ændringer",
        {Status.IN_QUALIFICATION: Status.DRAFT},
        Actor.DGO,
        "reason",
    )
    QUALIFY = (
        "Afgiv udtalelse",
        "fagligt kvalificeret",
        {Status.IN_QUALIFICATION: Status.QUALIFIED},
        Actor.DGO,
    )
    SUBMIT_FOR_APPROVAL = (
        "Indsend til godkendelsesforløb",
        "indsendt til godkendelsesforløb",
        {Status.QUALIFIED: Status.IN_APPROVAL},
        Actor.PROPOSER,
    )
    REQUEST_COMPLETION = (
        "Bed om at få forslaget gjort færdigt",
        "sendt tilbage, fordi noget mangler",
        {Status.IN_APPROVAL: Status.QUALIFIED},
        Actor.SECRETARIAT,
        "reason",
    )
    REFUSE = (
        "Afvis på formalia",
        "afvist på formalia",
        {Status.IN_APPROVAL: Status.INADMISSIBLE},
        Actor.SECRETARIAT,
        "reason",
    )
    REOPEN = (
        "Genoptag",
        "genoptaget",
        {Status.INADMISSIBLE: Status.IN_APPROVAL},
        Actor.SECRETARIAT,
        "reason",
    )
    RECOMMEND = (
        "Indstil",
        "indstillet til forretningsudvalget",
        {Status.IN_APPROVAL: Status.RECOMMENDED},
        Actor.SECRETARIAT,
    )
    PUBLISH = (
        "Udsend dagsorden",
        "sat på den udsendte dagsorden",
        {Status.RECOMMENDED: Status.ON_AGENDA},
        Actor.SECRETARIAT,
    )
    APPROVE = (
        "Frigiv beslutning: godkendt",
        "godkendt af forretningsudvalget",
        {Status.ON_AGENDA: Status.APPROVED},
        Actor.SECRETARIAT,
    )
    REJECT = (
        "Frigiv beslutning: afslag",
        "givet afslag af forretningsudvalget",
        {Status.ON_AGENDA: Status.REJECTED},
        Actor.SECRETARIAT,
        "reason",
    )
    POSTPONE = (
        "Frigiv beslutning: udsat",
        "udsat til et senere møde",
        {Status.ON_AGENDA: Status.RECOMMENDED},
        Actor.SECRETARIAT,
        "reason",
    )
    SEND_BACK = (
        "Frigiv beslutning: sendt tilbage",
        "sendt tilbage af forretningsudvalget",
        {Status.ON_AGENDA: (Status.DRAFT, Status.QUALIFIED)},
        Actor.SECRETARIAT,
        "reason",
    )
    LAUNCH = (
        "Sæt sporet i gang",
        "sat i gang",
        {Status.APPROVED: Status.ACTIVE},
        Actor.SECRETARIAT,
    )
    LAPSE = (
        "Lad forslaget bortfalde",
        "bortfaldet",
        {Status.APPROVED: Status.LAPSED},
        Actor.SECRETARIAT,
        "reason",
    )
    RETABLE = (
        "Indstil igen",
        "indstillet igen",
        {Status.APPROVED: Status.RECOMMENDED},
        Actor.SECRETARIAT,
        "reason",
    )
    COMPLETE = (
        "Afslut sporet",
        "afsluttet",
        {Status.ACTIVE: Status.COMPLETED},
        Actor.SECRETARIAT,
        "reason",
    )
    DISCONTINUE = (
        "Afbryd sporet",
        "afbrudt",
        {Status.ACTIVE: Status.DISCONTINUED},
        Actor.SECRETARIAT,
        "reason",
    )
    TAKE_BACK = (
        "Tag tilbage og ret",
        "taget tilbage for at blive rettet",
        # Until the gate, and until somebody has begun on it.
        {Status.IN_QUALIFICATION: Status.DRAFT, Status.IN_APPROVAL: Status.QUALIFIED},
        Actor.PROPOSER,
    )
    MOVE_ROUND = (
        "Flyt til en anden runde",
        "flyttet til en anden runde",
        dict.fromkeys((Status.DRAFT, Status.QUALIFIED), Status.DRAFT),
        Actor.PROPOSER_OR_SECRETARIAT,
    )
    WITHDRAW = (
        "Træk forslaget tilbage",
        "trukket tilbage",
        dict.fromkeys(BEFORE_DECISION, Status.WITHDRAWN),
        Actor.PROPOSER,
        "reason",
    )
    CORRECT = (
        "Ret en fejl i sagsgangen",
        "rykket et skridt tilbage",
        # One step back, when somebody pressed by mistake; only until letters are released.
        {after: before for before, after in pairwise(BEFORE_DECISION)},
        Actor.SECRETARIAT,
        "reason",
    )

    def __init__(
        self,
        text: str,
        event: str,
        arrows: Mapping[Status, Status | tuple[Status, ...]],
        actor: Actor,
        *needs: Literal["reason"],
    ) -> None:
        self.text = text
        self.event = event
        """What the history says happened, in the past tense."""
        self.arrows = {
            source: (targets,) if isinstance(targets, Status) else targets
            for source, targets in arrows.items()
        }
        """Where it may lead, by where it begins; with several targets the step must choose."""
        self.actor = actor
        self.needs_reason = "reason" in needs

    @property
    def id(self) -> str:
        """Give the name that is stored with what happened."""
        return self.name.lower()

    @property
    def sources(self) -> tuple[Status, ...]:
        return tuple(self.arrows)

    def target_from(self, source: Status) -> Status:
        """
        Give the only status it leads to from there.

        :raises LookupError: when it does not begin there, or the step must choose between several.
        """
        targets = self.arrows.get(source, ())
        if len(targets) != 1:
            raise LookupError(f"{self.id} has {len(targets)} targets from {source}")
        return targets[0]


EVENTS = {transition.id: transition.event for transition in Transition}
"""What the history says happened, by what is stored."""
