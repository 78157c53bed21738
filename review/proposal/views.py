"""
The proposal's own page with its tabs: both worlds in one place.

The box of what comes next speaks to its reader: whose turn it is, and why a proposal ended, stands in the line above
it; the box says what this person is to do, or that nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse

from klimaspor import danish
from proposals.answers.content import Content
from proposals.answers.pages import map_groups, map_text
from proposals.answers.sections import BY_SLUG
from proposals.drafting.returns import sent_back_by
from proposals.eligibility import requirements as eligibility
from proposals.gates import deadlines
from proposals.gates.deadlines import Term
from proposals.gates.pages import way
from proposals.ideas.pages import idea_url
from proposals.line.functions import Function, Group
from proposals.line.lifecycle import BEFORE_DECISION, EDITABLE, ENDED, EVENTS, Status
from proposals.line.pages import ProposalPage, shown_title
from proposals.line.standing import latest_sent, readable_versions
from proposals.notes.pages import notes_shown
from proposals.reading.pages import NOW, news_line
from proposals.reading.shown import read_text
from proposals.reading.texts import reading, reads_live
from proposals.sparring import pages as conversation_page
from review.agenda.models import AgendaItem
from review.decision.models import Decision
from review.next_steps import buttons as next_steps
from review.next_steps.facts import read_facts
from review.next_steps.line import line
from review.next_steps.shown import tone
from review.qualification import steps as qualification
from review.qualification.shown import document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.pages import Crumbs
    from proposals.drafting.models import ReturnReason
    from proposals.gates.models import Dispensation
    from proposals.line.models import Access, Event, Version
    from review.next_steps.buttons import OpenStep
    from review.next_steps.facts import Facts


class Tab(ProposalPage):
    """One view of a proposal: the header, the line, what happens next, and the way to the other views."""

    tab: ClassVar[str]

    TABS = (
        ("proposal", "Overblik"),
        ("content", "Indhold"),
        ("sparring", "Sparring"),
        ("versions", "Versioner"),
        ("history", "Forløb"),
    )

    def crumbs(self) -> Crumbs:
        here: Crumbs = [(None, self.proposal.number)]
        if self.tab != "proposal":
            here = [(self.address, self.proposal.number), (None, dict(self.TABS)[self.tab])]
        return [("/", "Forside"), (reverse("review:list"), "Forslag"), *here]

    def context(self) -> dict[str, Any]:
        proposal = self.proposal
        facts = read_facts([proposal], self.user, at=self.at)
        found = next_steps.steps(proposal, facts)
        first = next_steps.primary(found)
        own = next((Term(s.due_at, is_leave=True) for s in found if s.due_at and s.is_leave), None)
        stops = line(proposal, own=own, at=self.at)
        return {
            **super().context(),
            "title": shown_title(proposal),
            "tone": tone(proposal.status),
            "stops": stops,
            "own_term": own,
            "primary": first,
            "others": [step for step in found if step is not first],
            "turn": next((stop["text"] for stop in stops if stop["text"]), ""),
            # What others do, or why it ended, stands in the line right above.
            "idle": "Forslaget er afsluttet."
            if proposal.status in ENDED
            else " ".join(["Du skal ikke gøre noget lige nu.", *_of_taking_back(found, facts)]),
            "is_blocked": self.standing.is_blocked or self.standing.is_blocked_as_funder,
            "tabs": [
                {
                    "url": reverse(f"review:{name}", args=[proposal.number]),
                    "label": label,
                    "current": name == self.tab,
                }
                for name, label in self.TABS
            ],
        }


def _of_taking_back(found: Iterable[OpenStep], facts: Facts) -> list[str]:
    """Say to whoever sent the proposal until when it can be taken back, or why it no longer can."""
    return [*(step.text for step in found if step.id == "take_back"), *facts.kept.values()]


class Overview(Tab):
    """Where the proposal stands: what must change, what was said and decided, and who can see it."""

    template_name = "review/proposal/proposal.html"
    tab = "proposal"

    def context(self) -> dict[str, Any]:
        proposal = self.proposal
        given = qualification.standing_assessment(proposal)
        # While it is the proposer's again, what must change says what was decided.
        decided = Decision.objects.released().of_proposal(proposal).newest_first()
        # After the decision nobody asks when it was let in; versions keep what was found.
        leave = deadlines.leave_from(proposal) if proposal.status in BEFORE_DECISION else []
        news = news_line(self)
        return {
            **super().context(),
            "news": news,
            "facts": self._facts(leave, news["version"] if news else None),
            "asked": self._asked(),
            "qualification": given,
            "document": document(given) if given else None,
            "may_reply": given
            and proposal.status in qualification.REPLY_STATUSES
            and self.user.has_perm("review.reply", proposal),
            "may_amend": given
            and qualification.may_amend(self.standing, given)
            and proposal.status in qualification.REPLY_STATUSES,
            "decisions": [] if proposal.status in EDITABLE else decided,
            "consents": list(proposal.consents.standing().listed())
            if proposal.status in SHOWS_CONSENTS
            else [],
            "readers": readers(list(proposal.accesses.current(at=self.at).with_holders())),
            "is_party": self.standing.is_party,
            "may_invite": self.user.has_perm("proposals.invite", proposal),
            "marks": way(proposal, reader=self.user, at=self.at, leave=leave)
            if self.standing.is_party
            else (),
        }

    def _facts(self, leave: list[Dispensation], version: Version | None) -> list[dict[str, Any]]:
        """Give the proposal in short, in the text that this person reads; `version` where it was read already."""
        proposal = self.proposal
        rows: list[dict[str, Any]] = [
            {"label": "Runde", "value": proposal.round.name},
            {"label": "Stillet af", "value": proposal.owner.name},
            {"label": "DGO", "value": proposal.lead_dgo.name if proposal.lead_dgo else ""},
        ]
        if proposal.organization:
            rows.insert(1, {"label": "På vegne af", "value": proposal.on_behalf_text})
        if leave:
            rows.append(
                {"label": "Dispensation", "value": [eligibility.leave_text(r) for r in leave]}
            )
        if reads_live(self.user, proposal, at=self.at):
            amount = proposal.requested_amount
            asked = "" if amount is None else danish.money_text(amount)
            return [
                {"label": "Formål", "value": proposal.purpose, "prose": True},
                {"label": "Søgt beløb", "value": asked},
                *rows,
            ]
        version = version or latest_sent(self.user, proposal, at=self.at)
        if version is None:
            return rows
        sent = Content.of_version(version)
        return [
            {"label": "Formål", "value": sent.answer("purpose"), "prose": True},
            {"label": "Søgt beløb", "value": sent.answer("requested_amount")},
            *rows,
        ]

    def _asked(self) -> dict[str, Any] | None:
        """Give what the proposer has been asked to change, while it is theirs to do."""
        proposal = self.proposal
        event = sent_back_by(proposal)
        if event is None:
            return None
        writes = self.user.has_perm("proposals.edit", proposal)
        return {
            "event": event,
            "reasons": [self._reason(row, writes=writes) for row in event.reasons.all()],
        }

    def _reason(self, row: ReturnReason, *, writes: bool) -> dict[str, Any]:
        return {
            "label": BY_SLUG[row.section].title,
            "text": row.text,
            "url": self.url("section", row.section) if writes else "",
        }


SHOWS_CONSENTS = (Status.APPROVED, Status.ACTIVE, Status.LAPSED, Status.COMPLETED)


class Contents(Tab):
    """The proposal's own words, as far as they have come to the reader."""

    template_name = "review/proposal/content.html"
    tab = "content"

    def context(self) -> dict[str, Any]:
        proposal = self.proposal
        text, version = reading(self.user, proposal, at=self.at)
        groups = map_groups(text.participants) if text else []
        return {
            **super().context(),
            **read_text(self, text, version, back="indhold"),
            "news": news_line(self, text, version) if text else None,
            "map_groups": groups,
            "map_text": map_text(groups),
            "may_edit": proposal.status in EDITABLE
            and self.user.has_perm("proposals.edit", proposal),
        }


class Sparring(Tab):
    """The conversation between the proposer, its DGO and the secretariat."""

    template_name = "review/proposal/sparring.html"
    tab = "sparring"

    def context(self) -> dict[str, Any]:
        takes_part = self.standing.takes_part
        return {
            **super().context(),
            "sparring": conversation_page.conversation(self) if takes_part else None,
        }


class Versions(Tab):
    """What was sent, each time with the way to what changed since the time before."""

    template_name = "review/proposal/versions.html"
    tab = "versions"

    def context(self) -> dict[str, Any]:
        versions = list(readable_versions(self.user, self.proposal, at=self.at).with_people())
        before = [*versions[1:], None][: len(versions)]
        is_writer = self.user.has_perm("proposals.edit", self.proposal)
        is_party = self.standing.is_party
        is_live = reads_live(self.user, self.proposal, at=self.at)
        # Frozen when the agenda was published: what the committee got.
        tabled = AgendaItem.objects.of_proposal(self.proposal).exclude(version=None)
        meetings = dict(tabled.values_list("version", "agenda__meeting_date"))
        return {
            **super().context(),
            "versions": [
                {
                    "version": version,
                    "url": self.url("version", version.number),
                    "receipt": self.url("receipt", version.number) if is_party else "",
                    "pdf": self.url("version_pdf", version.number)
                    if version.paper.built_at
                    else "",
                    "compare": self.url("compare", earlier.number, version.number)
                    if earlier
                    else "",
                    "earlier": earlier,
                    "meeting_date": meetings.get(version.pk),
                    "until_now": self.url("compare", version.number, NOW) if is_live else "",
                }
                for version, earlier in zip(versions, before, strict=True)
            ],
            "changed_since": self.url("changed_since")
            if versions and is_writer and self.proposal.status in EDITABLE
            else "",
        }


class History(Tab):
    """Everything that happened, with who and when and why."""

    template_name = "review/proposal/history.html"
    tab = "history"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "idea_url": idea_url(self),
            "notes": notes_shown(self),
            "events": [
                history_line(event, is_secretariat=self.standing.duties.is_secretariat)
                for event in self.proposal.events.with_history().newest_first()
            ],
        }


OTHER_EVENTS = {
    "created": "Oprettet",
    "sparring_opened": "Åbnet for sparring",
    "sparring_closed": "Lukket for sparring",
    "impartiality_declared": "Spørgsmål om habilitet rejst",
    "impartiality_cleared": "Fundet habil",
    "impartiality_confirmed": "Fundet inhabil",
    "replied": "Svaret på udtalelsen",
    "amended": "Udtalelsen ændret",
    "funder_consented": "Tilsagn fra bidragyder",
    "funder_refused": "Afslag fra bidragyder",
    "handed_over": "Overdraget",
    "joined": "Taget imod en invitation",
    "commitment_confirmed": "Deltager har bekræftet",
    "commitment_declined": "Deltager er ikke med",
    "left": "Har forladt forslaget",
    "removed": "Adgang fjernet",
    "kept": "Adgang beholdt",
    "listed": "Titel og tilstand vises for organisationernes medlemmer",
    "unlisted": "Titel og tilstand vises ikke længere for organisationernes medlemmer",
    "organization_changed": "Stilles nu på vegne af",
    "organization_confirmed": "Bekræftet på vegne af",
    "dgo_changed": "DGO skiftet",
    "co_reader_added": "Ny medlæsende DGO",
    "co_reader_removed": "Læser ikke længere med",
    "dispensation_granted": "Dispensation givet",
    "dispensation_withdrawn": "Dispensation trukket tilbage",
    "copied": "Kopieret fra",
}


def history_line(event: Event, *, is_secretariat: bool) -> dict[str, Any]:
    """Say what happened in words, with its reasons as one text; what ties a person is the secretariat's to know."""
    text = (EVENTS | OTHER_EVENTS).get(event.transition, event.transition)
    text = text[:1].upper() + text[1:]
    # "Godkendt af forretningsudvalget: godkendt" says one thing twice.
    if event.note and event.note.lower() not in text.lower():
        text = f"{text}: {event.note}"
    if event.version:
        text = f"{text} (version {event.version.number})"
    is_private = event.transition.startswith("impartiality") and not is_secretariat
    notes = [event.reason] if event.reason and not is_private else []
    notes += [f"{BY_SLUG[row.section].title}:\n{row.text}" for row in event.reasons.all()]
    return {
        "at": event.at,
        "text": text,
        "by": event.by.name if event.by else "",
        "note": "\n\n".join(notes),
    }


def readers(accesses: list[Access]) -> list[str]:
    """Say in words who has access: people by name, and those who work with it by what they are."""
    said = []
    for access in accesses:
        if access.user:
            said.append((0, f"{access.user.name} ({access.get_function_display()})"))
        elif access.dgo:
            along = " (læser med)" if access.function == Function.CO_READ else ""
            said.append((1, f"Rådgiverne i {access.dgo.name}{along}"))
        elif access.organization:
            said.append((4, f"{access.organization.name} (bidragyder)"))
        elif access.group == Group.SECRETARIAT:
            said.append((2, "Sekretariatet"))
        else:
            said.append((3, "Forretningsudvalget"))
    return [text for _, text in sorted(set(said))]
