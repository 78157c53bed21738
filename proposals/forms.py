"""
What people fill in about a proposal. The questions of the form itself come from `sections`, the one place they are written.

A section is saved half-finished, so nothing in it is required here; what is missing stops the submission instead.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

import filetype

from klimaspor import danish, unsent
from klimaspor.accounts.forms import SeenForm
from klimaspor.accounts.models import AUTHORITY_KINDS, Dgo, Organization, OrganizationKind, User
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import (
    AmountField,
    DanishDateField,
    DanishTimeField,
    MonthField,
    PlainTextField,
    RangeField,
)
from proposals.lifecycle import Gate
from proposals.models import FinancingStatus, ParticipantRole, Round
from proposals.sections import GOALS, SECTIONS, Field, Kind, Section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from proposals.models import Financing, Participant, Proposal

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_TITLE = 150
MAX_LINES = 100
PDF = "application/pdf"


# The sections


def _prose(question: Field) -> forms.Field:
    return PlainTextField(max_length=question.max_length, widget=forms.Textarea(attrs={"rows": 8}))


def _line(question: Field) -> forms.Field:
    return forms.CharField(
        max_length=question.max_length,
        error_messages={
            "max_length": "Teksten må højst være på %(limit_value)d tegn. Den er på %(show_value)d. Gør den kortere"
        },
    )


def _yes_no(question: Field) -> forms.Field:
    return forms.TypedChoiceField(
        choices=(("True", "Ja"), ("False", "Nej")),
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Vælg ja eller nej"},
    )


def _goals(question: Field) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        choices=GOALS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Vælg verdensmål fra listen"},
    )


def _dgo(question: Field) -> forms.Field:
    return forms.ModelChoiceField(
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"invalid_choice": "Vælg en DGO fra listen"},
    )


_MAKERS = {
    Kind.LINE: _line,
    Kind.PROSE: _prose,
    Kind.YES_NO: _yes_no,
    Kind.MONTH: lambda question: MonthField(),
    Kind.MONEY: lambda question: AmountField(),
    Kind.RANGE: lambda question: RangeField(),
    Kind.GOALS: _goals,
    Kind.DGO: _dgo,
}


def _field(question: Field) -> forms.Field:
    field = _MAKERS[question.kind](question)
    field.label, field.help_text, field.required = question.label, question.help, False
    return field


class SectionForm(forms.Form):
    """The questions of one section; `answers` is what can be saved of it, valid or not as a whole."""

    def __init__(
        self, *args: Any, section: Section, proposal: Proposal, dgos: Any = None, **kwargs: Any
    ) -> None:
        # Without DGOs to choose from the choice is settled, and nothing that is posted can change it.
        asked = [q for q in section.fields if dgos is not None or q.kind != Kind.DGO]
        kwargs["initial"] = {question.name: _answer(proposal, question) for question in asked}
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields.update({question.name: _field(question) for question in asked})
        self.optional_fields = [q.name for q in asked if not q.required]
        if "lead_dgo" in self.fields:
            self.fields["lead_dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one

    @property
    def asked(self) -> list[tuple[Any, Field]]:
        """Pair each field with the question it comes from, in order."""
        return [(self[q.name], q) for q in self.section.fields if q.name in self.fields]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        months = [name for name in ("period_start", "period_end") if name in self.fields]
        start, end = (answers.get(name) for name in ("period_start", "period_end"))
        if start and end and end < start:
            self.add_error("period_end", "Projektet skal slutte efter, det begynder")
        if any(name in self.errors for name in months):
            # The two are one answer: half of it could contradict the half that is stored.
            for name in months:
                answers.pop(name, None)
        elif end:
            answers["period_end"] = _last_day(end)
        return answers

    @property
    def answers(self) -> dict[str, Any]:
        """Give what is valid, by the proposal's attribute: what was not asked or cannot be read is left out."""
        answers: dict[str, Any] = {}
        for question in self.section.fields:
            if question.name in self.cleaned_data:
                value = self.cleaned_data[question.name]
                if question.kind == Kind.RANGE:
                    answers |= dict(zip(question.attributes, value or (None, None), strict=True))
                else:
                    answers[question.name] = value
        return answers


def _answer(proposal: Proposal, question: Field) -> Any:
    values = [getattr(proposal, name) for name in question.attributes]
    if question.kind == Kind.RANGE:
        return None if values[0] is None else tuple(values)
    return values[0]


def _last_day(month: date) -> date:
    return month + timedelta(days=monthrange(month.year, month.month)[1] - 1)


# Participants


def _on_a_list(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Write choices as they stand on a list, where each begins with a capital."""
    return [(value, capfirst(str(label))) for value, label in choices]


ROLES = _on_a_list(ParticipantRole.choices)
TYPED_KINDS = [
    kind for kind in _on_a_list(OrganizationKind.choices) if kind[0] not in AUTHORITY_KINDS
]


class RolesForm(forms.Form):
    """The role of everybody who takes part; `changes` is what is new."""

    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, participants: Iterable[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = list(participants)
        for participant in self.participants:
            self.fields[f"role-{participant.pk}"] = forms.ChoiceField(
                label=f"Rolle for {participant.name}",
                choices=ROLES,
                initial=participant.role,
                required=False,
                error_messages={"invalid_choice": "Vælg en rolle fra listen"},
            )

    @property
    def changes(self) -> dict[int, str]:
        """Give the new role of each participant whose role was changed on the page."""
        chosen = {p: self.cleaned_data.get(f"role-{p.pk}") for p in self.participants}
        return {p.pk: role for p, role in chosen.items() if role and role != p.role}


class NewParticipantForm(forms.Form):
    """An organization from the list."""

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        error_messages={
            "required": "Vælg en organisation fra listen",
            "invalid_choice": "Vælg en organisation fra listen",
        },
    )
    role = forms.ChoiceField(
        label="Rolle",
        choices=ROLES,
        initial=ParticipantRole.PARTICIPANT,
        error_messages={"invalid_choice": "Vælg en rolle fra listen", "required": "Vælg en rolle"},
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]  # a ModelChoiceField has one


class TypedParticipantForm(forms.Form):
    """Somebody who is not on the list. Left empty it says nothing."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    typed_name = forms.CharField(
        label="Navn",
        required=False,
        max_length=200,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    typed_kind = forms.ChoiceField(
        label="Type",
        required=False,
        choices=[("", "Vælg type"), *TYPED_KINDS],
        error_messages={"invalid_choice": "Vælg en type fra listen"},
    )
    typed_role = forms.ChoiceField(
        label="Rolle",
        required=False,
        choices=ROLES,
        initial=ParticipantRole.PARTICIPANT,
        error_messages={"invalid_choice": "Vælg en rolle fra listen"},
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (
            typed.get("typed_name")
            and not typed.get("typed_kind")
            and "typed_kind" not in self.errors
        ):
            self.add_error("typed_kind", "Vælg, hvilken type organisationen er")
        if (
            typed.get("typed_kind")
            and not typed.get("typed_name")
            and "typed_name" not in self.errors
        ):
            self.add_error("typed_name", "Indtast organisationens navn")
        return typed

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("typed_name"))


# Economy


class FinancingForm(forms.Form):
    """One line: who gives what in which year, and how sure it is."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    year = forms.IntegerField(
        label="År",
        min_value=2020,
        max_value=2060,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Indtast et årstal, fx 2027",
            "invalid": "Årstallet skal have fire cifre, fx 2027",
            "min_value": "Årstallet skal være mellem 2020 og 2060",
            "max_value": "Årstallet skal være mellem 2020 og 2060",
        },
    )
    source = forms.CharField(
        label="Kilde",
        max_length=200,
        error_messages={
            "required": "Indtast, hvor beløbet kommer fra, fx Realdania",
            "max_length": "Kilden må højst være på %(limit_value)d tegn",
        },
    )
    amount = AmountField(
        label="Beløb i kr.", error_messages={"required": "Indtast et beløb, fx 1.500.000"}
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Vælg status"), *_on_a_list(FinancingStatus.choices)],
        error_messages={"required": "Vælg, hvor sikkert beløbet er"},
    )


class _FinancingRows(RowFormSet):
    item_name = "linje"
    add_text = "Tilføj en linje"
    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_many_forms": f"Der kan højst være {MAX_LINES} linjer"
    }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Give the lines that stay, in the order of the page."""
        return [
            {name: form.cleaned_data[name] for name in ("year", "source", "amount", "status")}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def financing_formset(financing: list[Financing], data: Any = None) -> Any:
    """Make the lines of the economy as rows, with one empty row when there are none."""
    rows = forms.formset_factory(
        FinancingForm,
        formset=_FinancingRows,
        extra=0 if financing else 1,
        can_delete=True,
        max_num=MAX_LINES,
        validate_max=True,
    )
    initial = [
        {"year": f.year, "source": f.source, "amount": f.amount, "status": f.status}
        for f in financing
    ]
    return rows(data, initial=initial, prefix="linjer")


# Attachments


class AttachmentForm(forms.Form):
    """A PDF to go with the proposal: judged by what is in it, never by its name."""

    file = forms.FileField(
        label="Vælg en PDF-fil",
        help_text=f"Højst {MAX_FILE_BYTES // 1024 // 1024} MB. Der kan være {MAX_FILES} bilag.",
        required=False,
        widget=forms.FileInput(attrs={"accept": f".pdf,{PDF}"}),
        error_messages={
            "required": "Vælg en PDF-fil",
            "empty": "Filen er tom. Vælg en anden fil",
            "invalid": "Filen kunne ikke læses. Vælg den igen",
            "max_length": "Filens navn må højst være på %(max)d tegn. Giv den et kortere navn, og vælg den igen",
        },
        max_length=200,
    )
    title = forms.CharField(
        label="Bilagets navn",
        help_text="Uden et navn bruger vi filens.",
        required=False,
        max_length=MAX_TITLE,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("title",)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(
                f"Filen må højst fylde {MAX_FILE_BYTES // 1024 // 1024} MB. Gør den mindre, eller del den i to"
            )
        start = file.read(1024)
        file.seek(0)
        if filetype.guess_mime(start) != PDF:
            raise ValidationError("Filen er ikke en PDF. Gem den som PDF, og vælg den igen")
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("title") and not given.get("file") and "file" not in self.errors:
            self.add_error("file", "Vælg den PDF-fil, der hører til navnet")
        return given


# A new proposal

NOBODY = "ingen"


class NewProposalForm(forms.Form):
    """On whose behalf, in which round, under what title."""

    on_behalf = forms.ChoiceField(
        label="På vegne af",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg, hvem du stiller forslaget på vegne af",
            "invalid_choice": "Vælg en organisation fra listen",
        },
    )
    search = forms.CharField(
        label="Find en anden organisation",
        help_text="Skriv begyndelsen af navnet, fx aar.",
        required=False,
        max_length=100,
    )
    round = forms.ModelChoiceField(
        label="Runde",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )
    title = forms.CharField(
        label="Forslagets titel",
        help_text="Du kan ændre den senere.",
        max_length=150,
        error_messages={
            "required": "Indtast forslagets titel",
            "max_length": "Titlen må højst være på %(limit_value)d tegn. Den er på %(show_value)d. Gør den kortere",
        },
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("search",)

    def __init__(
        self,
        *args: Any,
        organizations: Iterable[Organization],
        shown: int,
        rounds: Any,
        **kwargs: Any,
    ) -> None:
        """Take every organization that may be chosen; the first `shown` stand in the list, the rest beside the search."""
        super().__init__(*args, **kwargs)
        self.organizations = {str(o.pk): o for o in organizations}
        self.shown = list(self.organizations)[:shown]
        self.fields["on_behalf"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            *((key, o.name) for key, o in self.organizations.items()),
            (NOBODY, ""),
        ]
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = _round_label  # type: ignore[attr-defined]  # the same

    @property
    def listed(self) -> list[dict[str, str]]:
        """Give what stands in the list without a search."""
        own = [{"value": key, "label": self.organizations[key].name} for key in self.shown]
        return [*own, {"value": NOBODY, "label": "Ikke på vegne af en organisation"}]

    @property
    def offered(self) -> list[Organization]:
        """Give what the search found besides."""
        return [o for key, o in self.organizations.items() if key not in self.shown]

    @property
    def organization(self) -> Organization | None:
        return self.organizations.get(self.cleaned_data["on_behalf"])


def _round_label(round_: Round) -> str:
    return (
        f"{round_.name}: send til faglig kvalificering senest "
        f"{danish.datetime_text(round_.qualification_deadline_at)}"
    )


# Steps


class StepForm(forms.Form):
    """What every step carries: the revision of the page it was pressed on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid": "Siden er forældet. Prøv igen",
        },
    )


class SubmitForm(StepForm):
    """The press of "Indsend": for which gate, so that a second press can't go on to the next."""

    gate = forms.ChoiceField(
        choices=Gate.choices,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er forældet. Prøv igen",
            "invalid_choice": "Siden er forældet. Prøv igen",
        },
    )


def reason_field(label: str, required: str, *, help_text: str = "") -> PlainTextField:
    """Make the box for a reason."""
    return PlainTextField(
        label=label,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": required},
    )


class WithdrawForm(StepForm):
    reason = reason_field(
        "Hvorfor trækker du forslaget tilbage?", "Skriv, hvorfor du trækker forslaget tilbage"
    )


class MoveRoundForm(StepForm):
    round = forms.ModelChoiceField(
        label="Til hvilken runde?",
        queryset=Round.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Vælg en runde",
            "invalid_choice": "Runden er ikke åben. Vælg en anden",
        },
    )
    reason = reason_field("Hvorfor flytter du forslaget?", "Skriv, hvorfor du flytter forslaget")

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["round"].label_from_instance = _round_label  # type: ignore[attr-defined]  # the same
        self.fields["reason"].required = False


class HandOverForm(forms.Form):
    email = forms.EmailField(
        label="Den nye ejers e-mailadresse",
        help_text="Personen skal have en bruger i portalen.",
        error_messages={
            "required": "Indtast den nye ejers e-mailadresse",
            "invalid": "Indtast en e-mailadresse, fx navn@kommune.dk",
        },
    )
    reason = reason_field(
        "Hvorfor skal forslaget have en ny ejer?", "Skriv, hvorfor forslaget skal have en ny ejer"
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            self.person: User = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise ValidationError(
                "Der er ingen bruger med den e-mailadresse. Bed personen om at oprette sig først"
            ) from None
        return email


class ChangeDgoForm(forms.Form):
    dgo = forms.ModelChoiceField(
        label="Hvilken DGO skal have hovedansvaret?",
        queryset=Dgo.objects.none(),
        empty_label="Vælg DGO",
        error_messages={"required": "Vælg en DGO", "invalid_choice": "Vælg en DGO fra listen"},
    )
    reason = reason_field("Hvorfor skal DGO'en skiftes?", "Skriv, hvorfor DGO'en skal skiftes")

    def __init__(self, *args: Any, dgos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgo"].queryset = dgos  # type: ignore[attr-defined]  # a ModelChoiceField has one


class RegisterForm(NewProposalForm):
    """A proposal that came by mail: who sent it, and then as for a new one."""

    name = forms.CharField(
        label="Forslagsstillerens navn",
        max_length=150,
        error_messages={"required": "Indtast forslagsstillerens navn"},
    )
    email = forms.EmailField(
        label="Forslagsstillerens e-mailadresse",
        error_messages={
            "required": "Indtast forslagsstillerens e-mailadresse",
            "invalid": "Indtast en e-mailadresse, fx navn@kommune.dk",
        },
    )
    field_order = ("name", "email", "on_behalf", "search", "round", "title")


class DeclareForm(forms.Form):
    reason = reason_field(
        "Hvad kan gøre dig inhabil?",
        "Skriv, hvad der kan gøre dig inhabil",
        help_text="Fx at du eller en nær pårørende har en interesse i forslaget, eller at du er ansat hos en deltager.",
    )


# Sparring


class AnswerForm(forms.Form):
    """An answer in the sparring. Carries the slip that keeps it over an expired session."""

    optional_fields: ClassVar[tuple[str, ...]] = ()
    text = PlainTextField(
        label="Dit svar",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv dit svar"},
    )

    def __init__(self, *args: Any, slip: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[unsent.SLIP] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=slip
        )


class CommentForm(AnswerForm):
    """A comment about one section or the whole."""

    section = forms.ChoiceField(
        label="Hvad handler kommentaren om?",
        required=False,
        choices=[("", "Hele forslaget"), *((s.slug, s.title) for s in SECTIONS)],
        error_messages={"invalid_choice": "Vælg et afsnit fra listen"},
    )
    field_order = ("section", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Din kommentar"
        self.fields["text"].error_messages["required"] = "Skriv din kommentar"


# Rounds and leave from a deadline


def _moment(form: forms.BaseForm, day: str, clock: str) -> Any:
    date_, time_ = form.cleaned_data.get(day), form.cleaned_data.get(clock)
    return danish.wall(date_, time_) if date_ and time_ else None


class DispensationForm(forms.Form):
    gate = forms.ChoiceField(
        label="Hvilken frist?",
        choices=_on_a_list(Gate.choices),
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
        help_text="Forslagsstilleren kan læse den.",
    )

    @property
    def until_at(self) -> Any:
        return _moment(self, "until_date", "until_time")


NINE = time(9)
"""When deadlines fall, unless somebody says otherwise."""


class RoundForm(SeenForm):
    """A round, its deadlines typed as Danes type them."""

    MOMENTS: ClassVar[dict[str, str]] = {
        "opens": "Runden åbner",
        "qualification": "Frist for faglig kvalificering",
        "approval": "Frist for godkendelsesforløb",
    }
    meeting_date = DanishDateField(
        label="Møde i forretningsudvalget, dato",
        error_messages={"required": "Indtast en dato, fx 27.5.2027"},
    )
    meeting_time = DanishTimeField(label="Mødets klokkeslæt", required=False)
    field_order = (
        "name",
        "opens_date",
        "opens_time",
        "qualification_date",
        "qualification_time",
        "approval_date",
        "approval_time",
        "meeting_date",
        "meeting_time",
        "meeting_place",
        "min_authorities",
        "is_first_gate_strict",
        "note",
    )

    class Meta:
        model = Round
        fields = (
            "name",
            "meeting_date",
            "meeting_time",
            "meeting_place",
            "min_authorities",
            "is_first_gate_strict",
            "note",
        )
        labels: ClassVar[dict[str, str]] = {
            "name": "Rundens navn",
            "meeting_place": "Mødested",
            "min_authorities": "Mindste antal kommuner og regioner",
            "is_first_gate_strict": "Krav standser allerede ved fristen for faglig kvalificering",
            "note": "Bemærkning",
        }
        error_messages: ClassVar[dict[str, dict[str, str]]] = {
            "name": {
                "required": "Indtast rundens navn, fx Forår 2027",
                "unique": "Der er allerede en runde med det navn",
            },
            "min_authorities": {
                "required": "Indtast et tal, fx 3",
                "invalid": "Indtast et tal, fx 3",
                "min_value": "Der skal være mindst én",
            },
        }
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}
        field_classes: ClassVar[dict[str, Any]] = {"note": PlainTextField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in self.MOMENTS.items():
            at = getattr(self.instance, _attribute(part))
            self.fields[f"{part}_date"] = DanishDateField(
                label=f"{label}, dato", initial=danish.day_of(at) if at else None
            )
            self.fields[f"{part}_time"] = DanishTimeField(
                label=f"{label}, klokkeslæt", initial=danish.local(at).time() if at else NINE
            )
        self.order_fields(self.field_order)

    def watched(self) -> dict[str, Any]:
        moments = {part: getattr(self.instance, _attribute(part)) for part in self.MOMENTS}
        return {**super().watched(), **moments}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        moments = [_moment(self, f"{part}_date", f"{part}_time") for part in self.MOMENTS]
        for part, moment in zip(self.MOMENTS, moments, strict=True):
            setattr(self.instance, _attribute(part), moment)
        opens, first, second = moments
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
