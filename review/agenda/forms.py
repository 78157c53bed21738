"""What is typed about a meeting and the items of its agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from klimaspor.fields import DanishDateField, DanishTimeField, LineField, PlainTextField
from proposals.line.models import Proposal
from proposals.line.parts import PROSE, capitalized
from proposals.rounds.models import Round
from review.agenda.models import ItemKind

if TYPE_CHECKING:
    from datetime import date

    from review.agenda.models import AgendaItem


class AgendaForm(forms.Form):
    """When and where the committee meets."""

    round = forms.ModelChoiceField(
        label="Runde",
        queryset=Round.objects.none(),
        required=False,
        empty_label="Ingen runde",
    )
    meeting_date = DanishDateField(
        label="Mødedato",
        help_text="Fx 27.5.2027",
        error_messages={"required": "Indtast mødets dato, fx 27.5.2027"},
    )
    meeting_time = DanishTimeField(label="Klokkeslæt", required=False, help_text="Fx 10.00")
    place = LineField(label="Sted", max_length=200, required=False)

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # declared just above as a ModelChoiceField


class MeetingForm(forms.Form):
    """When and where, until the agenda is out."""

    meeting_date = DanishDateField(
        label="Mødedato", error_messages={"required": "Indtast mødets dato, fx 27.5.2027"}
    )
    meeting_time = DanishTimeField(label="Klokkeslæt", required=False, help_text="Fx 10.00")
    place = LineField(label="Sted", max_length=200, required=False)


class ItemForm(forms.Form):
    """One item of the agenda; a proposal's title and text come from the proposal itself."""

    title = LineField(
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
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-char-4"}
        ),
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


def round_dates(round_: Round) -> dict[str, date | Any]:
    """Give what a new agenda takes from its round."""
    return {
        "round": round_.pk,
        "meeting_date": round_.meeting_date,
        "meeting_time": round_.meeting_time,
        "place": round_.meeting_place,
    }
