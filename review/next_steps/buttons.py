"""The steps that are open to a person: permission, status, deadline and guard joined."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor import danish
from proposals.eligibility import requirements as eligibility
from proposals.gates import deadlines
from proposals.gates.deadlines import Term
from proposals.line.duties import Kind
from proposals.line.lifecycle import BEFORE_DECISION, EDITABLE, ENDED, SPARRING, Status, Transition
from proposals.rounds.models import Gate
from review.agenda import mails
from review.decision.steps import TRANSITION_OF
from review.funding.steps import Consents
from review.next_steps.facts import Facts, read_facts
from review.qualification.steps import REPLY_STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from proposals.line.standing import Standing
    from proposals.rounds.models import Round


@dataclass(frozen=True)
class OpenStep:
    """One thing a person can do with a proposal now."""

    id: str
    label: str
    view: str
    args: tuple[object, ...] = ()
    duty: Kind | None = None
    """What waits for the person, when this is what to do about it."""
    is_primary: bool = False
    due_at: datetime | None = None
    is_leave: bool = False
    """Whether that is the person's own term, by a dispensation."""
    text: str = ""

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.args)


def open_steps(proposal: Proposal, user: User, *, at: datetime) -> tuple[OpenStep, ...]:
    """Give everything the person can do with the proposal now; at most one is primary, and it comes first."""
    return steps(proposal, read_facts([proposal], user, at=at))


def primary(found: Iterable[OpenStep]) -> OpenStep | None:
    return next((step for step in found if step.is_primary), None)


def steps(proposal: Proposal, facts: Facts) -> tuple[OpenStep, ...]:
    """Give the open steps of one of the proposals the facts are about: no queries."""
    found = every(proposal, facts)
    first = next((step for step in found if step.duty), None)
    rest = [step for step in found if step is not first]
    return (replace(first, is_primary=True), *rest) if first else tuple(rest)


def every(proposal: Proposal, facts: Facts) -> list[OpenStep]:
    """Give the same with none picked out: of several duties that one person has, each may be answered."""
    standing = facts.standings[proposal.pk]
    return [
        *_writing(proposal, standing, facts),
        *_committing(proposal, facts),
        *_qualifying(proposal, standing, facts),
        *_recommending(proposal, standing, facts),
        *_meeting(proposal, standing, facts),
        *_funding(proposal, standing, facts),
        *_always(proposal, standing, facts),
    ]


def _writing(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    number = (proposal.number,)
    if standing.is_writer and proposal.status in EDITABLE:
        is_draft = proposal.status == Status.DRAFT
        gate = Gate.QUALIFICATION if is_draft else Gate.APPROVAL
        duty = Kind.SUBMIT if is_draft else Kind.SUBMIT_FOR_APPROVAL
        term = own_term(proposal, gate, facts)
        due_at, is_leave = term.at, term.is_leave
        is_open = deadlines.is_in_time(due_at, at=facts.at)
        edit = OpenStep(
            "edit",
            "Skriv videre" if is_draft else "Ret forslaget",
            "proposals:tasks",
            number,
            due_at=due_at,
            is_leave=is_leave,
            text=_term_text(proposal, gate, due_at, is_open=is_open),
        )
        if is_open:
            short = facts.short.get(proposal.pk, "")
            submit = OpenStep(
                duty,
                "Tjek og indsend",
                "proposals:check",
                number,
                due_at=due_at,
                is_leave=is_leave,
                text=f"{short} Tjek dine svar, og indsend til {gate.label}.".strip(),
            )
            if short and eligibility.blocks_at(proposal, gate):
                yield OpenStep(
                    "participants",
                    "Se deltagerne",
                    "proposals:participants",
                    number,
                    duty=duty,
                    due_at=due_at,
                    is_leave=is_leave,
                    text=short,
                )
                yield from (submit, edit)
            elif eligibility.unanswered(proposal):
                yield from (submit, replace(edit, duty=duty))
            else:
                yield from (replace(submit, duty=duty), edit)
        else:
            rounds = _other_rounds(proposal, facts)
            if standing.may_move_round and rounds:
                yield OpenStep(
                    "move_round",
                    "Flyt til en anden runde",
                    "proposals:move_round",
                    number,
                    duty=duty,
                    text=f"{edit.text} Du kan flytte forslaget til runden {rounds[0].name}.",
                )
            yield replace(edit, duty=duty)
    if standing.is_writer and proposal.status in REPLY_STATUSES:
        yield OpenStep("reply", "Svar på udtalelsen", "review:reply", number)


def _committing(proposal: Proposal, facts: Facts) -> Iterable[OpenStep]:
    """Who only reads, and answers for a participant."""
    for commitment in facts.commitments.get(proposal.pk, ()):
        participant = commitment.participant
        is_unanswered = commitment.is_confirmed is None
        yield OpenStep(
            "commit",
            f"Svar for {participant.name}"
            if is_unanswered
            else f"Ret svaret for {participant.name}",
            "proposals:participant",
            (proposal.number, participant.pk),
            duty=Kind.COMMIT if is_unanswered else None,
            due_at=deadlines.answer_due_at(proposal),
            text="Læs forslaget, og svar, om I er med, og hvad I bidrager med.",
        )


def _qualifying(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    if proposal.status != Status.IN_QUALIFICATION:
        return
    number = (proposal.number,)
    due_at = proposal.round.approval_deadline_at
    if standing.may_qualify:
        yield _qualify(proposal)
        latest_at = max(due_at, facts.granted.get((proposal.pk, Gate.APPROVAL), due_at))
        if facts.at < latest_at:
            yield OpenStep(
                "return_for_changes",
                "Send tilbage til forslagsstiller",
                "review:return_for_changes",
                number,
            )
    if standing.may_recommend:
        is_late = not deadlines.is_in_time(due_at, at=facts.at)
        yield _step_in(proposal) if is_late else replace(_step_in(proposal), duty=None)


def _recommending(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    if not standing.may_recommend:
        return
    number = (proposal.number,)
    if proposal.status == Status.IN_APPROVAL:
        check, recommend = _check(proposal), _recommend(proposal)
        is_checked = proposal.pk in facts.checked
        yield replace(check, label="Ret den formelle kontrol", duty=None) if is_checked else check
        yield recommend if is_checked else replace(recommend, duty=None)
        yield OpenStep(
            "request_completion",
            "Bed om at få forslaget gjort færdigt",
            "review:request_completion",
            number,
        )
        yield OpenStep("refuse", "Afvis på formalia", "review:refuse", number)
    if proposal.status == Status.INADMISSIBLE:
        yield OpenStep("reopen", "Genoptag", "review:reopen", number)


def _meeting(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    item = facts.items.get(proposal.pk)
    agenda = item.agenda if item else None
    today = danish.day_of(facts.at)
    if proposal.status == Status.RECOMMENDED and standing.may_recommend:
        if agenda is None:
            yield _place(proposal)
        elif not agenda.published_at:
            yield OpenStep(
                "publish",
                "Gør dagsordenen færdig",
                "review:agenda",
                (agenda.meeting_date.isoformat(),),
                duty=Kind.PUBLISH,
                due_at=mails.meeting_at(agenda),
                text=f"Forslaget står på kladden til mødet {danish.date_text(agenda.meeting_date)}.",
            )
    if proposal.status != Status.ON_AGENDA or item is None or agenda is None:
        return
    date = (agenda.meeting_date.isoformat(),)
    meeting = danish.date_text(agenda.meeting_date)
    is_held = agenda.meeting_date <= today
    if standing.may_recommend:
        decision = getattr(item, "decision", None)
        draft = getattr(item, "decision_draft", None)
        if decision is None or draft:
            yield OpenStep(
                "decide",
                "Skriv beslutninger",
                "review:decisions",
                date,
                duty=Kind.DECIDE if is_held else None,
                due_at=mails.meeting_at(agenda),
                text="Der er en kladde til beslutningen. Gem den som beslutning, eller kassér den."
                if draft
                else f"Forslaget er på mødet {meeting}. Skriv, hvad udvalget beslutter.",
            )
        else:
            transition = TRANSITION_OF[decision.outcome]
            yield OpenStep(
                transition.id,
                "Frigiv beslutninger",
                "review:release",
                date,
                duty=Kind.RELEASE if is_held else None,
                due_at=mails.meeting_at(agenda),
                text=f"Beslutningen er skrevet: {decision.get_outcome_display()}. Ingen får besked, før I frigiver.",
            )
    if standing.may_decide:
        yield OpenStep(
            "prepare",
            "Læs sagen",
            "review:meeting",
            date,
            duty=Kind.PREPARE if today <= agenda.meeting_date else None,
            due_at=mails.meeting_at(agenda),
            text=f"Forslaget er på dagsordenen til mødet {meeting}.",
        )


def _funding(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    number = (proposal.number,)
    if proposal.status == Status.APPROVED:
        consents = Consents(tuple(facts.consents[proposal.pk]))
        asked = [c for c in consents.pending if c.funder_id in standing.duties.funder_ids]
        if asked and standing.may_fund:
            yield OpenStep(
                "consent",
                "Giv svar",
                "review:consent",
                (asked[0].pk,),
                duty=Kind.CONSENT,
                text=f"{asked[0].funder.name} skal give sin egen godkendelse af {danish.money_text(asked[0].amount)}",
            )
        if standing.may_recommend:
            yield from _after_consents(proposal, consents)
    if proposal.status == Status.ACTIVE and standing.may_recommend:
        yield OpenStep("complete", "Afslut sporet", "review:complete", number)
        yield OpenStep("discontinue", "Afbryd sporet", "review:discontinue", number)


def _after_consents(proposal: Proposal, consents: Consents) -> Iterable[OpenStep]:
    number = (proposal.number,)
    if consents.may_launch:
        yield _launch(proposal)
    if consents.is_refused:
        names = danish.join_text([c.funder.name for c in consents.refused])
        text = f"{names} har givet afslag. Indstil forslaget igen, eller lad det bortfalde."
        yield OpenStep(
            "retable", "Indstil igen", "review:retable", number, duty=Kind.RETABLE, text=text
        )
        yield OpenStep("lapse", "Lad forslaget bortfalde", "review:lapse", number, text=text)
    if consents.pending:
        yield OpenStep("enter_consent", "Indtast en bidragyders svar", "review:consents", number)


def _always(proposal: Proposal, standing: Standing, facts: Facts) -> Iterable[OpenStep]:
    number = (proposal.number,)
    yield from _sparring(proposal, standing)
    if (
        proposal.status in EDITABLE
        and standing.may_move_round
        and _other_rounds(proposal, facts)
        and (not standing.is_writer or _is_in_time(proposal, facts))
    ):
        yield OpenStep("move_round", "Flyt til en anden runde", "proposals:move_round", number)
    if proposal.status in EDITABLE and standing.may_administer:
        yield OpenStep(
            "dispense", "Giv dispensation fra en frist", "proposals:dispensation", number
        )
    yield from _choosing_dgos(proposal, standing)
    if standing.is_party and any(
        r.opens_at <= facts.at <= r.qualification_deadline_at for r in facts.rounds
    ):
        yield OpenStep("copy", "Kopiér til et nyt forslag", "proposals:copy", number)
    if proposal.status not in ENDED and standing.is_reader and standing.may_hand_over:
        yield OpenStep("hand_over", "Overdrag til en anden", "proposals:hand_over", number)
    is_funder = proposal.status == Status.APPROVED and standing.may_fund
    is_asked = standing.may_be_partial and not standing.is_blocked
    works_with_it = proposal.status in BEFORE_DECISION and is_asked
    if (is_funder or works_with_it) and not standing.is_raised:
        yield OpenStep("declare", "Oplys om din habilitet", "proposals:declare", number)
    if proposal.status in Transition.CORRECT.sources and standing.may_recommend:
        yield OpenStep("correct", "Ret en fejl i sagsgangen", "review:correct", number)
    if proposal.pk in facts.taken_back_until:
        until = danish.datetime_text(facts.taken_back_until[proposal.pk])
        yield OpenStep(
            "take_back",
            Transition.TAKE_BACK.text,
            "proposals:take_back",
            number,
            text=f"Du kan tage forslaget tilbage og rette det indtil {until}, hvis ingen er begyndt på det.",
        )
    if proposal.status in BEFORE_DECISION and standing.may_withdraw:
        yield OpenStep("withdraw", "Træk forslaget tilbage", "proposals:withdraw", number)


def _choosing_dgos(proposal: Proposal, standing: Standing) -> Iterable[OpenStep]:
    if proposal.status not in BEFORE_DECISION:
        return
    number = (proposal.number,)
    if standing.may_change_dgo:
        label = "Skift DGO" if standing.may_administer else "Giv videre til en anden DGO"
        yield OpenStep("change_dgo", label, "proposals:change_dgo", number)
    # Where nothing is open to the DGO itself, nothing can be opened to another.
    is_with_dgo = proposal.sparring_opened_at is not None or proposal.revision > 1
    if is_with_dgo and standing.may_choose_co_readers:
        yield OpenStep("co_readers", "Lad en anden DGO læse med", "proposals:co_readers", number)


def _sparring(proposal: Proposal, standing: Standing) -> Iterable[OpenStep]:
    if proposal.status not in SPARRING:
        return
    if proposal.sparring_opened_at is None:
        if standing.is_writer and proposal.lead_dgo_id:
            yield OpenStep(
                "open_sparring", "Åbn for sparring", "review:sparring", (proposal.number,)
            )
    elif standing.may_advise:
        yield OpenStep("advise", "Giv sparring", "review:sparring", (proposal.number,))


def _is_in_time(proposal: Proposal, facts: Facts) -> bool:
    gate = Gate.QUALIFICATION if proposal.status == Status.DRAFT else Gate.APPROVAL
    return deadlines.is_in_time(own_term(proposal, gate, facts).at, at=facts.at)


def own_term(proposal: Proposal, gate: Gate, facts: Facts) -> Term:
    """Give the moment the gate closes for the person, with their own dispensation when one is in force."""
    due_at = deadlines.closes_at(proposal, gate, was_sent=proposal.pk in facts.sent)
    until_at = max(due_at, facts.granted_to_me.get((proposal.pk, gate), due_at))
    return Term(until_at, is_leave=until_at > due_at)


def _other_rounds(proposal: Proposal, facts: Facts) -> list[Round]:
    return [r for r in facts.rounds if r.pk != proposal.round_id]


def _term_text(proposal: Proposal, gate: Gate, due_at: datetime, *, is_open: bool) -> str:
    if not is_open:
        return f"Fristen for {gate.label} var {danish.datetime_text(due_at)}. Dit forslag er gemt."
    if proposal.answer_due_at:
        return "Ret det, du er blevet bedt om, og indsend igen."
    if proposal.status == Status.DRAFT:
        return "Gør forslaget færdigt, og indsend det til faglig kvalificering."
    return "Læs udtalelsen, ret det, du vil, og indsend til godkendelsesforløb."


def _qualify(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "qualify",
        "Kvalificér forslaget",
        "review:qualify",
        (proposal.number,),
        duty=Kind.QUALIFY,
        due_at=proposal.round.dgo_deadline_at,
        text="Læs forslaget, og afgiv en udtalelse, eller send det tilbage med ønsker om ændringer.",
    )


def _step_in(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "step_in",
        "Afgiv udtalelse for DGO'en",
        "review:step_in",
        (proposal.number,),
        duty=Kind.STEP_IN,
        due_at=proposal.round.approval_deadline_at,
        text="DGO'en har ikke svaret. Afgiv udtalelsen for den, eller frafald kvalificeringen.",
    )


def _check(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "check",
        "Kontrollér kravene",
        "review:formality",
        (proposal.number,),
        duty=Kind.CHECK,
        text=f"Svar på kravene, før forslaget indstilles. {_round_meeting(proposal)}",
    )


def _recommend(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "recommend",
        "Skriv indstilling",
        "review:recommendation",
        (proposal.number,),
        duty=Kind.RECOMMEND,
        text=f"Kravene er besvaret. Skriv indstillingen. {_round_meeting(proposal)}",
    )


def _round_meeting(proposal: Proposal) -> str:
    return f"Rundens møde er {danish.date_text(proposal.round.meeting_date)}."


def _place(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "place",
        "Sæt på en dagsorden",
        "review:meetings",
        duty=Kind.PLACE,
        text="Forslaget er indstillet og mangler en plads på en dagsorden.",
    )


def _launch(proposal: Proposal) -> OpenStep:
    return OpenStep(
        "launch",
        "Sæt sporet i gang",
        "review:launch",
        (proposal.number,),
        duty=Kind.LAUNCH,
        text="Alle bidragydere, der er spurgt, har givet tilsagn.",
    )


PLAIN: dict[Kind, Callable[[Proposal], OpenStep]] = {
    Kind.QUALIFY: _qualify,
    Kind.STEP_IN: _step_in,
    Kind.CHECK: _check,
    Kind.RECOMMEND: _recommend,
    Kind.PLACE: _place,
    Kind.LAUNCH: _launch,
}
"""What to do about the duties whose words take nothing but the proposal."""
