"""What is typed about rounds, and about leave from a deadline."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django import forms

from klimaspor import danish
from klimaspor.accounts.forms import RowForm
from klimaspor.accounts.models import User
from klimaspor.fields import DanishDateField, DanishTimeField, LineField, PlainTextField
from proposals.line.parts import moment, on_a_list, reason_field
from proposals.rounds.models import DAYS_AFTER_STATEMENT, Gate, Round, usual_dgo_deadline

NINE = time(9)
"""When deadlines fall, unless somebody says otherwise."""


class RoundForm(RowForm):
    """A round, its deadlines typed as Danes type them."""

    MOMENTS: ClassVar[dict[str, str]] = {
        "opens": "Runden åbner",
        "qualification": "Frist for faglig kvalificering",
        "dgo": "DGO'ens svarfrist",
        "approval": "Frist for godkendelsesforløb",
    }
    WHAT: ClassVar[dict[str, str]] = {
        "opens": "rundens åbning",
        "qualification": "fristen for faglig kvalificering",
        "dgo": "DGO'ens svarfrist",
        "approval": "fristen for godkendelsesforløb",
    }
    meeting_date = DanishDateField(
        label="Møde i forretningsudvalget, dato",
        help_text="Fx 27.5.2027",
        error_messages={"required": "Indtast datoen for mødet, fx 27.5.2027"},
    )
    meeting_time = DanishTimeField(label="Mødets klokkeslæt", required=False)
    field_order = (
        "name",
        "opens_date",
        "opens_time",
        "qualification_date",
        "qualification_time",
        "dgo_date",
        "dgo_time",
        "approval_date",
        "approval_time",
        "meeting_date",
        "meeting_time",
        "meeting_place",
        "advice_days",
        "reply_days",
        "min_authorities",
        "is_first_gate_strict",
        "requires_commitments",
        "note",
    )

    class Meta:
        model = Round
        fields = (
            "name",
            "meeting_date",
            "meeting_time",
            "meeting_place",
            "advice_days",
            "reply_days",
            "min_authorities",
            "is_first_gate_strict",
            "requires_commitments",
            "note",
        )
        labels: ClassVar[dict[str, str]] = {
            "name": "Rundens navn",
            "meeting_place": "Mødested",
            "advice_days": "Arbejdsdage til sparring før første frist",
            "reply_days": "Arbejdsdage til at svare på udtalelsen",
            "min_authorities": "Mindste antal kommuner og regioner",
            "is_first_gate_strict": "Krav standser allerede ved fristen for faglig kvalificering",
            "requires_commitments": "Tilsagn fra deltagerne kræves ved fristen for godkendelsesforløb",
            "note": "Bemærkning",
        }
        error_messages: ClassVar[dict[str, dict[str, str]]] = {
            "name": {
                "required": "Indtast rundens navn, fx Forår 2027",
                "unique": "Der er allerede en runde med det navn",
            },
            "advice_days": {
                "required": "Indtast et antal arbejdsdage, fx 10",
                "invalid": "Indtast et antal arbejdsdage, fx 10",
                "min_value": "Der skal være mindst én arbejdsdag",
                "max_value": "Der kan højst være 60 arbejdsdage",
            },
            "reply_days": {
                "required": "Indtast et antal arbejdsdage, fx 3",
                "invalid": "Indtast et antal arbejdsdage, fx 3",
                "min_value": "Der skal være mindst én arbejdsdag",
                "max_value": "Der kan højst være 60 arbejdsdage",
            },
            "min_authorities": {
                "required": "Indtast et tal, fx 3",
                "invalid": "Indtast et tal, fx 3",
                "min_value": "Der skal være mindst én",
            },
        }
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}
        field_classes: ClassVar[dict[str, Any]] = {
            "name": LineField,
            "meeting_place": LineField,
            "note": PlainTextField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in self.MOMENTS.items():
            at = getattr(self.instance, _attribute(part))
            self.fields[f"{part}_date"] = DanishDateField(
                about=label,
                label=f"{label}, dato",
                help_text="Fx 12.4.2027",
                error_messages={"required": f"Indtast datoen for {self.WHAT[part]}, fx 12.4.2027"},
                initial=danish.day_of(at) if at else None,
            )
            self.fields[f"{part}_time"] = DanishTimeField(
                about=label,
                label=f"{label}, klokkeslæt",
                initial=danish.local(at).time() if at else NINE,
            )
        dgo_date = self.fields["dgo_date"]
        dgo_date.required = False
        dgo_date.help_text = (
            "Senest da skal forslagsstilleren have DGO'ens udtalelse. Lad feltet være tomt, så bliver det så mange "
            "arbejdsdage før fristen for godkendelsesforløb, som forslagsstilleren har til at svare."
        )
        self.fields["dgo_time"].required = False
        for name in ("advice_days", "reply_days", "min_authorities"):
            self.fields[name].widget.attrs["class"] = "input-char-4"
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        moments = [moment(self, f"{part}_date", f"{part}_time") for part in self.MOMENTS]
        for part, at in zip(self.MOMENTS, moments, strict=True):
            setattr(self.instance, _attribute(part), at)
        opens, first, answer, second = moments
        if first and second and first < second:
            if not values.get("dgo_date") and "dgo_date" not in self.errors:
                answer = self.instance.dgo_deadline_at = usual_dgo_deadline(
                    first, second, values.get("reply_days") or DAYS_AFTER_STATEMENT
                )
            elif not values.get("dgo_time") and "dgo_time" not in self.errors:
                self.add_error("dgo_time", "Indtast et klokkeslæt, fx 9.00")
            if answer and not first < answer < second:
                self.add_error("dgo_date", "Svarfristen skal ligge mellem rundens to frister")
        if opens and first and first <= opens:
            self.add_error("qualification_date", "Fristen skal ligge efter, at runden åbner")
        if first and second and second <= first:
            self.add_error(
                "approval_date", "Fristen skal ligge efter fristen for faglig kvalificering"
            )
        meeting = values.get("meeting_date")
        if second and meeting and meeting <= danish.day_of(second):
            self.add_error("meeting_date", "Mødet skal ligge efter fristen for godkendelsesforløb")
        return values


def _attribute(part: str) -> str:
    return "opens_at" if part == "opens" else f"{part}_deadline_at"


class WithdrawDispensationForm(forms.Form):
    reason = reason_field(
        "Hvorfor tager I dispensationen tilbage?",
        "Skriv, hvorfor dispensationen trækkes tilbage",
        help_text="Den, der har fået dispensationen, får besked med begrundelsen.",
    )


class DispensationForm(forms.Form):
    granted_to = forms.ModelChoiceField(
        label="Hvem må sende forslaget efter fristen?",
        help_text="Dispensationen gælder kun den person, du vælger.",
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem dispensationen gælder",
            "invalid_choice": "Vælg en, der skriver forslaget",
        },
    )
    gate = forms.ChoiceField(
        label="Hvilken frist?",
        choices=on_a_list(Gate.choices),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilken frist dispensationen gælder"},
    )
    until_date = DanishDateField(
        label="Gælder til og med",
        help_text="Fx 15.4.2027",
        error_messages={"required": "Indtast en dato, fx 15.4.2027"},
    )
    until_time = DanishTimeField(
        label="Klokken",
        help_text="Fx 9.00",
        error_messages={"required": "Indtast et klokkeslæt, fx 9.00"},
    )
    reason = reason_field(
        "Begrundelse",
        "Skriv, hvorfor der gives dispensation",
        help_text="Forslagsstilleren og dem, der behandler forslaget, kan læse den.",
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted_to"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["granted_to"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]  # the same

    @property
    def until_at(self) -> Any:
        return moment(self, "until_date", "until_time")
