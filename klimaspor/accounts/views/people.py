"""The secretariat's pages about people: who they are, which roles they have, and what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts import claims as elsewhere
from klimaspor.accounts import people
from klimaspor.accounts.forms import (
    PeopleFilter,
    PeriodForm,
    RefusalForm,
    RequestForm,
    TwoStepResetForm,
)
from klimaspor.accounts.models import Membership, OrganizationRequest, User
from klimaspor.accounts.views.pages import Administration, Confirm, Register
from klimaspor.pages import FormPage, Press

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs


def people_url() -> str:
    return reverse("accounts:people")


def person_url(user: User) -> str:
    return reverse("accounts:person", args=[user.pk])


def claims_url() -> str:
    return reverse("accounts:claims")


class People(Administration):
    """Everybody who has an account."""

    template_name = "accounts/people.html"
    heading = "Personer og roller"

    def context(self) -> dict[str, Any]:
        filters = PeopleFilter(self.request.GET)
        wanted = filters.cleaned_data if filters.is_valid() else {}
        found = User.objects.matching(wanted.get("q", ""))
        if wanted.get("rolle"):
            found = found.with_role(wanted["rolle"], at=self.at)
        if wanted.get("adgang"):
            found = found.having_access(is_open=wanted["adgang"] == "aaben")
        rows = self.rows(found.with_memberships(at=self.at).by_name())
        return {**super().context(), "form": filters, "rows": rows}


class Person(Administration):
    """One person with every role, also those that have ended."""

    template_name = "accounts/person.html"

    def load(self) -> None:
        self.person = get_object_or_404(User, pk=self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [(people_url(), People.heading)]

    def title(self) -> str:
        return str(self.person)

    def context(self) -> dict[str, Any]:
        memberships = list(self.person.memberships.with_history().listed())
        return {
            **super().context(),
            "person": self.person,
            "signs_in_in_two_steps": people.signs_in_in_two_steps(self.person),
            "is_self": self.person == self.user,
            "resets": self.person.two_step_resets.with_people().newest_first(),
            "current": [each for each in memberships if not each.has_ended(self.at)],
            "ended": [each for each in memberships if each.has_ended(self.at)],
        }


class PersonStep(Confirm):
    """Something done to one person."""

    def load(self) -> None:
        self.person = get_object_or_404(User, pk=self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [(people_url(), People.heading), (person_url(self.person), str(self.person))]

    def subject(self) -> str:
        return str(self.person)

    def back(self) -> str:
        return person_url(self.person)


class EndRole(PersonStep):
    heading = "Afslut rolle"
    button = "Afslut rollen"

    def load(self) -> None:
        self.membership = get_object_or_404(Membership.objects.with_people(), pk=self.kwargs["pk"])
        self.person = self.membership.user

    def subject(self) -> str:
        return f"{self.person}, {self.membership}"

    def text(self) -> str:
        return f"{self.person} er ikke længere {self.membership} fra i dag."

    def points(self) -> list[str]:
        return [
            "Adgangen, rollen giver, lukkes med det samme.",
            f"{self.person} får et brev om det.",
            "Det, personen har skrevet og gjort, bliver stående.",
        ]

    def act(self) -> str:
        people.end_role(membership_pk=self.membership.pk, by=self.user, at=self.at)
        return f"Rollen er afsluttet, og {self.person} har fået et brev."


class Period(Register):
    """From when and until when a role is held, so that a stand-in needs nobody to remember."""

    template_name = "accounts/role_period.html"
    heading = "Rollens datoer"

    def load(self) -> None:
        held = Membership.objects.with_people().unended(self.at).confirmed()
        self.membership = get_object_or_404(held, pk=self.kwargs["pk"])

    def hold(self) -> None:
        # The step holds it, after the roles of the secretariat.
        self.load()

    def above(self) -> Crumbs:
        person = self.membership.user
        return [(people_url(), People.heading), (person_url(person), str(person))]

    def subject(self) -> str:
        return f"{self.membership.user}, {self.membership}"

    def form(self, data: Any = None) -> PeriodForm:
        return PeriodForm(data, instance=self.membership, today=danish.day_of(self.at))

    def save(self, form: Any) -> str:
        people.set_period(
            membership_pk=self.membership.pk,
            valid_from_date=form.cleaned_data["valid_from_date"],
            valid_until_date=form.cleaned_data["valid_until_date"],
            by=self.user,
            at=self.at,
        )
        return "Datoerne er gemt. Rollen begynder og ophører af sig selv."

    def success_url(self) -> str:
        return person_url(self.membership.user)


class Deactivate(PersonStep):
    heading = "Luk adgang"
    button = "Luk adgangen"

    def text(self) -> str:
        return f"{self.person} kan ikke længere logge på."

    def points(self) -> list[str]:
        return [
            "Alle roller afsluttes i dag, og ingen af dem kommer igen af sig selv.",
            "Forslag, personen ejer, skal overdrages til en anden. De kommer på listen Forslag uden ejer.",
            "Det, personen har skrevet og gjort, bliver stående.",
        ]

    def act(self) -> str:
        people.deactivate(user_pk=self.person.pk, by=self.user, at=self.at)
        return f"{self.person} kan ikke længere logge på."


class Reactivate(PersonStep):
    heading = "Åbn adgang"
    button = "Åbn adgangen"
    danger = False

    def text(self) -> str:
        return f"{self.person} kan logge på igen."

    def points(self) -> list[str]:
        return ["Roller følger ikke med. Invitér personen igen, hvis der skal være nogen."]

    def act(self) -> str:
        people.reactivate(user_pk=self.person.pk, by=self.user, at=self.at)
        return f"{self.person} kan logge på igen."


class ResetTwoSteps(Administration, FormPage):
    """A lost phone, put right by somebody else, who writes how they know that it is that person who asks."""

    template_name = "accounts/reset_two_steps.html"
    heading = "Nulstil log på i to trin"

    def load(self) -> None:
        self.person = get_object_or_404(User, pk=self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [(people_url(), People.heading), (person_url(self.person), str(self.person))]

    def subject(self) -> str:
        return str(self.person)

    def form(self, data: Any = None) -> TwoStepResetForm:
        return TwoStepResetForm(data)

    def act(self, form: TwoStepResetForm) -> str:
        people.reset_two_steps(
            user_pk=self.person.pk, **form.cleaned_data, by=self.user, at=self.at
        )
        return f"{self.person} er logget af alle steder, og personen og sekretariatet har fået et brev."

    def success_url(self) -> str:
        return person_url(self.person)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "person": self.person, "cancel": self.success_url()}


class Claims(Administration):
    """What people say of themselves and nobody has answered."""

    template_name = "accounts/claims.html"
    heading = "Tilknytninger, der venter"

    def context(self) -> dict[str, Any]:
        claims = Membership.objects.current(self.at).claims().with_people().oldest_first()
        asked = OrganizationRequest.objects.open().with_people().oldest_first()
        return {
            **super().context(),
            "rows": self.rows(claims),
            "requests": asked,
            "tables": elsewhere.tables(self.user, at=self.at),
        }


class ConfirmClaim(Administration, Press):
    def act(self) -> str:
        get_object_or_404(Membership, pk=self.kwargs["pk"])
        membership = people.confirm(membership_pk=self.kwargs["pk"], by=self.user, at=self.at)
        return f"Bekræftet: {membership.user} handler på vegne af {membership.organization}."

    def back(self) -> str:
        return claims_url()


class RefuseClaim(Administration, FormPage):
    template_name = "accounts/refuse_claim.html"
    heading = "Afvis tilknytning"

    def load(self) -> None:
        claims = Membership.objects.members().with_people()
        self.membership = get_object_or_404(claims, pk=self.kwargs["pk"])

    def subject(self) -> str:
        return f"{self.membership.user}, {self.membership.organization}"

    def above(self) -> Crumbs:
        return [(claims_url(), Claims.heading)]

    def form(self, data: Any = None) -> RefusalForm:
        return RefusalForm(data)

    def act(self, form: RefusalForm) -> str:
        people.refuse(
            membership_pk=self.membership.pk, **form.cleaned_data, by=self.user, at=self.at
        )
        return f"{self.membership.user} har fået et brev med begrundelsen."

    def success_url(self) -> str:
        return claims_url()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "membership": self.membership, "cancel": claims_url()}


class AnswerRequest(Administration, FormPage):
    """The answer to somebody whose organization is not on the list."""

    template_name = "accounts/answer_request.html"
    heading = "Ønske om organisation"

    def load(self) -> None:
        asked = OrganizationRequest.objects.open().with_people()
        self.asked = get_object_or_404(asked, pk=self.kwargs["pk"])

    def subject(self) -> str:
        return f"{self.asked.user}, {self.asked.name}"

    def above(self) -> Crumbs:
        return [(claims_url(), Claims.heading)]

    def form(self, data: Any = None) -> RequestForm:
        asked = self.asked
        return RequestForm(data, initial={"name": asked.name, "kind": asked.kind})

    def act(self, form: RequestForm) -> str:
        typed = form.cleaned_data
        if typed["answer"] == RequestForm.REFUSE:
            people.refuse_request(
                request_pk=self.asked.pk, reason=typed["reason"], by=self.user, at=self.at
            )
            return f"{self.asked.user} har fået et brev med begrundelsen."
        if typed["answer"] == RequestForm.NEW:
            membership = people.confirm_request(
                request_pk=self.asked.pk,
                name=typed["name"],
                kind=typed["kind"] or self.asked.kind,
                by=self.user,
                at=self.at,
            )
        else:
            membership = people.confirm_request_as(
                request_pk=self.asked.pk,
                organization=typed["organization"],
                by=self.user,
                at=self.at,
            )
        return f"Bekræftet: {membership.user} handler på vegne af {membership.organization}."

    def success_url(self) -> str:
        return claims_url()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "asked": self.asked, "cancel": claims_url()}
