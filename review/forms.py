"""
What people type before a step is taken. A form checks what was typed; whether it may be done is the step's business.

A step form carries the proposal's revision, so that a stale page cannot act on what has changed since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

import django_filters

from klimaspor.accounts.models import Dgo, Organization, User
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField, DanishDateField, DanishTimeField, PlainTextField
from proposals.eligibility import REQUIREMENTS
from proposals.lifecycle import Status
from proposals.models import Proposal, Round
from proposals.sections import SECTIONS
from review.models import (
    ConsentAnswer,
    DecisionOutcome,
    Direction,
    ItemKind,
    Outcome,
    Presence,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from review.models import AgendaItem, Criterion, Qualification

PROSE = 6000
PDF_LIMIT = 10 * 1024 * 1024


def capitalized(text: Any) -> str:
    """Begin a label with a capital, where it stands alone."""
    return str(text)[:1].upper() + str(text)[1:]


class StepForm(forms.Form):
    """A form that knows which state of the proposal it was opened on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Siden er for gammel. Åbn den igen, og prøv én gang til",
            "invalid": "Siden er for gammel. Åbn den igen, og prøv én gang til",
        },
    )


class PressForm(forms.Form):
    """One button and nothing to fill in."""


class ReasonForm(StepForm):
    """Why somebody does what must be explained."""

    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        error_messages={"required": "Indtast en begrundelse"},
    )

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class CorrectForm(ReasonForm):
    """Why a step is taken back, and until when the proposer may act when it comes back there."""

    optional_fields = ("answer_date",)

    answer_date = DanishDateField(
        label="Ny svarfrist",
        required=False,
        help_text="Når forslaget kommer tilbage til forslagsstilleren, og fristen er passeret. Fx 15.4.2027.",
    )

    def __init__(self, *args: Any, has_term: bool, **kwargs: Any) -> None:
        super().__init__(*args, label="Hvad er fejlen?", **kwargs)
        if not has_term:
            del self.fields["answer_date"]


# Faglig kvalificering


class QualificationForm(StepForm):
    """The professional assessment; a half-finished one can be saved."""

    optional_fields: tuple[str, ...] = ()

    draft_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
                "draft_revision": qualification.revision,
                **{_statement(c): said.get(c.pk, "") for c in self.criteria},
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        for criterion in self.criteria:
            self.fields[_statement(criterion)] = PlainTextField(
                label=str(criterion),
                help_text=criterion.text,
                max_length=PROSE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.order_fields(
            [
                "revision",
                "draft_revision",
                *map(_statement, self.criteria),
                "outcome",
                "summary",
                "reason",
            ]
        )

    @property
    def statements(self) -> dict[int, str]:
        """What was said about each criterion, by its key."""
        return {c.pk: self.cleaned_data[_statement(c)] or "" for c in self.criteria}


class StepInForm(QualificationForm):
    """The assessment the secretariat gives for a DGO that is silent."""

    reason = PlainTextField(
        label="Hvorfor træder sekretariatet ind?",
        max_length=PROSE,
        error_messages={"required": "Indtast, hvorfor sekretariatet træder ind"},
        help_text="Forslagsstilleren og DGO'en kan læse begrundelsen.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optional_fields = tuple(map(_statement, self.criteria))
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


class ReturnForm(StepForm):
    """What must change in which sections, and by when."""

    optional_fields = ()

    answer_date = DanishDateField(
        label="Svar senest",
        help_text="En dato, fx 15.4.2027. Forslagsstilleren kan sende forslaget igen hele den dag.",
        error_messages={"required": "Indtast den dato, forslaget skal være sendt igen"},
    )

    def __init__(self, *args: Any, latest: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in SECTIONS:
            self.fields[_section(section.slug)] = PlainTextField(
                label=section.title,
                max_length=PROSE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.order_fields(["revision", *(_section(s.slug) for s in SECTIONS), "answer_date"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = _section(SECTIONS[0].slug)
        if not self.reasons and not any(name.startswith("section_") for name in self.errors):
            self.add_error(first, "Skriv, hvad der skal ændres, i mindst ét afsnit")
        return cleaned

    @property
    def reasons(self) -> dict[str, str]:
        """What must change, by section."""
        said = {s.slug: self.cleaned_data.get(_section(s.slug)) for s in SECTIONS}
        return {slug: text for slug, text in said.items() if text}


def _section(slug: str) -> str:
    return f"section_{slug}"


class ReplyForm(forms.Form):
    """What the proposer answers to the assessment."""

    text = PlainTextField(
        label="Dit svar",
        max_length=PROSE,
        help_text="DGO'en, sekretariatet og forretningsudvalget kan læse dit svar.",
        error_messages={"required": "Indtast dit svar"},
    )


# Sekretariatet


MET = (("yes", "Opfyldt"), ("no", "Ikke opfyldt"))


class FormalityForm(forms.Form):
    """A person's answer about each requirement; a half-finished check can be saved."""

    optional_fields = tuple(f"{requirement.id}_note" for requirement in REQUIREMENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for requirement in REQUIREMENTS:
            self.fields[f"{requirement.id}_met"] = forms.ChoiceField(
                label=f"Er {requirement.id} opfyldt?",
                choices=MET,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{requirement.id}_note"] = PlainTextField(
                label=f"Bemærkning til {requirement.id}",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def answers(self) -> dict[str, tuple[bool | None, str]]:
        """Whether each requirement is met, with a remark; None where nobody has answered."""
        met = {"yes": True, "no": False}
        return {
            r.id: (
                met.get(self.cleaned_data[f"{r.id}_met"]),
                self.cleaned_data[f"{r.id}_note"] or "",
            )
            for r in REQUIREMENTS
        }


class RecommendationForm(forms.Form):
    """The secretariat's recommendation; a half-finished one can be saved."""

    optional_fields: tuple[str, ...] = ("reason",)

    direction = forms.ChoiceField(
        label="Vi indstiller, at forslaget",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    resume = PlainTextField(
        label="Resumé",
        max_length=PROSE,
        required=False,
        help_text="Det første, forretningsudvalget læser. Fem til ti linjer.",
    )
    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes, når I indstiller til afslag.",
    )

    def __init__(self, *args: Any, funders: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.funders = tuple(funders)
        for funder in self.funders:
            self.fields[_amount(funder)] = AmountField(
                label=f"Beløb fra {funder.name}",
                required=False,
                help_text="I hele kroner, fx 1.500.000 eller 1,5 mio. Lad feltet stå tomt, hvis bidragyderen ikke spørges.",
            )
        self.optional_fields = ("reason", *map(_amount, self.funders))

    @property
    def amounts(self) -> dict[int, Decimal]:
        """What is asked of each funder, in kroner; a funder without an amount is not asked."""
        asked = {f.pk: self.cleaned_data[_amount(f)] for f in self.funders}
        return {pk: amount for pk, amount in asked.items() if amount is not None}

    @staticmethod
    def amount_initial(amounts: dict[int, Decimal]) -> dict[str, Decimal]:
        return {f"amount_{pk}": amount for pk, amount in amounts.items()}


def _amount(funder: Organization) -> str:
    return f"amount_{funder.pk}"


class PointForm(forms.Form):
    """One at-point."""

    optional_fields = ()

    text = PlainTextField(
        label="At …",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PointRows(RowFormSet):
    item_name = "At-punkt"
    add_text = "Tilføj at-punkt"

    @property
    def points(self) -> list[str]:
        """The points in order, those that are empty or taken away left out."""
        rows = (row.cleaned_data for row in self.forms)
        return [row["text"] for row in rows if row.get("text") and not row.get("DELETE")]


Points = forms.formset_factory(
    PointForm, formset=PointRows, extra=1, can_delete=True, max_num=20, validate_max=True
)


class SettleForm(forms.Form):
    """Whether a colleague is impartial."""

    is_impartial = forms.ChoiceField(
        label="Er personen habil i sagen?",
        choices=(
            ("yes", "Ja, personen må arbejde med forslaget"),
            ("no", "Nej, personen må hverken arbejde med forslaget eller læse det"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om personen er habil"},
    )
    note = PlainTextField(
        label="Begrundelse",
        max_length=2000,
        error_messages={"required": "Indtast en begrundelse"},
    )


# Møder


class AgendaForm(forms.Form):
    """When and where the committee meets."""

    round = forms.ModelChoiceField(
        label="Runde",
        queryset=Round.objects.none(),
        required=False,
        empty_label="Ingen runde",
    )
    meeting_date = DanishDateField(
        label="Mødedato", error_messages={"required": "Indtast mødets dato, fx 27.5.2027"}
    )
    meeting_time = DanishTimeField(label="Klokkeslæt", required=False, help_text="Fx 10.00")
    place = forms.CharField(label="Sted", max_length=200, required=False)

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # declared just above as a ModelChoiceField


class MeetingForm(forms.Form):
    """When on the day and where."""

    meeting_time = DanishTimeField(label="Klokkeslæt", required=False, help_text="Fx 10.00")
    place = forms.CharField(label="Sted", max_length=200, required=False)


class ItemForm(forms.Form):
    """One item of the agenda; a proposal's title and text come from the proposal itself."""

    title = forms.CharField(
        label="Titel", max_length=200, error_messages={"required": "Indtast punktets titel"}
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=[(kind.value, capitalized(kind.label)) for kind in ItemKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg punktets type"},
    )
    minutes = forms.IntegerField(
        label="Minutter",
        min_value=0,
        max_value=480,
        help_text="Hvor længe I regner med, at punktet varer.",
        error_messages={
            "required": "Indtast antal minutter, fx 10",
            "invalid": "Antal minutter skal være et helt tal, fx 10",
            "min_value": "Antal minutter kan ikke være mindre end 0",
            "max_value": "Et punkt kan højst vare 480 minutter",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_closed = forms.BooleanField(
        label="Lukket punkt",
        required=False,
        help_text="Punktet er fortroligt og står som lukket i dagsorden og referat.",
    )
    resume = PlainTextField(label="Resumé", max_length=PROSE, required=False)
    proposed = PlainTextField(
        label="Indstilling",
        max_length=PROSE,
        required=False,
        help_text="Ét at-punkt på hver linje, uden nummer.",
    )
    case_text = PlainTextField(label="Sagsfremstilling", max_length=4 * PROSE, required=False)

    def __init__(self, *args: Any, item: AgendaItem | None = None, **kwargs: Any) -> None:
        if item:
            kwargs["initial"] = {
                name: getattr(item, name)
                for name in (
                    "title",
                    "kind",
                    "minutes",
                    "is_closed",
                    "resume",
                    "proposed",
                    "case_text",
                )
            }
        super().__init__(*args, **kwargs)
        if item and item.proposal_id:
            # What the committee reads about a proposal is what was sent and recommended.
            for name in ("title", "resume", "proposed", "case_text"):
                del self.fields[name]


class AddProposalForm(forms.Form):
    """The recommended proposal that comes on the agenda."""

    proposal = forms.ModelChoiceField(
        label="Indstillet forslag",
        queryset=Proposal.objects.none(),
        empty_label="Vælg forslag",
        error_messages={
            "required": "Vælg et indstillet forslag",
            "invalid_choice": "Forslaget er ikke længere indstillet. Vælg et andet",
        },
    )

    def __init__(self, *args: Any, proposals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].queryset = proposals  # type: ignore[attr-defined]  # declared just above as a ModelChoiceField


class PresenceForm(forms.Form):
    """One line of the attendance."""

    user = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Navn", max_length=150, error_messages={"required": "Indtast personens navn"}
    )
    presence = forms.ChoiceField(
        label="Fremmøde",
        choices=[("", "Vælg"), *Presence.choices],
        error_messages={"required": "Vælg, om personen var til stede"},
    )


class PresenceRows(RowFormSet):
    item_name = "Person"
    add_text = "Tilføj person"

    def clean(self) -> None:
        names = [row["name"].casefold() for row in self.present]
        if len(names) != len(set(names)):
            raise ValidationError("Den samme person står to gange. Fjern den ene linje")

    @property
    def present(self) -> list[dict[str, Any]]:
        """The lines that stay."""
        rows = (row.cleaned_data for row in self.forms if hasattr(row, "cleaned_data"))
        return [row for row in rows if row.get("name") and not row.get("DELETE")]


Presences = forms.formset_factory(
    PresenceForm, formset=PresenceRows, extra=0, can_delete=True, max_num=100
)


class DecisionForm(forms.Form):
    """What the committee decided on one item; what an outcome asks for besides, the step says."""

    optional_fields = ("text", "recused")

    outcome = forms.ChoiceField(
        label="Beslutning",
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad forretningsudvalget besluttede"},
    )
    text = PlainTextField(
        label="Beslutningens ordlyd",
        max_length=PROSE,
        required=False,
        help_text="Som den skal stå i referatet.",
    )
    reason = PlainTextField(
        label="Begrundelse",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes ved alt andet end fuld godkendelse.",
    )
    conditions = PlainTextField(
        label="Betingelser",
        max_length=PROSE,
        required=False,
        help_text="Kun når forslaget er godkendt med betingelser.",
    )
    back_to = forms.ChoiceField(
        label="Sendes tilbage til",
        choices=[
            ("", "Sendes ikke tilbage"),
            (Status.DRAFT, "Kladde"),
            (Status.QUALIFIED, "Efter den faglige kvalificering"),
        ],
        required=False,
        help_text="Kun når forslaget sendes tilbage.",
    )
    back_to_round = forms.ModelChoiceField(
        label="Til runden",
        queryset=Round.objects.none(),
        required=False,
        empty_label="Ingen",
        help_text="Kun når forslaget sendes tilbage.",
    )
    recused = forms.MultipleChoiceField(
        label="Deltog ikke i sagens behandling",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Inhabile medlemmer. Det kommer til at stå i referatet.",
    )

    def __init__(
        self,
        *args: Any,
        outcomes: Iterable[DecisionOutcome],
        names: Iterable[str],
        rounds: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = [(o.value, capitalized(o.label)) for o in outcomes]
        if rounds is None:
            for name in ("back_to", "back_to_round"):
                del fields[name]
        else:
            fields["back_to_round"].queryset = rounds
        fields["recused"].choices = [(name, name) for name in names]
        if not fields["recused"].choices:
            del fields["recused"]


# Bidragydere


class ConsentForm(forms.Form):
    """A funder's own answer."""

    optional_fields = ()

    answer = forms.ChoiceField(
        label="Svar",
        choices=[
            (ConsentAnswer.CONSENTED, "Vi giver tilsagn"),
            (ConsentAnswer.REFUSED, "Vi giver afslag"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg jeres svar"},
    )
    reason = PlainTextField(
        label="Begrundelse eller bemærkning",
        max_length=PROSE,
        required=False,
        help_text="Skal udfyldes ved afslag. Forslagsstilleren kan læse teksten.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == ConsentAnswer.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", "Indtast begrundelsen for afslaget")
        return cleaned


class EnteredConsentForm(ConsentForm):
    """A funder's answer as the secretariat received it."""

    document = forms.FileField(
        label="Bidragyderens svar",
        help_text="PDF, højst 10 MB.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": "Vedhæft bidragyderens svar som PDF",
            "empty": "Filen er tom. Vælg en anden",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined]  # declared above as a ChoiceField
            (ConsentAnswer.CONSENTED, "Bidragyderen giver tilsagn"),
            (ConsentAnswer.REFUSED, "Bidragyderen giver afslag"),
        ]

    def clean_document(self) -> Any:
        file = self.cleaned_data["document"]
        if file.size > PDF_LIMIT:
            raise ValidationError("Filen må højst fylde 10 MB. Vælg en mindre")
        # What a file is, its first bytes say; its name and the browser can be wrong.
        if file.read(5) != b"%PDF-":
            raise ValidationError("Filen er ikke en PDF. Gem svaret som PDF, og vælg den fil")
        file.seek(0)
        return file


# Lister


SORTS = {
    "nummer": "Nummer",
    "titel": "Titel",
    "status": "Status",
    "frist": "Frist",
    "aendret": "Sidst ændret",
}


class ProposalFilter(django_filters.FilterSet):
    """Search and filters of the list of proposals; what is listed is narrowed to what may be seen before."""

    q = django_filters.CharFilter(label="Søg i titel og tekst", method="search", max_length=200)
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices, empty_label="Alle")
    runde = django_filters.ModelChoiceFilter(
        field_name="round",
        label="Runde",
        queryset=Round.objects.newest_first(),
        empty_label="Alle runder",
    )
    dgo = django_filters.ModelChoiceFilter(
        field_name="lead_dgo",
        label="DGO",
        queryset=Dgo.objects.by_name(),
        empty_label="Alle DGO'er",
    )

    class Meta:
        model = Proposal
        fields = ()

    def search(self, proposals: Any, name: str, value: str) -> Any:
        return proposals.matching(value)


def round_dates(round_: Round) -> dict[str, date | Any]:
    """Give what a new agenda takes from its round."""
    return {
        "round": round_.pk,
        "meeting_date": round_.meeting_date,
        "meeting_time": round_.meeting_time,
        "place": round_.meeting_place,
    }
