"""The secretariat's pages of organizations and DGOs, and the administration's front."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify

from klimaspor import danish, sweeps
from klimaspor.accounts import claims, people
from klimaspor.accounts.forms import ContactForm, DgoForm, OrganizationFilter, OrganizationForm
from klimaspor.accounts.models import Dgo, Membership, Organization, OrganizationRequest
from klimaspor.accounts.views.pages import Administration, Register
from klimaspor.mail import contact
from klimaspor.mail.models import Contact

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from klimaspor.pages import Crumbs

# What the sweeps are called, for people.
SWEEPS = {
    "mail.tasks.deliver": "Breve sendes",
    "proposals.tasks.build_papers": "Forslag skrives som PDF",
    "review.tasks.build_papers": "Sagsmateriale og referater bygges",
    "proposals.tasks.remind": "Forslagsstillere mindes om frister",
    "proposals.tasks.scan_attachments": "Bilag scannes for virus",
    "proposals.tasks.remove_orphans": "Filer, som intet hører til, fjernes",
    "klimaspor.tasks.forget_presses": "Gamle tryk på knapper glemmes",
    "review.tasks.remind": "DGO'er og forretningsudvalg mindes om frister",
}


def organizations_url() -> str:
    return reverse("accounts:organizations")


def dgos_url() -> str:
    return reverse("accounts:dgos")


class Front(Administration):
    """Every page of the administration, also those of other rooms, and what waits there."""

    template_name = "accounts/administration.html"
    heading = "Administration"

    def context(self) -> dict[str, Any]:
        waiting = (
            Membership.objects.current(self.at).claims().count()
            + OrganizationRequest.objects.open().count()
            + sum(len(table.rows) for table in claims.tables(self.user, at=self.at))
        )
        return {
            **super().context(),
            "breadcrumbs": [("/", "Forside"), (None, self.heading)],
            "waiting": waiting,
            "lacks_phone": not Contact.objects.the_one().phone,
            "dgos_without_phone": Dgo.objects.valid(danish.day_of(self.at))
            .without_phone()
            .exists(),
        }


class Organizations(Administration):
    template_name = "accounts/organizations.html"
    heading = "Organisationer"

    def context(self) -> dict[str, Any]:
        filters = OrganizationFilter(self.request.GET)
        wanted = filters.cleaned_data if filters.is_valid() else {}
        found = Organization.objects.all()
        if wanted.get("q"):
            found = found.matching(wanted["q"])
        if wanted.get("type"):
            found = found.of_kind(wanted["type"])
        if wanted.get("bidragyder"):
            found = found.giving(is_funder=wanted["bidragyder"] == "ja")
        rows = self.rows(found.with_successor().by_name())
        day = danish.day_of(self.at)
        for organization in rows:
            organization.is_valid_today = organization.is_valid(day)
        return {**super().context(), "form": filters, "rows": rows}


class EditOrganization(Register):
    template_name = "accounts/organization.html"

    def load(self) -> None:
        self.organization = (
            get_object_or_404(Organization, pk=self.kwargs["pk"])
            if "pk" in self.kwargs
            else Organization()
        )
        self.name = self.organization.name

    def hold(self) -> None:
        self.organization = Organization.objects.locked(self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [(organizations_url(), Organizations.heading)]

    def title(self) -> str:
        return self.name or "Ny organisation"

    def form(self, data: Any = None) -> OrganizationForm:
        return OrganizationForm(data, instance=self.organization)

    def save(self, form: Any) -> str:
        organization = form.save()
        if "name" in form.changed_data:
            people.renamed(organization)
        return f"{organization} er gemt."

    def success_url(self) -> str:
        return organizations_url()


class Dgos(Administration):
    template_name = "accounts/dgos.html"
    heading = "DGO'er"

    def context(self) -> dict[str, Any]:
        found = Dgo.objects.with_counts(at=self.at).by_name()
        return {**super().context(), "dgos": found}


class EditDgo(Register):
    template_name = "accounts/dgo.html"

    def load(self) -> None:
        self.dgo = get_object_or_404(Dgo, pk=self.kwargs["pk"]) if "pk" in self.kwargs else Dgo()
        self.name = self.dgo.name

    def hold(self) -> None:
        self.dgo = Dgo.objects.locked(self.kwargs["pk"])

    def above(self) -> Crumbs:
        return [(dgos_url(), Dgos.heading)]

    def title(self) -> str:
        return self.name or "Ny DGO"

    def form(self, data: Any = None) -> DgoForm:
        return DgoForm(data, instance=self.dgo)

    def save(self, form: Any) -> str:
        if not form.instance.slug:
            form.instance.slug = Dgo.objects.free_slug(_slug(form.cleaned_data["area"]))
        dgo = form.save()
        if "name" in form.changed_data:
            people.renamed(dgo)
        others = list(Dgo.objects.sharing_with(dgo).by_name())
        if others:
            names = danish.join_text([str(other) for other in others])
            messages.warning(
                self.request, f"{dgo} deler kommuner med {names}. Ret den ene, hvis det er en fejl."
            )
        return f"{dgo} er gemt."

    def success_url(self) -> str:
        return dgos_url()

    def context(self) -> dict[str, Any]:
        advisers = (
            Membership.objects.current(self.at).of_dgo(self.dgo).with_people().oldest_first()
            if self.dgo.pk
            else ()
        )
        return {**super().context(), "advisers": advisers}


class EditContact(Register):
    """Whom the recipient of any letter, and the reader of any page, may write to and call."""

    template_name = "accounts/contact.html"
    heading = "Sekretariatets mail og telefon"

    def load(self) -> None:
        self.contact = Contact.objects.the_one()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            self.hold()
            return super().post(request, **kwargs)

    def hold(self) -> None:
        self.contact = Contact.objects.locked()

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data, instance=self.contact)

    def save(self, form: Any) -> str:
        contact.remember(form.save())
        return "Kontakten er gemt og står på siderne og i breve, der sendes fra nu af."

    def success_url(self) -> str:
        return reverse("accounts:administration")


class Sweeps(Administration):
    """What runs by itself, when it last did, and what keeps it from it."""

    template_name = "accounts/sweeps.html"
    heading = "Automatiske opgaver"

    def context(self) -> dict[str, Any]:
        rows = []
        records = sweeps.records()
        for name, seconds in settings.SWEEPS.items():
            record = records.get(name)
            last = record.visited_at if record else None
            late = timedelta(seconds=max(seconds * sweeps.MISSED_VISITS, 60))
            rows.append(
                {
                    "label": SWEEPS.get(name, name),
                    "every": _every(seconds),
                    "last": last,
                    "is_late": last is not None and self.at - last > late,
                    "is_failing": record is not None and record.is_failing,
                    "error": record.error if record else "",
                    "failed_at": record.failed_at if record else None,
                }
            )
        return {**super().context(), "sweeps": rows}


def _every(seconds: int) -> str:
    if seconds < 60:
        return f"hvert {seconds}. sekund"
    article, unit, length = (
        ("hver", "time", 3600) if seconds % 3600 == 0 else ("hvert", "minut", 60)
    )
    number = seconds // length
    return f"{article} {unit}" if number == 1 else f"{article} {number}. {unit}"


def _slug(area: str) -> str:
    letters = area.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return slugify(letters)[:30] or "dgo"
