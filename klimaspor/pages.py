"""
What every page stands on: who reads and when, a form and its step, a button, and how a refusal is shown.

A page says what it reads (`load`) and shows (`context`). One with a form says `form`, `act` (the one step it leads to) and
`success_url`, and has the rest from here: what was typed is kept over an expired session, a second press leads to the result,
and whatever the step refuses stands beside what was typed. One whose press makes something new says that it `makes`.

Who may not see is told so before how they came: a page decides in `setup`, so a POST to what takes none is 404 or 403
for a stranger, and 405 only for those who may open it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from klimaspor import autosave, danish, once, seen, unsent
from klimaspor.dkfds.formsets import again, as_sent
from klimaspor.paging import Page as Rows
from klimaspor.paging import Paginator
from klimaspor.refusals import AlreadyDone, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from klimaspor.accounts.models import User

Crumbs = list[tuple[str | None, str]]
LONGEST_SEARCH = 100
ROWS = 25


class TurnedAway(PermissionDenied):
    """Whoever may not is told why on a page of its own."""

    def __init__(self, template_name: str, **context: Any) -> None:
        super().__init__()
        self.template_name, self.context = template_name, context


class Page(View):
    """A page for somebody signed in."""

    template_name: ClassVar[str]
    heading: ClassVar[str] = ""
    makes: bool = False
    """Whether a press makes something new, so that two would make two: every form that leads here then carries `klimaspor.once`."""
    made_before: str = ""
    """Where this very press led when it came before."""
    at: datetime
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware
        self.user = cast("User", request.user)
        if self.makes and request.method == "POST":
            self.made_before = once.led_to(request)
        # What was made may have closed the page to whoever made it.
        if not self.made_before:
            self.admit()
            self.load()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.made_before:
            messages.info(request, str(once.MadeBefore(self.made_before)))
            return redirect(self.made_before)
        return super().dispatch(request, *args, **kwargs)

    def admit(self) -> None:
        """Refuse whoever may not be here at all, before anything is read."""

    def load(self) -> None:
        """Read what the page is about, and refuse whoever may not see it or may not act."""

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, template: str = "", status: int = 200, **more: Any) -> HttpResponse:
        shown = {"at": self.at, **self.context(), **more}
        return render(self.request, template or self.template_name, shown, status=status)

    def rows(self, found: QuerySet[Any]) -> Rows:
        """Give the part of a long list that the address asks for."""
        return Paginator(found, ROWS).get_page(self.request.GET.get("page"))


@method_decorator(login_not_required, name="dispatch")
class PublicPage(Page):
    """A page that asks nobody who they are."""


class FormPage(Page, ABC):
    """
    A form and the one step it leads to.

    Where several write on the same, it says `shown_now` and hands its step `bases`, see `klimaspor.seen`: two may then write in
    different fields, and whoever wrote in the same sees both texts. A last look hands its step `base`.
    """

    button: ClassVar[str] = "Gem"
    is_autosaved: ClassVar[bool] = False
    """Whether it is saved while its writer goes on, see `klimaspor.autosave`."""
    rows_unit: ClassVar[str] = ""
    """Names the rows of a page that has nothing else: they come together, and carry in one field the base of each."""
    refusal: Refused | None = None
    led_to: str = ""
    """Where the step led that was taken."""
    typed: Any = None
    """What came, or what is given back of what was typed before."""

    @abstractmethod
    def form(self, data: Any = None) -> forms.BaseForm:
        """Make the form, of what was typed or of what stands."""

    @abstractmethod
    def act(self, form: Any) -> str:
        """Take the step and return what is said when it went well."""

    @abstractmethod
    def success_url(self) -> str:
        """Give where one goes when it is done."""

    def others(self, data: Any = None) -> dict[str, forms.BaseForm]:
        """
        Make what else can be filled in on the page, by its name in the template.

        It belongs to the same form on the page, with a button that has an address of its own: one press sends all that
        was typed, and what it was not for is given back.
        """
        return {}

    def _other(self, name: str, data: Any) -> Any:
        return self.others(data)[name]

    def written_at(self) -> str:
        """Give where its form stands among others, where it does: what was typed there waits there."""
        return ""

    def shown_now(self) -> seen.Shown | None:
        """Give what the page shows of what several write on; nothing where nobody else does."""
        return None

    @property
    def base(self) -> seen.Base:
        """What the page that was sent showed as a whole."""
        return seen.carried(self.came)

    @property
    def bases(self) -> dict[str, seen.Base]:
        """What the page that was sent showed, by unit."""
        return self.bases_in(self.came)

    def bases_in(self, data: Any) -> dict[str, seen.Base]:
        """Read the bases in what came."""
        bases = seen.all_carried(data)
        if self.rows_unit:
            bases = seen.apart(data.get(seen.base_name(self.rows_unit), "")) | bases
            bases.pop(self.rows_unit, None)
        return bases

    @property
    def came(self) -> Any:
        """What the step is taken with."""
        return self.request.POST if self.typed is None else self.typed

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if unsent.is_kept(request, self.written_at()):
            return redirect(self.written_at())
        self.typed = unsent.typed_here(request)
        is_sent = self.typed is not None and unsent.PRESSED not in self.typed
        form = self.form(self.typed) if is_sent else again(self.form, self.typed)
        return self.show(form=form, is_restored=form.is_bound, is_pressed=not is_sent)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.typed = request.POST
        if self.is_autosaved:
            if unsent.UNIT in request.POST:
                return autosave.save_unit(self, request.POST[unsent.UNIT])
            choice = seen.Choice.of(request.POST.get("do", ""))
            if choice.kept:
                self.typed = autosave.choose(self, request, choice)
        form = self.form(self.typed)
        if unsent.is_of_another_page(request):
            unsent.carry(request, but=as_sent(form))
        try:
            with once.press(request, makes=self.makes, at=self.at) as press:
                answer = self.take_step(form) if form.is_valid() else self.show(form=form)
                press.led_to = self.led_to
        except once.MadeBefore as before:
            messages.info(request, str(before))
            return redirect(before.address)
        except once.WrittenAnew as refusal:
            form.full_clean()
            return self.refused(form, refusal)
        return answer

    def take_step(self, form: Any) -> HttpResponse:
        """Take the step, or show the page again with why it could not be taken."""
        try:
            done = self.act(form)
        except AlreadyDone as done_before:
            messages.info(self.request, str(done_before))
        except Refused as refusal:
            return self.refused(form, refusal)
        else:
            messages.success(self.request, done)
            self.led_to = self.success_url()
        if self.others():
            unsent.carry(self.request, but=as_sent(form))
        return redirect(self.led_to or self.success_url())

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        """Show the page as it stands now, with why not beside what was typed, so that the next press has seen it."""
        if refusal.is_outdated:
            self.load()
            data = form.data.copy()
            if isinstance(refusal, seen.Changed):
                self.renew(data, but=refusal.touched)
            for name, value in {**self.carried(), **refusal.carries}.items():
                data[name] = value
            form = self.form(data)
            form.is_valid()
        self.refusal = refusal
        refusal.put_on(form, self.place)
        return self.show(form=form, status=409 if refusal.is_outdated else 200)

    def renew(self, data: Any, *, but: Collection[str]) -> None:
        """Let what came say what stands in each field but those that were touched, as if it had been shown just now."""
        shown_now = self.shown_now()
        if shown_now is None:
            return
        standing = as_sent(self.form())
        for unit, base in shown_now.bases.items():
            # Of rows, which are guarded one by one, nothing is renewed: untouched they are left alone when they come.
            names = self.names_of(unit, standing)
            if unit in but or not names:
                continue
            for name in self.names_of(unit, data):
                del data[name]
            for name in names:
                data.setlist(name, standing[name])
            data[seen.base_name(unit)] = str(base)

    def names_of(self, unit: str, names: Iterable[str]) -> list[str]:
        """Give which names of fields belong to what is guarded together: a field, or the rows that begin so."""
        return [name for name in names if name == unit or name.startswith(f"{unit}-")]

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        """Give what is saved together: the fields of each unit, and the conflict about it, for templates/pages/_unit.html."""
        panels = autosave.panels(self.refusal)
        return {
            field.name: {"name": field.name, "fields": [field], "conflict": panels.get(field.name)}
            for field in form.visible_fields()
        }

    def carried(self) -> dict[str, str]:
        """Give what the page carries, hidden, besides what the guard does: it comes back with what is typed."""
        return {}

    def place(self, name: str) -> str:
        """Say which field of the form a step means by its argument."""
        return name

    def show(self, **more: Any) -> HttpResponse:
        form = more.get("form") or more.get("formset")
        bases: dict[str, seen.Base] = {}
        if form is not None and form.is_bound:
            # What was typed over an older text does not become newer by being shown again.
            bases = self.bases_in(form.data)
        elif form is not None and (shown_now := self.shown_now()):
            bases = shown_now.bases
        hidden = seen.hidden(bases)
        if self.rows_unit and form is not None:
            # Also where there are no rows yet: then it says that none was seen.
            hidden = {seen.base_name(self.rows_unit): seen.together(bases)}
        others = {name: again(partial(self._other, name), self.typed) for name in self.others()}
        # What else stands in the same form may lead to a page that makes something.
        key = once.hidden() if self.makes or others else {}
        return super().show(
            **{
                **others,
                "units": self.units(form) if self.is_autosaved and form is not None else {},
                "bases": hidden,
                "once": key,
                "carried": {unsent.SLIP: unsent.slip(self.request), **key, **hidden},
                **more,
            }
        )

    def context(self) -> dict[str, Any]:
        # On a page that saves itself both texts stand at the field; of rows they stand above them.
        stands_at_field = self.is_autosaved and not self.rows_unit
        saved = self.refusal.shown_now if self.refusal and not stands_at_field else ()
        return {
            "heading": self.heading,
            "button": self.button,
            "saved_meanwhile": [
                {"label": part.label, "value": part.text, "prose": True} for part in saved
            ],
            **super().context(),
        }


class Press(Page, ABC):
    """A button on somebody else's page: one step, then back with what was typed there; a refusal is said there."""

    @abstractmethod
    def act(self) -> str:
        """Take the step and return what is said when it went well; nothing when the page shows it."""

    @abstractmethod
    def back(self) -> str:
        """Give where the button stands, or where its result does."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # Reading the address changes nothing.
        return redirect(self.back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if unsent.is_of_another_page(request):
            unsent.carry(request)
        try:
            with once.press(request, makes=self.makes, at=self.at) as press:
                done = self.act()
                press.led_to = self.back()
        except once.MadeBefore as before:
            messages.info(request, str(before))
            return redirect(before.address)
        except AlreadyDone as done_before:
            messages.info(request, str(done_before))
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            if done:
                messages.success(request, done)
        return redirect(self.back())


def searched(data: Any, name: str) -> str:
    """Give what is searched for, written as names are kept and of a sane length."""
    return danish.one_line(data.get(name, ""))[:LONGEST_SEARCH]
