"""Who has access to a proposal: seen in words, invited, removed, left; and on whose behalf it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from klimaspor import danish, once
from klimaspor.accounts import claims, links
from klimaspor.pages import FormPage, Press, PublicPage, searched
from klimaspor.refusals import Refused
from proposals.answers.content import counting_day
from proposals.drafting.organizations import (
    acted_for,
    chosen_organization,
    find_organizations,
    is_looking_up,
)
from proposals.drafting.parts import NOBODY, OnBehalfForm
from proposals.line.addresses import PROPOSALS, proposal_address
from proposals.line.functions import WRITER_FUNCTIONS
from proposals.line.lifecycle import ENDED, Status
from proposals.line.models import Event, Proposal
from proposals.line.pages import (
    NOT_YOURS,
    UNENDED,
    ProposalPage,
    SecretariatPage,
    StepPage,
    is_editable,
)
from proposals.writers import invitation, pages
from proposals.writers import steps as writers
from proposals.writers import steps as writers_steps
from proposals.writers.forms import CorrectOrganizationForm, HandOverForm, InviteForm
from proposals.writers.models import ProposalInvitation
from proposals.writers.readers import organizations_behind, readers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from klimaspor.accounts.models import User
    from proposals.line.models import Access

GONE = 410
FORBIDDEN = 403
NOT_FOUND = 404
TONES = {"Taget imod": "success", "Udløbet": "warning", "Venter på svar": "info"}


class AccessPage(FormPage, ProposalPage):
    """Who is in, in words; the owner invites from here, and those who write see whom."""

    template_name = "proposals/writers/access.html"
    permission = "proposals.access"
    heading = "Hvem har adgang"
    button = "Send invitation"
    makes = True

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.may_do("invite"):
            raise PermissionDenied(NOT_YOURS)
        return super().post(request, **kwargs)

    def may_do(self, what: str) -> bool:
        return self.user.has_perm(f"proposals.{what}", self.proposal)

    def form(self, data: Any = None) -> InviteForm:
        return InviteForm(data)

    def act(self, form: InviteForm) -> str:
        sent = invitation.invite(
            proposal_pk=self.proposal.pk,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            function=form.cleaned_data["function"],
            by=self.user,
            at=self.at,
        ).invitation
        return _invited_text(sent)

    def success_url(self) -> str:
        return self.url("access")

    def context(self) -> dict[str, Any]:
        may_invite = self.may_do("invite")
        shown = [
            {
                "text": reader.text,
                "email": reader.person.email if reader.person and not reader.is_you else "",
                "name": reader.person.name if reader.person else "",
                "may": reader.may,
                "since_at": reader.since_at,
                "has_left": reader.has_left,
                "keep_url": self.url("keep_person", reader.access.pk)
                if may_invite and reader.has_left
                else "",
                "remove_url": self.url("remove_person", reader.access.pk)
                if may_invite and reader.person and not (reader.is_owner or reader.is_you)
                else "",
            }
            for reader in readers(self.proposal, to=self.user, at=self.at)
        ]
        return {
            **super().context(),
            "readers": shown,
            "may_remove": any(reader["remove_url"] or reader["keep_url"] for reader in shown),
            "may_invite": may_invite,
            "may_list": self.may_do("list_to_members"),
            "members_of": danish.join_text(organizations_behind(self.proposal)),
            "invitations": self._invitations() if self.may_do("see_invitations") else None,
            "others": self._others(),
        }

    def _invitations(self) -> dict[str, Any]:
        page = self.rows(self.proposal.invitations.with_people().newest_first())
        rows = [
            {
                "invitation": row,
                "state": row.state_at(self.at),
                "tone": TONES.get(row.state_at(self.at), ""),
                "is_open": row.is_open_at(self.at),
                "is_unanswered": row.is_unanswered,
                "wanted_by": row.wanted_by if row.is_unanswered else None,
            }
            for row in page
        ]
        return {"page": page, "rows": rows, "query": self.request.GET}

    def _others(self) -> list[dict[str, str]]:
        status = self.proposal.status
        ways = (
            ("hand_over", "Overdrag til en anden", status not in ENDED),
            ("change_organization", "Skift organisation", status == Status.DRAFT),
            ("leave", "Forlad forslaget", True),
        )
        return [
            {"url": self.url(name), "label": label}
            for name, label, is_open in ways
            if is_open and self.may_do(name)
        ]


def _first_page(accepted: ProposalInvitation, *, writes: bool) -> str:
    """Give where whoever has accepted goes: to what they were asked to do."""
    number = accepted.proposal.number
    if accepted.participant_id:
        return reverse("proposals:participant", args=[number, accepted.participant_id])
    return reverse("proposals:tasks", args=[number]) if writes else proposal_address(number)


def _invited_text(sent: ProposalInvitation) -> str:
    return f"Invitationen er sendt til {sent.email}. Du får besked, når den er taget imod."


class _Press(Press, ProposalPage):
    """A button beside an invitation."""

    permission = "proposals.invite"

    @property
    def pk(self) -> int:
        """The invitation's key."""
        return get_object_or_404(self.proposal.invitations, pk=self.kwargs["pk"]).pk

    def back(self) -> str:
        return self.url("access")


class WithdrawInvitation(_Press):
    def act(self) -> str:
        row = invitation.withdraw(invitation_pk=self.pk, by=self.user, at=self.at)
        return f"Invitationen til {row.email} er trukket tilbage. Linket virker ikke mere."


class ListToMembers(Press, ProposalPage):
    """The owner lets the organizations' members see title and state, or takes it back."""

    permission = "proposals.list_to_members"
    is_listed = False

    def act(self) -> str:
        proposal = writers.list_to_members(
            proposal_pk=self.proposal.pk, is_listed=self.is_listed, by=self.user, at=self.at
        )
        if self.is_listed:
            return f"Medlemmerne kan nu se {proposal.number}: titel, nummer, status og runde, og ikke andet."
        return f"Medlemmerne kan ikke længere se {proposal.number}."

    def back(self) -> str:
        return self.url("access")


class SendInvitationAgain(_Press):
    makes = True
    is_elsewhere = False

    def act(self) -> str:
        sent = invitation.send_again(
            invitation_pk=self.pk, is_elsewhere=self.is_elsewhere, by=self.user, at=self.at
        ).invitation
        return f"{_invited_text(sent)} Det gamle link virker ikke mere."


def claims_url() -> str:
    """Give the secretariat's list, where the press was."""
    return reverse("accounts:claims")


TO_ACCESS = ("proposals:access", AccessPage.heading)


class _EndPage(StepPage):
    """The last question before somebody is out."""

    above = TO_ACCESS
    danger = True

    def form(self, data: Any = None) -> forms.Form:
        return forms.Form(data)


class Keep(Press, ProposalPage):
    """A decision that somebody who has left an organization stays: the owner's, or the secretariat's."""

    permission = "proposals.remove_person"

    def act(self) -> str:
        held = self.proposal.accesses.of_parties()
        access = invitation.keep_person(
            access_pk=get_object_or_404(held, pk=self.kwargs["pk"]).pk, by=self.user, at=self.at
        )
        return f"{access.user} beholder sin adgang til {self.proposal.number}."

    def back(self) -> str:
        return self.url("access") if self.may_do("invite") else claims_url()

    def may_do(self, what: str) -> bool:
        return bool(self.user.has_perm(f"proposals.{what}", self.proposal))


class Remove(_EndPage):
    permission = "proposals.remove_person"
    heading = "Fjern adgang"
    button = "Fjern adgangen"

    def load(self) -> None:
        super().load()
        # Also one that has ended, so that a second press leads where the first did.
        parties = self.proposal.accesses.of_parties().with_holders()
        self.access: Access = get_object_or_404(parties, pk=self.kwargs["pk"])
        left = self.proposal.accesses.left_behind(at=self.at).filter(pk=self.access.pk)
        # The secretariat decides about whoever has left an organization, and about nobody else.
        if not (self.is_owners or self.access.until_at or left.exists()):
            raise PermissionDenied(NOT_YOURS)

    @property
    def is_owners(self) -> bool:
        return bool(self.user.has_perm("proposals.invite", self.proposal))

    def cancel_url(self) -> str:
        return self.success_url()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.access.until_at:
            messages.info(request, f"Adgangen for {self.person.name} er ophørt.")
            return redirect(self.success_url())
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        if self.access.user is None:
            raise LookupError("A party is a person.")
        return self.access.user

    @property
    def text(self) -> str:  # type: ignore[override]  # it names the person
        return (
            f"{self.person.name} kan ikke længere se forslaget og får besked. "
            "Det, personen har skrevet, bliver stående."
        )

    def act(self, form: forms.Form) -> str:
        invitation.remove_person(
            proposal_pk=self.proposal.pk, user=self.person, by=self.user, at=self.at
        )
        return f"{self.person.name} har ikke længere adgang."

    def success_url(self) -> str:
        return self.url("access") if self.is_owners else claims_url()


class Leave(_EndPage):
    permission = "proposals.leave"
    heading = "Forlad forslaget"
    button = "Forlad forslaget"
    text = (
        "Du kan ikke længere se forslaget, og ejeren får besked. Det, du har skrevet, bliver stående. "
        "Vil du være med igen, skal ejeren invitere dig."
    )

    has_left = False

    def load(self) -> None:
        try:
            super().load()
        except Http404:
            # A second press comes from somebody who sees it no more.
            self.has_left = Event.objects.left_by(self.user, self.kwargs["number"]).exists()
            if not self.has_left:
                raise

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.has_left:
            messages.info(request, f"Du har forladt {self.kwargs['number']}.")
            return redirect(PROPOSALS)
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: forms.Form) -> str:
        invitation.leave(proposal_pk=self.proposal.pk, by=self.user, at=self.at)
        return f"Du har forladt {self.proposal.number}. Ejeren har fået besked."

    def success_url(self) -> str:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        return self.address if visible.contains(self.proposal) else PROPOSALS


class OnBehalf(StepPage):
    """Another organization than the one the draft was begun for."""

    template_name = "proposals/writers/change_organization.html"
    permission = "proposals.change_organization"
    heading = "Skift organisation"
    above: ClassVar[tuple[str, str] | None] = TO_ACCESS
    button = "Gem"
    open_in: ClassVar[Collection[Status]] = (Status.DRAFT,)

    form_class: type[OnBehalfForm] = OnBehalfForm

    def form(self, data: Any = None) -> OnBehalfForm:
        now = self.proposal.organization
        days = self.days()
        found = find_organizations(searched(data, "search") if data else "", days=days)
        own = acted_for(self.acting(), days=days, at=self.at)
        chosen = chosen_organization(data.get("on_behalf", "") if data else "", days=days)
        shown = list({o.pk: o for o in (*([now] if now else []), *own, *chosen)}.values())
        return self.form_class(
            data,
            organizations=(*shown, *found),
            shown=len(shown),
            initial={"on_behalf": str(now.pk) if now else NOBODY},
        )

    def acting(self) -> User:
        """Give whose organizations stand in the list without a search."""
        return self.user

    def days(self) -> list[date]:
        """Give the days on which it may exist."""
        return [counting_day(self.proposal, self.at)]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if is_looking_up(request.POST):
            form = self.form(request.POST)
            # Only looked up: nothing is wrong with what is not chosen yet.
            form.errors.clear()
            form.is_looked_up = True
            return self.show(form=form)
        return super().post(request, **kwargs)

    def act(self, form: OnBehalfForm) -> str:
        before = self.proposal.organization
        organization = form.organization
        writers.change_organization(
            proposal_pk=self.proposal.pk, organization=organization, by=self.user, at=self.at
        )
        said = (
            f"Forslaget stilles nu på vegne af {organization.name}."
            if organization
            else "Forslaget stilles ikke længere på vegne af en organisation."
        )
        stays = self.proposal.participants.filter(organization=before)
        if before and before != organization and stays.exists():
            said += (
                f" {before.name} står stadig under Deltagere. Ret det dér, hvis den ikke er med."
            )
        return said

    def success_url(self) -> str:
        return self.url("access")


class ConfirmOrganization(Press, ProposalPage):
    """The secretariat says that a proposal is made on behalf of the organization it names."""

    permission = "proposals.settle_organization"

    def act(self) -> str:
        proposal = writers.confirm_organization(
            proposal_pk=self.proposal.pk,
            organization_pk=self.kwargs["pk"],
            by=self.user,
            at=self.at,
        )
        return f"Bekræftet: {proposal.number} stilles på vegne af {proposal.on_behalf_text}."

    def back(self) -> str:
        return claims_url()


class CorrectOrganization(OnBehalf):
    """The secretariat says on behalf of whom a proposal is made, and why it is another than the owner has said."""

    template_name = "proposals/writers/correct_organization.html"
    permission = "proposals.settle_organization"
    heading = "Ret, hvem forslaget stilles på vegne af"
    above = None
    button = "Ret"
    open_in = UNENDED
    form_class = CorrectOrganizationForm

    def acting(self) -> User:
        return self.proposal.owner

    def days(self) -> list[date]:
        # What was sent may have been sent by one that ends.
        return [danish.day_of(self.at), *super().days()]

    def act(self, form: OnBehalfForm) -> str:
        proposal = writers.correct_organization(
            proposal_pk=self.proposal.pk,
            organization=form.organization,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        whom = proposal.on_behalf_text or "ingen organisation"
        return f"{proposal.number} stilles nu på vegne af {whom}. {proposal.owner} har fået et brev med begrundelsen."

    def success_url(self) -> str:
        return claims_url()

    def cancel_url(self) -> str:
        return claims_url()


@method_decorator(never_cache, name="dispatch")
class InvitationPage(PublicPage):
    """What a link offers, and to whom; opening it changes nothing, since mail programs open every link."""

    template_name = "proposals/writers/invitation.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            offered = invitation.look_up(self.kwargs["token"], at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        here = {"next": request.path}
        is_theirs = request.user.is_authenticated and links.is_theirs(offered, self.user)
        has_code = offered.participant is not None and not request.user.is_authenticated
        return self.show(
            offered=offered,
            proposal=offered.proposal,
            send_code_url=reverse("proposals:send_answer_code", kwargs=self.kwargs)
            if has_code
            else "",
            once=once.hidden() if has_code else {},
            writes=offered.function in WRITER_FUNCTIONS,
            is_theirs=is_theirs,
            is_wanted=offered.wanted_by_id == request.user.pk,
            login_url=f"{reverse('account_login')}?{urlencode(here)}",
            signup_url=f"{reverse('account_signup')}?{urlencode({**here, 'email': offered.email})}",
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if request.POST.get("do") == "want":
            return self.want()
        try:
            accepted = invitation.accept(token=self.kwargs["token"], by=self.user, at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        proposal = accepted.proposal
        writes = self.user.has_perm("proposals.edit", proposal) and is_editable(proposal)
        verb = "skrive i" if writes else "læse"
        messages.success(
            request, f"Du kan nu {verb} {proposal.number}. {accepted.sent_by.name} har fået besked."
        )
        return redirect(_first_page(accepted, writes=writes))

    def want(self) -> HttpResponse:
        """Ask for it to be sent to the address the reader is signed in with; the page then says so."""
        try:
            invitation.want(token=self.kwargs["token"], by=self.user, at=self.at)
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect(self.request.path)

    def refuse(self, refusal: Refused) -> HttpResponse:
        if (
            isinstance(refusal, links.AlreadyAccepted)
            and isinstance(taken := refusal.invitation, ProposalInvitation)
            and self.request.user.is_authenticated
            and taken.accepted_by == self.user
        ):
            return self._pressed_twice(taken.proposal)
        status = GONE
        if isinstance(refusal, links.Unknown):
            status = NOT_FOUND
        elif isinstance(refusal, links.WrongAddress):
            status = FORBIDDEN
        return self.show(refusal=str(refusal), status=status)

    def _pressed_twice(self, proposal: Proposal) -> HttpResponse:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        if not visible.contains(proposal):
            return self.show(
                refusal="Du har brugt invitationen, og din adgang er ophørt siden.", status=GONE
            )
        messages.info(self.request, "Du har allerede taget imod invitationen.")
        return redirect(proposal_address(proposal.number))


class HandOver(StepPage):
    """Another owner: the owner's own wish, or the secretariat's when the owner has gone."""

    template_name = "proposals/writers/hand_over.html"
    permission = "proposals.hand_over"
    heading = "Overdrag forslaget"
    button = "Overdrag forslaget"
    makes = True
    open_in = UNENDED

    def found(self) -> Proposal:
        # The secretariat does not see a draft that was never opened to it, but must find it a new owner.
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        if self.user.duties.is_secretariat:
            visible = visible | Proposal.objects.orphaned()
        found: Proposal = get_object_or_404(visible.with_frame(), number=self.kwargs["number"])
        return found

    @property
    def is_owner(self) -> bool:
        return self.proposal.owner_id == self.user.pk

    def form(self, data: Any = None) -> HandOverForm:
        held = self.proposal.accesses.current(at=self.at).of_parties().with_holders()
        people = {a.user_id: a.user for a in held if a.user and a.user_id != self.proposal.owner_id}
        named = sorted(people.values(), key=lambda person: danish.sort_key(person.name))
        return HandOverForm(data, people=named, is_owner=self.is_owner)

    def act(self, form: HandOverForm) -> str:
        if form.person is None:
            return self._invite(form.cleaned_data["email"])
        writers_steps.hand_over(
            proposal_pk=self.proposal.pk,
            to_user=form.person,
            reason=form.cleaned_data["reason"],
            keeps_writing=form.cleaned_data.get("keeps_writing", False),
            by=self.user,
            at=self.at,
        )
        return f"{form.person.name} ejer nu {self.proposal.number} og har fået besked."

    def _invite(self, email: str) -> str:
        invitation.invite(
            proposal_pk=self.proposal.pk,
            email=email,
            name="",
            function="write",
            by=self.user,
            at=self.at,
        )
        return (
            f"{email} er inviteret til at skrive i {self.proposal.number}. Du ejer stadig forslaget. "
            "Når invitationen er taget imod, kan du overdrage det."
        )

    def success_url(self) -> str:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        return self.address if visible.contains(self.proposal) else "/"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "is_owner": self.is_owner,
            "owner": self.proposal.owner,
        }


class Orphaned(SecretariatPage):
    """Proposals whose owner can no longer sign in: numbers and people only, since nobody opened the text."""

    template_name = "proposals/writers/orphaned.html"

    def context(self) -> dict[str, Any]:
        return {
            "proposals": Proposal.objects.orphaned().with_frame().by_number(),
            "breadcrumbs": [
                ("/", "Forside"),
                (reverse("accounts:administration"), "Administration"),
                (None, "Forslag uden ejer"),
            ],
        }


claims.MORE += [pages.on_behalf, pages.left_behind]
