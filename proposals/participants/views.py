"""The section about who takes part."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from klimaspor import danish
from klimaspor.accounts.models import AUTHORITY_KINDS, Dgo, Organization
from klimaspor.pages import searched
from proposals.answers.content import CONFIRMED, DECLINED, counting_day
from proposals.answers.pages import map_groups, map_text
from proposals.drafting import dgo as drafting
from proposals.drafting.organizations import find_organizations, kind_text
from proposals.drafting.pages import SectionPage
from proposals.participants import steps as participants
from proposals.participants.forms import LEAD, NewParticipantForm, RolesForm, TypedParticipantForm
from proposals.participants.models import ParticipantRole

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from proposals.answers.content import Content
    from proposals.participants.models import Participant

TONES = {CONFIRMED: "success", DECLINED: "warning"}


class ParticipantsPage(SectionPage):
    template_name = "proposals/participants/participants.html"
    slug = "deltagere"
    row_prefixes = ("role-",)
    row_names = ("participants",)
    removing: Participant | None = None
    """Whom a press would take off the list with all that was said for them, and who is asked about first."""

    @cached_property
    def may_choose_dgo(self) -> bool:
        return drafting.may_choose_dgo(self.proposal)

    def dgos(self) -> QuerySet[Dgo] | None:
        valid = Dgo.objects.valid(danish.day_of(self.at))
        return valid.by_name() if self.may_choose_dgo else None

    def receive(self, data: QueryDict) -> QueryDict:
        if LEAD not in data and any(name.startswith(self.row_prefixes) for name in data):
            # From a page that was opened before it was asked who leads.
            lead, data = self.proposal.participants.lead(), data.copy()
            data[LEAD] = str(lead.pk) if lead else ""
        return super().receive(data)

    def row_forms(self, data: Any) -> dict[str, Any]:
        self.listed: list[Participant] = list(self.proposal.participants.listed())
        return {"roles": _roles(data, self.listed), "typed": TypedParticipantForm(data)}

    def adds_rows(self, rows: dict[str, Any]) -> bool:
        typed = rows["typed"]
        return self.act in ("add", "remove") or (typed.is_valid() and typed.is_filled)

    @property
    def act(self) -> str:
        """Give what the button that was pressed does, without whom it does it to."""
        return self.pressed.partition(":")[0]

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        roles, typed = rows["roles"], rows["typed"]
        if not (roles.is_valid() and typed.is_valid()):
            return None
        if self.pressed == "typed" and not typed.is_filled:
            typed.add_error("typed_name", "Indtast organisationens navn")
            return None
        if typed.is_filled and (listed := self._on_the_list(typed.cleaned_data["typed_name"])):
            typed.add_error(
                "typed_name", f"{listed.name} står på listen. Søg den frem, og tilføj den derfra"
            )
            return None
        said: str | None = super().save_rows(rows)
        for participant in self.listed if self.rows_touched else ():
            role = roles.changes.get(participant.pk)
            if role:
                participants.change_participant(
                    proposal_pk=self.proposal.pk,
                    participant_pk=participant.pk,
                    role=role,
                    contact_name=participant.contact_name,
                    contact_email=participant.contact_email,
                    by=self.user,
                    at=self.at,
                )
        if self.rows_touched and roles.changes_lead:
            participants.choose_lead(
                proposal_pk=self.proposal.pk, participant_pk=roles.lead, by=self.user, at=self.at
            )
        if typed.is_filled:
            said = self._add(
                typed_name=typed.cleaned_data["typed_name"],
                typed_kind=typed.cleaned_data["typed_kind"],
                role=typed.cleaned_data["typed_role"] or "participant",
            )
        key = self.pressed.partition(":")[2]
        if self.act == "add":
            said = self._add_from_list(key)
        elif self.act == "remove":
            said = self._remove(key)
        return "" if self.act == "search" else said

    def _add_from_list(self, key: str) -> str:
        form = NewParticipantForm(
            {"organization": key, "role": self.request.POST.get("new_role", "")},
            organizations=Organization.objects.valid(counting_day(self.proposal, self.at)),
        )
        if not form.is_valid():
            return "Vælg en organisation fra listen."
        return self._add(
            organization=form.cleaned_data["organization"], role=form.cleaned_data["role"]
        )

    def _add(self, **who: Any) -> str:
        try:
            participant = participants.add_participant(
                proposal_pk=self.proposal.pk, by=self.user, at=self.at, **who
            )
        except participants.AlreadyParticipant as refusal:
            return str(refusal)
        return f"{participant.name} er tilføjet som {participant.get_role_display()}."

    def _on_the_list(self, name: str) -> Organization | None:
        day = counting_day(self.proposal, self.at)
        return Organization.objects.valid(day).named(name).first()

    def _remove(self, key: str) -> str | None:
        """Take a participant off the list; whoever has said something is asked about first."""
        pk, _, sure = key.partition(":")
        participant = next((p for p in self.listed if str(p.pk) == pk), None)
        if participant is None:
            return "Deltageren er ikke på listen mere."
        if _has_said(participant) and not sure:
            self.removing = participant
            return None
        participants.remove_participant(
            proposal_pk=self.proposal.pk, participant_pk=participant.pk, by=self.user, at=self.at
        )
        if participant.is_lead:
            return f"{participant.name} er fjernet og var tovholder. Vælg en anden tovholder blandt deltagerne."
        return f"{participant.name} er fjernet."

    def show(self, **more: Any) -> HttpResponse:
        if self.removing:
            # A question was asked: nothing is wrong.
            more["is_partly_saved"] = False
        return super().show(**more)

    def success_url(self) -> str:
        here = self.url("section", self.slug)
        if self.act == "search":
            query = urlencode({"soeg": searched(self.request.POST, "soeg")})
            return f"{here}?{query}#find-deltager"
        return f"{here}#deltagerliste" if self.act in ("add", "remove") else super().success_url()

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        listed, roles = self.listed, forms["roles"]
        if roles.is_bound:
            # What was pressed may have changed the list since the forms were made.
            listed = list(self.proposal.participants.listed())
            roles = _roles(roles.data, listed)
        text = searched(self.request.GET, "soeg")
        groups = map_groups(content.participants)
        return {
            "rows": [
                {
                    "pk": p.pk,
                    "row": row,
                    "role": roles[f"role-{p.pk}"],
                    "url": self.url("participant", p.pk),
                    "tone": TONES.get(row.answer, ""),
                    "stand_in_url": ""
                    if row.counts or p.kind in AUTHORITY_KINDS
                    else self.url("stand_in", p.pk),
                    **_contact(p),
                }
                for p, row in zip(listed, content.participants, strict=True)
            ],
            "lead": roles[LEAD],
            "removing": self.removing,
            "groups": groups,
            "map_text": map_text(groups),
            "row_errors": [roles, forms["typed"]] if forms["typed"].is_bound else [],
            "typed_open": forms["typed"].is_bound and forms["typed"].has_changed(),
            "new": NewParticipantForm(organizations=Organization.objects.none()),
            "new_role": self.request.POST.get("new_role", ParticipantRole.PARTICIPANT),
            "searched": text,
            "found": _found(self, text, {p.organization_id for p in listed}),
            "may_choose_dgo": self.may_choose_dgo,
            "is_suggested": self._is_suggested(listed),
        }

    def _is_suggested(self, listed: list[Participant]) -> bool:
        dgo = self.proposal.lead_dgo
        if dgo is None or not self.may_choose_dgo:
            return False
        first = next((p.organization for p in listed if p.organization), None)
        source = self.proposal.organization or first
        return drafting.suggested_dgo(source) == dgo


def _has_said(participant: Participant) -> bool:
    """Say whether somebody answers for a participant, or has said what it brings."""
    commitment = getattr(participant, "commitment", None)
    if commitment is None:
        return False
    brought = (commitment.plan_action, commitment.case_number, commitment.hours, commitment.amount)
    return bool(
        commitment.contact or commitment.answered_at or any(b not in ("", None) for b in brought)
    )


def _roles(data: Any, listed: list[Participant]) -> RolesForm:
    """Make the form of the roles; whoever came to the list after the page was shown keeps the role they have."""
    if data is not None:
        data = data.copy()
        for participant in listed:
            data.setdefault(f"role-{participant.pk}", participant.role)
        lead = next((str(p.pk) for p in listed if p.is_lead), "")
        known = {str(p.pk) for p in listed}
        if data.get(LEAD, lead) not in {"", *known}:
            # Taken off the list since the page was shown.
            data[LEAD] = lead
        data.setdefault(LEAD, lead)
    return RolesForm(data, participants=listed)


def _contact(participant: Participant) -> dict[str, str]:
    """Say who answers or was asked last, and what the link to the participant's page is called."""
    said = getattr(participant, "commitment", None)
    if said and said.contact:
        link = "Se svaret" if said.answered_at else "Se siden"
        return {"contact": f"{said.contact.name} svarer", "link": link}
    asked = f"Kontakt: {participant.contact_name}" if participant.contact_name else ""
    return {"contact": asked, "link": "Spørg eller udfyld"}


class ParticipantSearch(SectionPage):
    """What is found while one writes: buttons to put into the form."""

    template_name = "proposals/participants/_participant_results.html"
    slug = "deltagere"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text = searched(request.GET, "soeg")
        there = {p.organization_id for p in self.proposal.participants.listed()}
        return super(SectionPage, self).show(found=_found(self, text, there), searched=text)


def _found(page: SectionPage, text: str, there: set[int | None]) -> list[dict[str, Any]]:
    return [
        {"pk": o.pk, "name": o.name, "kind": kind_text(o, at=page.at), "is_there": o.pk in there}
        for o in find_organizations(text, days=[counting_day(page.proposal, page.at)])
    ]
