"""
A page whose form is saved while its writer goes on, a unit at a time: what static/scripts/autosave.js asks, answered in JSON.

A unit (see `klimaspor.seen`) comes with nothing else of the form. It is put among what stands, as if nobody had touched the
rest, and the page takes its one step with that: so what is saved here is saved as by the button, with the same guard, and
the step must be one that keeps what is unfinished and tells nobody. Both texts of a conflict, and the choice between them,
are the same whether it came of a pause in the typing or of the button.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

from klimaspor import danish, seen
from klimaspor.dkfds.formsets import as_sent
from klimaspor.pages import FormPage
from klimaspor.refusals import Missing, Refused
from klimaspor.seen import Choice
from klimaspor.unsent import UNIT

if TYPE_CHECKING:
    from django.http import HttpRequest

UNFINISHED = "Ikke gemt endnu: der er noget at rette"
CONFLICT = "Ikke gemt: det er også ændret et andet sted. Vælg, hvad der skal stå"
GONE = "Det, du skriver i, er der ikke længere."
STILL_HERE = "Det, du skrev, er ikke gemt, men står stadig her, så du kan kopiere det."


def saved_text(page: Autosaved) -> str:
    return f"Gemt kl. {danish.time_text(danish.local(page.at).time())}"


class Autosaved(FormPage):
    """A form that is saved a unit at a time, and by its button; it says `shown_now`."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if UNIT in request.POST:
            return self.save_unit(request.POST[UNIT])
        choice = Choice.of(request.POST.get("do", ""))
        if choice.kept:
            self.choose(choice)
        return super().post(request, **kwargs)

    def choose(self, choice: Choice) -> None:
        """Let what was chosen in a conflict be what came."""
        data = self.request.POST.copy()
        shown_now = self.shown_now()
        if choice.kept == "mine":
            data[seen.base_name(choice.unit)] = str(choice.base)
        elif shown_now:
            self.renew(data, but=shown_now.bases.keys() - {choice.unit})
        self.request.POST = data  # type: ignore[assignment]  # what came, as it was meant

    # A pause in the typing

    def save_unit(self, unit: str) -> HttpResponse:
        """Save what came of one unit, and answer in a few words."""
        shown_now = self.shown_now()
        if shown_now is None:
            return self.answer("gone", f"{GONE} {STILL_HERE}", HTTPStatus.CONFLICT)
        if unit not in shown_now.bases:
            return self.answer("refused", "Svaret hører ikke til her.", HTTPStatus.BAD_REQUEST)
        posted, standing = self.request.POST, as_sent(self.form())
        data = posted.copy()
        data.clear()
        here = self.names_of(unit, posted)
        for name in standing.keys() - set(self.names_of(unit, standing)):
            data.setlist(name, standing[name])
        for name in here:
            data.setlist(name, posted.getlist(name))
        data.update(seen.hidden(shown_now.bases))
        data[seen.base_name(unit)] = posted.get(seen.base_name(unit), "")
        self.typed = data
        form = self.form(data)
        try:
            return self._save(unit, form, here)
        except seen.Changed as changed:
            self.load()
            panel = self.panels(changed)[unit]
            shown = render_to_string("pages/_conflict.html", {"conflict": panel})
            return self.answer("conflict", CONFLICT, errors=[panel["error"]], conflict=shown)
        except Missing as missing:
            return self.answer("invalid", UNFINISHED, errors=list(missing.errors.values()))
        except Refused as refused:
            return self.answer("gone", f"{refused} {STILL_HERE}", HTTPStatus.CONFLICT)

    def _save(self, unit: str, form: Any, here: list[str]) -> HttpResponse:
        if not form.is_valid():
            wrong = errors_in(form, here) or errors_in(form)
            return self.answer("invalid", UNFINISHED, errors=wrong)
        with transaction.atomic():
            self.act(form)
            # While the step still holds what it wrote: what comes after is not what was seen.
            self.load()
            shown_now = self.shown_now()
        base = shown_now.base_of(unit) if shown_now else seen.UNSEEN
        return self.answer("saved", saved_text(self), errors=[], token=str(base))

    @staticmethod
    def answer(state: str, said: str, status: int = HTTPStatus.OK, **more: Any) -> JsonResponse:
        return JsonResponse({"state": state, "said": said, **more}, status=status)

    # What the page shows

    def panels(self, refusal: Refused | None = None) -> dict[str, dict[str, Any]]:
        """Give what templates/pages/_conflict.html says of each unit: both texts, and what the buttons carry."""
        changed = refusal or self.refusal
        if not isinstance(changed, seen.Changed):
            return {}
        return {
            part.unit: {
                "name": part.unit,
                "label": part.label,
                "mine": changed.typed.get(part.unit, ""),
                "theirs": part.text,
                "base": str(changed.bases[part.unit]),
                "error": f"{part.label} er også ændret et andet sted. Vælg, hvad der skal stå",
            }
            for part in changed.shown_now
        }

    def context(self) -> dict[str, Any]:
        # Both texts stand at the field itself.
        return {**super().context(), "saved_meanwhile": []}

    def show(self, **more: Any) -> HttpResponse:
        form = more.get("form")
        if form is not None:
            more = {"units": self.units(form), **more}
        return super().show(**more)

    def units(self, form: Any) -> dict[str, dict[str, Any]]:
        """Give what is saved together on the page: the fields of each unit, and the conflict about it."""
        panels = self.panels()
        return {
            field.name: {"name": field.name, "fields": [field], "conflict": panels.get(field.name)}
            for field in form.visible_fields()
        }


def errors_in(form: Any, names: list[str] | None = None) -> list[str]:
    """Give what is wrong with a form and its rows, in these fields alone where they are named."""
    parts = [form]
    for rows in getattr(form, "formsets", ()):
        parts += rows.forms
    return [
        str(text)
        for part in parts
        for name, texts in part.errors.items()
        if names is None or part.add_prefix(name) in names
        for text in texts
    ]
