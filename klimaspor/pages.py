"""What the pages stand on: who reads and when, which proposal, and how a step's refusal becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from klimaspor import unsent

if TYPE_CHECKING:
    from datetime import datetime

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import User

LONGEST_SEARCH = 100


class Page(View):
    """A page for somebody signed in."""

    template_name: ClassVar[str]
    at: datetime
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
        self.user = cast("User", request.user)
        self.load()

    def load(self) -> None:
        """Read what the page is about, and refuse whoever may not see it or may not act."""

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        shown = {"at": self.at, **self.context(), **more}
        return render(self.request, template or self.template_name, shown, status=status)


class FormPage(Page):
    """
    A form and the one step it leads to.

    A refusal is said in the summary of errors; what was typed stays in the form, also over an expired session.
    """

    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    """What the step may answer instead."""
    button: ClassVar[str] = "Gem"

    def form(self, data: Any = None) -> forms.BaseForm:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Take the step and return what is said when it went well."""
        raise NotImplementedError

    def success_url(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        typed = unsent.take(request)
        return self.show(form=self.form(typed), is_restored=typed is not None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                said = self.act(form)
            except self.refusals as refusal:
                return self.refused(form, refusal)
            messages.success(request, said)
            return redirect(self.success_url())
        return self.show(form=form)

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        form.add_error(None, str(refusal))
        return self.show(form=form)

    def context(self) -> dict[str, Any]:
        return {
            "button": self.button,
            "slip": unsent.slip(self.request),
            "slip_name": unsent.SLIP,
            **super().context(),
        }


def searched(data: Any, name: str) -> str:
    """Give what is searched for, in one line of a sane length that a database can read."""
    return " ".join(data.get(name, "").replace("\0", " ").split())[:LONGEST_SEARCH]


@method_decorator(login_not_required, name="dispatch")
class PublicPage(Page):
    """A page that asks nobody who they are."""
