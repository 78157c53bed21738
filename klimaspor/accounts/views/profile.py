"""What people say of themselves: name, telephone, and whom they act for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts import idleness, people
from klimaspor.accounts.context import ACTS_FOR, acting_for
from klimaspor.accounts.forms import ActForForm, NewOrganizationForm, ProfileForm
from klimaspor.accounts.models import Organization
from klimaspor.dkfds.formsets import belonging_to
from klimaspor.pages import FormPage, Page, Press, searched
from klimaspor.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from klimaspor.pages import Crumbs

MOST_FOUND = 10


def profile_url() -> str:
    return reverse("accounts:profile")


class Profile(FormPage):
    """Name, telephone, whom the person acts for, and what the account is looked after with."""

    template_name = "accounts/profile.html"

    def form(self, data: Any = None) -> ProfileForm:
        return ProfileForm(data, initial={"name": self.user.name, "phone": self.user.phone})

    def act(self, form: ProfileForm) -> str:
        people.save_profile(**form.cleaned_data, by=self.user)
        return "Dine oplysninger er gemt."

    def success_url(self) -> str:
        return profile_url()

    def context(self) -> dict[str, Any]:
        memberships = list(self.user.memberships.recent(self.at).with_people().listed())
        return {
            **super().context(),
            "breadcrumbs": [("/", "Forside"), (None, "Din konto")],
            "claims": [each for each in memberships if each.role == "member"],
            "roles": [each for each in memberships if each.role != "member"],
            "requests": self.user.organization_requests.open().oldest_first(),
        }

    def others(self, data: Any = None) -> dict[str, Any]:
        if len(self.user.duties.acts_for) <= 1:
            return {}
        return {"act_for": belonging_to("profile", act_for_form(self, data))}


def act_for_form(page: Page, data: Any = None) -> ActForForm:
    return ActForForm(
        data,
        choices=list(page.user.duties.acts_for),
        initial={"organization": acting_for(page.request)},
    )


class ActFor(Press):
    """The choice of whom to act for now: kept in the session, and it opens nothing."""

    def act(self) -> str:
        form = act_for_form(self, self.request.POST)
        if not form.is_valid():
            raise Refused("Vælg, hvem du handler på vegne af.")
        chosen = form.cleaned_data["organization"]
        self.request.session[ACTS_FOR] = chosen
        return f"Du handler nu på vegne af {dict(self.user.duties.acts_for)[chosen]}."

    def back(self) -> str:
        return profile_url()


class Stay(Page):
    """The answer of somebody who is about to be signed out: they are still here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        idleness.note(request)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)


class AddOrganization(Page):
    """A search over all organizations, each found with a button that adds it."""

    template_name = "accounts/add_organization.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
            found = {"found": self.found(), "value": searched(request.GET, "q")}
            return render(request, "accounts/found_organizations.html", found)
        return super().get(request, **kwargs)

    def found(self) -> list[Organization]:
        wanted = searched(self.request.GET, "q")
        valid = Organization.objects.matching(wanted).unended(danish.day_of(self.at))
        return list(valid.best_first(wanted)[:MOST_FOUND])

    def context(self) -> dict[str, Any]:
        breadcrumbs: Crumbs = [
            ("/", "Forside"),
            (profile_url(), "Din konto"),
            (None, "Tilføj organisation"),
        ]
        return {
            **super().context(),
            "breadcrumbs": breadcrumbs,
            "found": self.found(),
            "value": searched(self.request.GET, "q"),
        }


class AskForOrganization(FormPage):
    """An organization that was not found, with the word that was searched for as its name."""

    template_name = "accounts/ask_for_organization.html"
    makes = True

    def form(self, data: Any = None) -> NewOrganizationForm:
        return NewOrganizationForm(data, initial={"name": searched(self.request.GET, "q")})

    def act(self, form: NewOrganizationForm) -> str:
        asked = people.request_organization(**form.cleaned_data, by=self.user, at=self.at)
        return (
            f"Sekretariatet sætter {asked.name} på listen, når de har set på det. Du får et brev."
        )

    def success_url(self) -> str:
        return profile_url()

    def context(self) -> dict[str, Any]:
        breadcrumbs: Crumbs = [
            ("/", "Forside"),
            (profile_url(), "Din konto"),
            (reverse("accounts:add_organization"), "Tilføj organisation"),
            (None, "Ikke på listen"),
        ]
        return {**super().context(), "breadcrumbs": breadcrumbs}


class Claim(Press):
    def act(self) -> str:
        organization = get_object_or_404(Organization, pk=self.kwargs["pk"])
        people.claim(organization=organization, by=self.user, at=self.at)
        return (
            f"{organization} står nu på din liste. Sekretariatet bekræfter det, og du får et brev."
        )

    def back(self) -> str:
        return profile_url()


class Leave(Press):
    def act(self) -> str:
        membership = people.leave(membership_pk=self.kwargs["pk"], by=self.user, at=self.at)
        return f"Du handler ikke længere på vegne af {membership.organization}."

    def back(self) -> str:
        return profile_url()


class TakeBackRequest(Press):
    def act(self) -> str:
        people.take_back_request(request_pk=self.kwargs["pk"], by=self.user)
        return "Dit ønske er fjernet."

    def back(self) -> str:
        return profile_url()
