"""What is typed about the professional assessment ("faglig kvalificering")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.accounts.models import User
from klimaspor.fields import PlainTextField
from proposals.line.parts import PROSE, StepForm, capitalized, on_a_list
from review.criteria.models import Criterion
from review.qualification.models import Judgment, Outcome
from review.qualification.seen import (
    KNOWN,
    KNOWN_LABEL,
    OUTCOME,
    STATEMENT,
    SUMMARY,
    TESTED,
    TESTED_LABEL,
    Words,
    judgment_label,
    judgment_name,
    statement_name,
)
from review.qualification.shown import proposers_answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.answers.content import Content
    from review.qualification.models import Qualification


class QualificationForm(StepForm):
    """The professional assessment; a half-finished one can be saved."""

    optional_fields: tuple[str, ...] = ()

    tested = PlainTextField(
        label=TESTED_LABEL,
        max_length=PROSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    known = PlainTextField(
        label=KNOWN_LABEL,
        max_length=PROSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
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
        sent: Content | None = None,
        **kwargs: Any,
    ) -> None:
        self.criteria = tuple(criteria)
        if qualification:
            words = Words.of(qualification)
            kwargs["initial"] = {
                **{name: getattr(words, name) for name in (OUTCOME, SUMMARY, TESTED, KNOWN)},
                **{statement_name(c): words.statements.get(c.pk, "") for c in self.criteria},
                **{judgment_name(c): words.judgments.get(c.pk, "") for c in self.criteria},
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
            self.fields[judgment_name(criterion)] = forms.ChoiceField(
                label=judgment_label(criterion),
                choices=[("", "Ingen vurdering valgt"), *on_a_list(Judgment.choices)],
                required=False,
                error_messages={"invalid_choice": "Vælg en vurdering på listen"},
            )
        for name, answers in proposers_answers(sent).items():
            self.fields[name].proposers_answers = answers  # type: ignore[attr-defined]  # shown beside the field
        self.optional_fields = (*self.optional_fields, *map(judgment_name, self.criteria))
        self.order_fields(
            [
                "revision",
                TESTED,
                KNOWN,
                *(name for c in self.criteria for name in (statement_name(c), judgment_name(c))),
                OUTCOME,
                SUMMARY,
                "reason",
            ]
        )

    @property
    def words(self) -> Words:
        """What came, in every field of the form."""
        came = self.cleaned_data
        return Words(
            **{name: came[name] or "" for name in (OUTCOME, SUMMARY, TESTED, KNOWN)},
            statements={c.pk: came[statement_name(c)] or "" for c in self.criteria},
            judgments={c.pk: came[judgment_name(c)] or "" for c in self.criteria},
        )


def named_criteria(data: Any) -> list[Criterion]:
    """Give the criteria that something typed is about."""
    pks = [name.removeprefix(STATEMENT) for name in data if name.startswith(STATEMENT)]
    return list(Criterion.objects.among([int(pk) for pk in pks if pk.isdecimal()]).listed())


class GivenForm(QualificationForm):
    """An assessment that is given by the press that sends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optional_fields = (
            TESTED,
            KNOWN,
            *map(statement_name, self.criteria),
            *map(judgment_name, self.criteria),
        )
        self.fields["outcome"].required = True
        self.fields["outcome"].error_messages["required"] = "Vælg et udfald"
        self.fields["summary"].required = True
        self.fields["summary"].error_messages["required"] = "Indtast en samlet udtalelse"


class StepInForm(GivenForm):
    """The assessment the secretariat gives for a DGO that is silent."""

    reason = PlainTextField(
        label="Hvorfor afgiver sekretariatet udtalelsen?",
        max_length=PROSE,
        error_messages={"required": "Indtast, hvorfor sekretariatet afgiver udtalelsen"},
        help_text="Forslagsstilleren og DGO'en kan læse begrundelsen.",
    )


class AmendForm(GivenForm):
    """Another assessment in place of one that was given."""

    reason = PlainTextField(
        label="Hvorfor ændres udtalelsen?",
        max_length=PROSE,
        error_messages={"required": "Indtast, hvorfor udtalelsen ændres"},
        help_text="Forslagsstilleren og forretningsudvalget kan læse begrundelsen.",
    )


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
