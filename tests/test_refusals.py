"""Whatever a step refuses stands somewhere on the form that was sent, with what was typed."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from django import forms

import pytest

import klimaspor
import proposals
import review
from klimaspor.accounts.models import User
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.refusals import Missing, Part, Refused
from klimaspor.seen import PAGE, Changed, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "Gør sådan i stedet."


def every_refusal() -> list[type[Refused]]:
    """Find them all, wherever a step defines one."""
    for package in (klimaspor, proposals, review):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)

    def below(kind: type[Refused]) -> Iterator[type[Refused]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return sorted({Refused, *below(Refused)}, key=lambda kind: (kind.__module__, kind.__name__))


KINDS = every_refusal()
OWN_WAY = [kind for kind in KINDS if "put_on" in vars(kind) and kind is not Refused]


class Letter(forms.Form):
    name = forms.CharField()


def sent() -> Letter:
    return Letter({"name": "Det, der er skrevet"})


def errors(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


def test_steps_in_every_room_refuse() -> None:
    assert {kind.__module__.partition(".")[0] for kind in KINDS} == {
        "klimaspor",
        "proposals",
        "review",
    }
    assert len(KINDS) > 60


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if not issubclass(kind, tuple(OWN_WAY))],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_a_refusal_stands_above_the_form(kind: type[Refused]) -> None:
    form = sent()
    # As it is raised, whatever its own step would have told it.
    refusal = kind.__new__(kind, TEXT)  # type: ignore[call-arg]  # an exception keeps what it is made with

    refusal.put_on(form)

    assert errors(form) == {"__all__": [TEXT]}
    assert form["name"].value() == "Det, der er skrevet"


def test_what_is_missing_stands_at_its_field() -> None:
    form = sent()

    Missing({"name": "Skriv et navn", "papers": "Vælg en fil"}).put_on(form)

    assert errors(form) == {"name": ["Skriv et navn"], "__all__": ["Vælg en fil"]}


def test_what_a_step_calls_otherwise_stands_at_the_forms_own_field() -> None:
    form = sent()

    Missing({"title": "Skriv et navn"}).put_on(form, {"title": "name"}.__getitem__)

    assert errors(form) == {"name": ["Skriv et navn"]}


@pytest.mark.parametrize("refusal", (Refused(TEXT), Missing({"rows": TEXT})))
def test_what_is_refused_of_rows_stands_above_them(refusal: Refused) -> None:
    rows: Any = forms.formset_factory(Letter, formset=RowFormSet)
    formset = rows({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Ada"})

    refusal.put_on(formset)

    assert [str(error) for error in formset.non_form_errors()] == [TEXT]
    assert formset.forms[0]["name"].value() == "Ada"


def test_what_changed_of_the_page_stands_above_it() -> None:
    form = sent()

    now = Shown.of(("Navn", "Ada"))
    Changed.of(now, [PAGE], now, touched=[PAGE], reader=User()).put_on(form)

    [text] = errors(form)["__all__"]
    assert text.startswith("Navn er ændret, efter du åbnede siden. Se, hvad der står nu.")
    assert form["name"].value() == "Det, der er skrevet"


def test_what_changed_of_a_field_stands_at_it() -> None:
    form = sent()
    now = Shown((Part("Navn", "Ada", "name"), Part("Timer", "120", "hours")))

    units = ["name", "hours"]
    Changed.of(now, units, now, touched=units, reader=User()).put_on(form)

    assert {name: len(found) for name, found in errors(form).items()} == {"name": 1, "__all__": 1}
    assert errors(form)["name"][0].startswith("Navn er ændret, efter du åbnede siden.")


def test_those_that_say_it_their_own_way_are_tested_here() -> None:
    assert [Missing, Changed] == OWN_WAY
