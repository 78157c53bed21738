"""What is typed about the professional assessment ("faglig kvalificering")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.accounts.models import User
from klimaspor.fields import PlainTextField
from proposals.line.parts import PROSE, StepForm, capitalized
from review.criteria.models import Criterion
from review.qualification.models import Outcome
from review.qualification.seen import STATEMENT, statement_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.qualification.models import Qualification


class QualificationForm(StepForm):
    """The professional assessment; a half-finished one can be saved."""

    optional_fields: tuple[str, ...] = ()

    outcome = forms.ChoiceField(
        label="Udfald",
        choices=[(o.value, capitalized(o.label)) for o in Outcome if o != Outcome.WAIVED],
        widget=forms.RadioSelect,
        required=False,
        help_text="Forslagsstilleren kan gå videre i alle tre tilfælde.",
    )
    summary = PlainTextField(
        label="Samlet udtalelse",
        max_length=PROSE,
        required=False,
        help_text="Det vigtigste først. Forslagsstilleren og forretningsudvalget læser teksten, som du skriver den.",
    )

    def __init__(
        self,
        *args: Any,
        criteria: Iterable[Criterion],
        qualification: Qualification | None = None,
        **kwargs: Any,
    ) -> None:
        self.criteria = tuple(criteria)
        if qualification:
            said = {s.criterion_id: s.text for s in qualification.statements.all()}
            kwargs["initial"] = {
                "outcome": qualification.outcome,
                "summary": qualification.summary,
                **{statement_name(c): said.get(c.pk, "") for c in self.criteria},
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        for criterion in self.criteria:
            self.fields[statement_name(criterion)] = PlainTextField(
                label=str(criterion),
                help_text=criterion.text,
                max_length=PROSE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.order_fields(
            [
                "revision",
                *map(statement_name, self.criteria),
                "outcome",
                "summary",
                "reason",
            ]
        )

    @property
    def statements(self) -> dict[int, str]:
        """What was said about each criterion, by its key."""
        return {c.pk: self.cleaned_data[statement_name(c)] or "" for c in self.criteria}


def named_criteria(data: Any) -> list[Criterion]:
    """Give the criteria that something typed is about."""
    pks = [name.removeprefix(STATEMENT) for name in data if name.startswith(STATEMENT)]
    return list(Criterion.objects.among([int(pk) for pk in pks if pk.isdecimal()]).listed())


class StepInForm(QualificationForm):
    """The assessment the secretariat gives for a DGO that is silent."""

    reason = PlainTextField(
        label="Hvorfor afgiver sekretariatet udtalelsen?",
        max_length=PROSE,
        error_messages={"required": "Indtast, hvorfor sekretariatet afgiver udtalelsen"},
        help_text="Forslagsstilleren og DGO'en kan læse begrundelsen.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optional_fields = tuple(map(statement_name, self.criteria))
        self.fields["outcome"].required = True
        self.fields["outcome"].error_messages["required"] = "Vælg et udfald"
        self.fields["summary"].required = True
        self.fields["summary"].error_messages["required"] = "Indtast en samlet udtalelse"


def _statement(criterion: Criterion) -> str:
    return f"statement_{criterion.pk}"


class AssignForm(forms.Form):
    """Which of the DGO's advisers has it."""

    optional_fields = ()

    to_user = forms.ModelChoiceField(
        label="Hvem har forslaget?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Ingen endnu",
    )

    def __init__(self, *args: Any, advisers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = advisers  # type: ignore[attr-defined]  # declared just above as a ModelChoiceField


class ReplyForm(forms.Form):
    """What the proposer answers to the assessment."""

    text = PlainTextField(
        label="Dit svar",
        max_length=PROSE,
        help_text="DGO'en, sekretariatet og forretningsudvalget kan læse dit svar.",
        error_messages={"required": "Indtast dit svar"},
    )
