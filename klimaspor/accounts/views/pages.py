"""What the pages about people stand on: who reads and when, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views import View

from klimaspor.accounts.people import Refused
from klimaspor.paging import Page as Rows
from klimaspor.paging import Paginator

if TYPE_CHECKING:
    from datetime import datetime

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import User

ROWS = 25
Crumbs = list[tuple[str | None, str]]


class Page(View):
    """A page for somebody signed in."""

    template_name: ClassVar[str]
    at: datetime
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
        self.user = cast("User", request.user)
        if request.user.is_authenticated:
            self.load()

    def load(self) -> None:
        """Read what the page is about, and refuse whoever may not see it."""

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        shown = {"at": self.at, **self.context(), **more}
        return render(self.request, template or self.template_name, shown, status=status)

    def rows(self, found: QuerySet[Any]) -> Rows:
        return Paginator(found, ROWS).get_page(self.request.GET.get("page"))


class FormPage(Page):
    """A form and the one step it leads to; a refusal is said in the summary of errors."""

    def form(self, data: Any = None) -> forms.BaseForm:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Take the step and return what is said when it went well."""
        raise NotImplementedError

    def success_url(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                said = self.act(form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, said)
                return redirect(self.success_url())
        return self.show(form=form)


class Press(Page):
    """A button on somebody else's page: one step, then back; a refusal is said there."""

    def act(self) -> str:
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # Reading the address changes nothing.
        return redirect(self.back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.act())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect(self.back())


class Administration(Page):
    """A page of the administration."""

    heading: ClassVar[str] = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.user.is_authenticated and not request.user.has_perm("accounts.administer"):
            raise PermissionDenied("Kun sekretariatet har adgang til administrationen.")
        super().setup(request, *args, **kwargs)

    def above(self) -> Crumbs:
        """Name the pages between the administration's front and this one."""
        return []

    def title(self) -> str:
        return self.heading

    def context(self) -> dict[str, Any]:
        return {
            "heading": self.title(),
            "breadcrumbs": [
                ("/", "Forside"),
                ("/administration/", "Administration"),
                *self.above(),
                (None, self.title()),
            ],
        }
