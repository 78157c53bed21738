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

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.title(),
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

    @abstractmethod
    def hold(self) -> None:
        """Read the row again, and hold it until it is written."""

    @abstractmethod
    def form(self, data: Any = None) -> RowForm: ...

    def shown_now(self) -> Shown | None:
        return self.form().shown_now

    def act(self, form: Any) -> str:
        self.require_seen(form)
        return self.save(form)

    def require_seen(self, form: Any) -> None:
        """
        Refuse to write over what was not on the page.

        :raises Changed:
        """
        if stands := form.shown_now:
            seen.require(self.base, stands, form.shown_typed, reader=self.user)

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
