"""The section about who takes part."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from klimaspor import danish, seen
from klimaspor.accounts.models import AUTHORITY_KINDS, Dgo, Organization
from klimaspor.pages import FormPage, searched
from proposals.answers.content import CONFIRMED, DECLINED, counting_day
from proposals.answers.pages import map_groups, map_text
from proposals.drafting import dgo as drafting
from proposals.drafting.organizations import (
    MOST_DIGITS,
    find_organizations,
    is_new_word,
    kind_text,
)
from proposals.drafting.pages import SectionPage
from proposals.line.lifecycle import EDITABLE
from proposals.line.pages import ProposalPage
from proposals.participants import steps as participants
from proposals.participants.forms import (
    LEAD,
    ListForm,
    NewParticipantForm,
    RolesForm,
    TypedParticipantForm,
)
from proposals.participants.models import ParticipantRole
from proposals.participants.seen import shown_list

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from klimaspor.seen import Shown
    from proposals.answers.content import Content
    from proposals.participants.models import Participant

BESIDE = {"list": "participant_list", "contacts": "contacts"}
"""The pages that a button leads to when it has saved this one."""
MOST_CHOSEN = 150
"""More than there are kommuner and regioner."""
MOST_NAMED = 12
TONES = {CONFIRMED: "success", DECLINED: "warning"}


class ParticipantsPage(SectionPage):
    template_name = "proposals/participants/participants.html"
    slug = "deltagere"
    row_prefixes = ("role-",)
    row_names = ("participants",)
    has_added = False
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
        is_adding = self.act == "add" or (self.adds_chosen and bool(self.chosen))
        return is_adding or self.act == "remove" or (typed.is_valid() and typed.is_filled)

    @property
    def adds_chosen(self) -> bool:
        """Whether the press takes in what is ticked: all that says save does, so that no press throws it away."""
        return not self.is_saving and self.act not in ("search", "remove")

    @property
    def act(self) -> str:
        """Give what the button that was pressed does, without whom it does it to."""
        if self.pressed == "enter" and is_new_word(self.request.POST, "soeg"):
            return "search"
        return self.pressed.partition(":")[0]

    @cached_property
    def chosen(self) -> list[Organization]:
        """Give what is ticked among all that was found."""
        return _chosen(self, self.request.POST if self.is_pressed else self.request.GET)

    @property
    def is_pressed(self) -> bool:
        return self.request.method == "POST"

    @property
    def word(self) -> str:
        """Give what stands in the search."""
        return searched(self.request.POST if self.is_pressed else self.request.GET, "soeg")

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
            self.has_added = True
            said = self._add(
                typed_name=typed.cleaned_data["typed_name"],
                typed_kind=typed.cleaned_data["typed_kind"],
                role=typed.cleaned_data["typed_role"] or "participant",
            )
        key = self.pressed.partition(":")[2]
        if self.act == "add" or (self.adds_chosen and self.chosen):
            said = self._add_from_list(key)
        elif self.act == "remove":
            said = self._remove(key)
        return "" if self.act == "search" else said

    def _add_from_list(self, key: str) -> str:
        """Add whom the button names, and whoever is ticked."""
        organizations = Organization.objects.valid(counting_day(self.proposal, self.at))
        role = self.request.POST.get("new_role", "")
        wanted = {organization.pk: organization for organization in self.chosen}
        if key or not wanted:
            form = NewParticipantForm(
                {"organization": key, "role": _role(role)}, organizations=organizations
            )
            if not form.is_valid():
                return "Vælg en organisation fra listen."
            wanted[form.cleaned_data["organization"].pk] = form.cleaned_data["organization"]
        added = participants.add_participants(
            proposal_pk=self.proposal.pk,
            newcomers=[
                participants.Newcomer(_role(role), organization) for organization in wanted.values()
            ],
            by=self.user,
            at=self.at,
        )
        self.has_added = bool(added.participants)
        return added_text(added)

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
        if self.pressed in BESIDE:
            return self.url(BESIDE[self.pressed])
        if self.pressed == "next":
            return super().success_url()
        # What is still looked for and ticked stays so.
        kept: list[tuple[str, Any]] = [] if self.has_added else [("soeg", self.word)]
        kept += [("valgt", o.pk) for o in self.chosen if not self.adds_chosen]
        query = urlencode([(name, value) for name, value in kept if value])
        here = self.url("section", self.slug) + (f"?{query}" if query else "")
        places = {"search": "id_soeg", "add": "find-deltager", "remove": "deltagerliste"}
        return f"{here}#{places[self.act]}" if self.act in places else here

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        listed, roles = self.listed, forms["roles"]
        if roles.is_bound:
            # What was pressed may have changed the list since the forms were made.
            listed = list(self.proposal.participants.listed())
            roles = _roles(roles.data, listed)
        found = _found(self, self.word, {p.organization_id for p in listed}, self.chosen)
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
            "searched": self.word,
            "found": found,
            "is_offering": _is_offering(found),
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
    if said and said.visitor:
        return {"contact": said.visitor.mailbox_text, "link": "Se svaret"}
    asked = f"Kontakt: {participant.contact_name}" if participant.contact_name else ""
    return {"contact": asked, "link": "Spørg eller udfyld"}


class ParticipantList(FormPage, ProposalPage):
    """A pasted list of who takes part: what it is taken for, and then all of it added by one press."""

    template_name = "proposals/participants/list.html"
    permission = "proposals.edit"
    heading = "Indsæt en liste over deltagere"
    open_in = EDITABLE
    makes = True

    def load(self) -> None:
        super().load()
        self.there = self.proposal.participants.keys()
        day = counting_day(self.proposal, self.at)
        self.organizations = list(Organization.objects.valid(day))

    @property
    def adds(self) -> bool:
        return self.request.POST.get("do") == "add"

    def form(self, data: Any = None) -> ListForm:
        made = ListForm(data, organizations=self.organizations, there=self.there, adds=self.adds)
        self.read = made.matches
        return made

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if self.adds and form.is_shown:
            return super().post(request, **kwargs)
        # What was not on the page yet is shown, and is what the next press has seen.
        form.is_valid()
        typed: Any = form.data
        typed[seen.base_name()] = str(shown_list(self.read, self.there).base)
        return self.show(form=form)

    def shown_now(self) -> Shown | None:
        return shown_list(self.read, self.there) if self.read else None

    def act(self, form: ListForm) -> str:
        added = participants.add_list(
            proposal_pk=self.proposal.pk,
            newcomers=form.newcomers,
            matches=form.matches,
            base=self.base,
            by=self.user,
            at=self.at,
        )
        said = added_text(added)
        if form.left_out:
            number = len(form.left_out)
            named = f": {danish.join_text(form.left_out)}" if number <= MOST_NAMED else ""
            said += (
                f" {danish.count_text(number, 'navn', 'navne')} på listen er ikke tilføjet{named}."
            )
        return said.strip()

    def success_url(self) -> str:
        return f"{self.url('section', 'deltagere')}#deltagerliste"

    def crumbs(self) -> list[tuple[str | None, str]]:
        section = (self.url("section", "deltagere"), "Deltagere")
        return [*super().crumbs()[:-1], section, (None, self.heading)]

    def context(self) -> dict[str, Any]:
        return {**super().context(), "cancel": self.url("section", "deltagere")}


class ParticipantSearch(SectionPage):
    """What is found while one writes: buttons to put into the form."""

    template_name = "proposals/participants/_participant_results.html"
    slug = "deltagere"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        text, chosen = searched(request.GET, "soeg"), _chosen(self, request.GET)
        found = _found(self, text, self.proposal.participants.keys(), chosen)
        return super(SectionPage, self).show(
            found=found, is_offering=_is_offering(found), searched=text
        )


def _found(
    page: SectionPage, text: str, there: Collection[Any], chosen: list[Organization]
) -> list[dict[str, Any]]:
    """Give what is ticked and not on the list yet, and then what is found besides."""
    ticked = {o.pk for o in chosen if o.pk not in there}
    return [
        {
            "pk": o.pk,
            "name": o.name,
            "kind": kind_text(o, at=page.at),
            "is_there": o.pk in there,
            "is_chosen": o.pk in ticked,
        }
        for o in [
            *(o for o in chosen if o.pk in ticked),
            *(
                o
                for o in find_organizations(text, days=[counting_day(page.proposal, page.at)])
                if o.pk not in ticked
            ),
        ]
    ]


def _is_offering(found: list[dict[str, Any]]) -> bool:
    return not all(organization["is_there"] for organization in found)


def _chosen(page: SectionPage, data: QueryDict) -> list[Organization]:
    keys = [key for key in data.getlist("valgt") if key.isdecimal() and len(key) < MOST_DIGITS]
    valid = Organization.objects.valid(counting_day(page.proposal, page.at))
    found = valid.in_bulk([int(key) for key in keys[:MOST_CHOSEN]]) if keys else {}
    return sorted(found.values(), key=lambda organization: danish.sort_key(organization.name))


def _role(text: str) -> str:
    return text if text in ParticipantRole.values else ParticipantRole.PARTICIPANT


def added_text(added: participants.Added) -> str:
    """Say who was added, and who was there already."""
    names = [participant.name for participant in added.participants]
    said = []
    if len(names) == 1:
        said.append(f"{names[0]} er tilføjet som {added.participants[0].get_role_display()}.")
    elif names:
        named = f": {danish.join_text(names)}" if len(names) <= MOST_NAMED else ""
        said.append(f"{danish.number_text(len(names))} deltagere er tilføjet{named}.")
    if added.there:
        word = danish.plural_text(len(added.there), "deltager", "deltagere")
        said.append(f"{danish.join_text(added.there)} er allerede {word}.")
    return " ".join(said)
