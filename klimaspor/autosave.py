"""
A form that is saved while its writer goes on, a unit at a time: what static/scripts/autosave.js asks, answered in JSON.

A unit (see `klimaspor.seen`) comes with nothing else of the form. It is put among what stands, as if nobody had touched the
rest, and the page takes its one step with that: so what is saved here is saved as by the button, with the same guard, and
the step must be one that keeps what is unfinished and tells nobody. Both texts of a conflict, and the choice between them,
are the same whether it came of a pause in the typing or of the button. A page (`klimaspor.pages.FormPage`) says
`is_autosaved`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import JsonResponse
from django.template.loader import render_to_string

from klimaspor import danish, seen
from klimaspor.dkfds.formsets import as_sent
from klimaspor.refusals import Missing, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNFINISHED = "Ikke gemt endnu: der er noget at rette"
CONFLICT = "Ikke gemt: det er også ændret et andet sted. Vælg, hvad der skal stå"
ROWS_CONFLICT = "Ikke gemt: en anden har også skrevet her"
GONE = "Det, du skriver i, er der ikke længere."
STILL_HERE = "Det, du skrev, er ikke gemt, men står stadig her, så du kan kopiere det."


# A pause in the typing


def save_unit(page: Any, unit: str) -> HttpResponse:
    """Save what came of one unit of a page, and answer in a few words."""
    shown_now = page.shown_now()
    if shown_now is None:
        return gone(GONE)
    if unit not in ([page.rows_unit] if page.rows_unit else shown_now.bases):
        return _answer("refused", "Svaret hører ikke til her.", HTTPStatus.BAD_REQUEST)
    here = page.names_of(unit, page.request.POST)
    if not page.rows_unit:
        page.typed = _among_what_stands(page, unit, here, shown_now)
    form = page.form(page.typed)
    if not form.is_valid():
        wrong = _errors_in(form, here) or _errors_in(form)
        return _answer("invalid", UNFINISHED, errors=wrong)
    try:
        token = _take_step(page, form, unit)
    except Refused as refusal:
        return _refused(refusal, unit, is_rows=bool(page.rows_unit))
    clock = danish.clock_text(danish.local(page.at).time())
    return _answer("saved", f"Gemt {clock}", errors=[], token=token)


def gone(why: str) -> HttpResponse:
    """Answer that it can be saved no more, whatever is tried."""
    return _answer("gone", f"{why} {STILL_HERE}", HTTPStatus.CONFLICT)


def _refused(refusal: Refused, unit: str, *, is_rows: bool) -> HttpResponse:
    if is_rows and isinstance(refusal, seen.Changed):
        labels = danish.join_text([part.label for part in refusal.shown_now])
        rows = [{"label": part.label, "value": part.text} for part in refusal.shown_now]
        shown = render_to_string("pages/_saved_meanwhile.html", {"rows": rows})
        wrong = f"{labels} er ændret, efter du åbnede siden. Tryk på knappen for at gemme, så kan du vælge, hvad der skal stå"
        return _answer("conflict", ROWS_CONFLICT, errors=[wrong], conflict=shown)
    if panel := panels(refusal).get(unit):
        shown = render_to_string("pages/_conflict.html", {"conflict": panel})
        return _answer("conflict", CONFLICT, errors=[panel["error"]], conflict=shown)
    if isinstance(refusal, Missing):
        return _answer("invalid", UNFINISHED, errors=list(refusal.errors.values()))
    return gone(str(refusal))


def _among_what_stands(page: Any, unit: str, here: list[str], shown_now: seen.Shown) -> Any:
    """Give what a browser would have sent, had it opened the page just now and this alone been written."""
    posted, standing = page.request.POST, as_sent(page.form())
    data = posted.copy()
    data.clear()
    for name in standing.keys() - set(page.names_of(unit, standing)):
        data.setlist(name, standing[name])
    for name in here:
        data.setlist(name, posted.getlist(name))
    base = seen.base_name(unit)
    data.update({**seen.hidden(shown_now.bases), base: posted.get(base, "")})
    return data


@transaction.atomic
def _take_step(page: Any, form: Any, unit: str) -> str:
    page.act(form)
    # While the step still holds what it wrote: what comes after is not what was seen.
    page.load()
    shown_now: seen.Shown | None = page.shown_now()
    if shown_now and page.rows_unit:
        return seen.together(shown_now.bases)
    return str(shown_now.base_of(unit) if shown_now else seen.UNSEEN)


def _errors_in(form: Any, names: list[str] | None = None) -> list[str]:
    """Give what is wrong with a form and its rows, in these fields alone where they are named."""
    parts = list(getattr(form, "forms", (form,)))
    for rows in getattr(form, "formsets", ()):
        parts += rows.forms
    whole = form.non_form_errors() if hasattr(form, "non_form_errors") else ()
    return [
        *map(str, whole),
        *(
            str(text)
            for part in parts
            for name, texts in part.errors.items()
            if names is None or part.add_prefix(name) in names
            for text in texts
        ),
    ]


def _answer(state: str, said: str, status: int = HTTPStatus.OK, **more: Any) -> JsonResponse:
    return JsonResponse({"state": state, "said": said, **more}, status=status)


# Two who wrote the same


def choose(page: Any, request: HttpRequest, choice: seen.Choice) -> Any:
    """Give what came with what was chosen in a conflict: one's own over what one has seen, or what stands."""
    data = request.POST.copy()
    shown_now = page.shown_now()
    if choice.kept == "mine":
        data[seen.base_name(choice.unit)] = str(choice.base)
    elif shown_now:
        page.renew(data, but=shown_now.bases.keys() - {choice.unit})
    return data


def panels(refusal: Refused | None) -> dict[str, dict[str, Any]]:
    """Give what templates/pages/_conflict.html says of each unit that was touched: both texts, and what the buttons carry."""
    if not isinstance(refusal, seen.Changed):
        return {}
    return {
        part.unit: {
            "name": part.unit,
            "label": part.label,
            "mine": refusal.typed.get(part.unit, ""),
            "theirs": part.text,
            "base": str(refusal.bases[part.unit]),
            "error": f"{part.label} er også ændret et andet sted. Vælg, hvad der skal stå",
        }
        for part in refusal.shown_now
        if part.unit in refusal.touched
    }
