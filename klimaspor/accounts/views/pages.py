"""What the administration's pages stand on: for the secretariat alone, each with the way that leads to it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from klimaspor import seen
from klimaspor.pages import FormPage, Page, Press

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.forms import RowForm
    from klimaspor.pages import Crumbs
    from klimaspor.seen import Shown


class Administration(Page):
    """A page of the administration."""

    def admit(self) -> None:
        if not self.user.has_perm("accounts.administer"):
            raise PermissionDenied("Kun sekretariatet har adgang til administrationen.")

    def above(self) -> Crumbs:
        """Name the pages between the administration's front and this one."""
        return []

    def title(self) -> str:
        return self.heading

    def subject(self) -> str:
        """Say what the page is about, where its title does not."""
        return ""

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.title(),
            "subject": self.subject(),
            "breadcrumbs": [
                ("/", "Forside"),
                (reverse("accounts:administration"), "Administration"),
                *self.above(),
                (None, self.title()),
            ],
        }


class Register(Administration, FormPage):
    """A new row of a list, or the change of one."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if self.kwargs:
                self.hold()
            return super().post(request, **kwargs)

    def take_step(self, form: Any) -> HttpResponse:
        try:
            merged = self.merged(form)
        except seen.Changed as refusal:
            return self.refused(form, refusal)
        return self.take_merged(merged) if merged.is_valid() else self.show(form=merged)

    def take_merged(self, form: Any) -> HttpResponse:
        """Take the step with what stands in each field that was not touched."""
        return super().take_step(form)

    @abstractmethod
    def hold(self) -> None:
        """Read the row again, and hold it until it is written."""

    @abstractmethod
    def form(self, data: Any = None) -> RowForm: ...

    def shown_now(self) -> Shown | None:
        return self.form().shown_now

    def act(self, form: Any) -> str:
        return self.save(form)

    def merged(self, form: RowForm) -> RowForm:
        """
        Give the form with what stands in each field that was not touched, whoever has written there since.

        :raises Changed:
        """
        stands = form.shown_now
        if stands is None:
            return form
        touched = seen.touched(self.bases, stands, form.shown_typed, reader=self.user)
        untouched = stands.bases.keys() - touched
        if all(self.bases[unit] == stands.base_of(unit) for unit in untouched):
            return form
        # The row holds what came since that was looked at.
        self.hold()
        data = self.request.POST.copy()
        self.renew(data, but=touched)
        return self.form(data)

    def save(self, form: Any) -> str:
        """Write the row and return what is said of it."""
        return f"{form.save()} er gemt."

    def context(self) -> dict[str, Any]:
        return {**super().context(), "cancel": self.success_url()}


class Confirm(Administration, Press):
    """A press that is asked about once more, on a page of its own, before it is done."""

    template_name = "accounts/confirm.html"
    button: str
    danger: bool = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def text(self) -> str:
        """Say what happens."""
        return ""

    def points(self) -> list[str]:
        """Say what follows from it, a sentence each."""
        return []

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "text": self.text(),
            "points": self.points(),
            "button": self.button,
            "danger": self.danger,
            "cancel": self.back(),
        }
