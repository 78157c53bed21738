"""Pages that show every component and every kind of field, for the tests here and for looking at."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout

from klimaspor import urls
from klimaspor.dkfds.formsets import RowFormSet
from klimaspor.fields import AmountField, DanishDateField, PlainTextField
from klimaspor.paging import Paginator

TODAY = datetime(2027, 4, 7, 8, 0, tzinfo=UTC)
DEADLINE = datetime(2027, 4, 15, 7, 0, tzinfo=UTC)
LONG = "Klimatilpasning af kystnære rekreative områder i Ringkøbing-Skjern, Lemvig, Holstebro og Struer"
TEXT = "Kommunerne mangler fælles viden.\nDet koster tid.\n\n- færre oversvømmelser\n- <b>billigere</b> anlæg & drift\n\nVi deler alt."

TONES = (("udvikling", "Udviklingsspor"), ("test", "Testspor"), ("demo", "Demonstrationsspor"))
GOALS = (
    ("Klima", (("13", "Klimaindsats"), ("7", "Bæredygtig energi"))),
    ("Natur", (("14", "Livet i havet"), ("15", "Livet på land"))),
)


class EveryKind(forms.Form):
    """Every kind of field; the messages are what a person reads when it is left."""

    title = forms.CharField(
        label="Forslagets titel",
        help_text="Kort og beskrivende, fx »Elektrificering af kystfiskeri« <b>uden mærker</b>",
        max_length=150,
        error_messages={"required": "Indtast forslagets titel"},
    )
    purpose = PlainTextField(
        label="Overordnet formål",
        help_text="Skriv, hvad sporet skal opnå.",
        max_length=600,
        error_messages={"required": "Indtast det overordnede formål"},
    )
    kind = forms.ChoiceField(
        label="Slags spor",
        choices=TONES,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilket slags spor det er"},
    )
    goals = forms.MultipleChoiceField(
        label="Verdensmål",
        help_text="Vælg alle, sporet bidrager til.",
        choices=GOALS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst ét verdensmål"},
    )
    lead = forms.ChoiceField(
        label="Ledende DGO",
        choices=(
            ("", "Vælg DGO"),
            ("1", "KlimaNord"),
            ("2", "Klimaalliancen i hovedstadsregionen"),
        ),
        error_messages={"required": "Vælg en DGO"},
    )
    start = DanishDateField(label="Startdato", help_text="Fx 15.4.2027")
    amount = AmountField(label="Beløb", help_text="I hele kroner, fx 1.500.000")
    period = forms.SplitDateTimeField(
        label="Møde",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"aria-label": "Dato"}, time_attrs={"aria-label": "Klokkeslæt"}
        ),
        error_messages={"required": "Indtast mødets dato og klokkeslæt"},
    )
    email = forms.EmailField(
        label="Mailadresse", error_messages={"required": "Indtast en mailadresse"}
    )
    paper = forms.FileField(
        label="Bilag",
        help_text="PDF, højst 10 MB.",
        required=False,
        widget=forms.FileInput,
    )
    note = PlainTextField(label="Bemærkning", required=False)
    agree = forms.BooleanField(
        label="Jeg bekræfter, at oplysningerne er korrekte",
        help_text="Du kan rette dem indtil fristen.",
        error_messages={"required": "Bekræft, at oplysningerne er korrekte"},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            Fieldset("Om sporet", "title", "purpose", "kind", "goals"),
            Fieldset("Ramme", "lead", "start", AppendedText("amount", "kr."), "period"),
            Fieldset("Om dig", "email", "paper", "note", "agree", "revision"),
        )
        return helper

    def clean(self) -> None:
        if self.is_bound and not self.cleaned_data:
            raise forms.ValidationError("Fristen var mandag den 15. april kl. 9.00")


class PartnerForm(forms.Form):
    organization = forms.CharField(
        label="Organisation",
        help_text="Navnet, som andre kender det.",
        error_messages={"required": "Indtast organisationens navn"},
    )
    role = forms.ChoiceField(label="Rolle", choices=(("", "Vælg rolle"), ("p", "Problemejer")))


class LineForm(forms.Form):
    year = forms.CharField(label="År", error_messages={"required": "Indtast et årstal"})
    source = forms.CharField(
        label="Kilde", error_messages={"required": "Indtast, hvem der betaler"}
    )
    amount = AmountField(label="Beløb i kr.")
    status = forms.ChoiceField(
        label="Status", choices=(("tilsagn", "Tilsagn"), ("forventet", "Forventet"))
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PartnerRows(RowFormSet):
    item_name = "Deltager"
    add_text = "Tilføj deltager"


class MoneyRows(RowFormSet):
    item_name = "Linje"
    add_text = "Tilføj linje"

    def clean(self) -> None:
        if self.total_form_count() > 1:
            raise forms.ValidationError("Vælg højst ét år for hver kilde")


Partners = formset_factory(PartnerForm, formset=PartnerRows, extra=1, can_delete=True)
Money = formset_factory(LineForm, formset=MoneyRows, extra=0, can_delete=True)

MONEY = [
    {"year": "2027", "source": "Realdania", "amount": Decimal(1_500_000), "status": "tilsagn"},
    {"year": "2028", "source": "Egen tid", "amount": Decimal(250_000), "status": "forventet"},
]


class FilterForm(forms.Form):
    optional_fields = ()
    q = forms.CharField(label="Søg i titel og nummer", required=False)
    status = forms.ChoiceField(
        label="Status", choices=(("", "Alle"), ("k", "Kladde")), required=False
    )


class AnswerForm(forms.Form):
    text = PlainTextField(label="Dit svar", error_messages={"required": "Skriv dit svar"})


class FailedForm(AnswerForm):
    pass


def frame(**more: Any) -> dict[str, Any]:
    return {
        "identity": {"name": "Mette Sørensen", "on_behalf_of": "Aarhus Kommune"},
        "navigation": [
            {"url": "/", "label": "Det venter på dig", "count": 3, "current": False},
            {"url": "/forslag/", "label": "Forslag", "count": 0, "current": True},
            {"url": "/moeder/", "label": "Møder", "count": 0, "current": False},
            {"url": "/krav/", "label": "Krav og kriterier", "count": 0, "current": False},
        ],
        "breadcrumbs": [("/", "Forside"), ("/forslag/", "Forslag"), (None, "KS-2027-0012")],
        "demo": True,
        "portal_version": "0.1.0",
        **more,
    }


@login_not_required
def form_page(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = EveryKind(data, request.FILES or None)
    partners = Partners(data, prefix="partnere")
    money = Money(data, prefix="oekonomi", initial=MONEY)
    if data is not None and not any((partners.is_growing, money.is_growing)):
        form.is_valid()
    return render(
        request,
        "gallery/form.html",
        frame(
            form=form if data is None or not money.is_growing else EveryKind(),
            partners=partners,
            money=money,
        ),
    )


@login_not_required
def error_page(request: HttpRequest) -> HttpResponse:
    data = {
        "purpose": "For langt. " * 60,
        "amount": "1.5",
        "revision": "3",
        "partnere-TOTAL_FORMS": "1",
        "partnere-INITIAL_FORMS": "1",
        "oekonomi-TOTAL_FORMS": "2",
        "oekonomi-INITIAL_FORMS": "2",
        "oekonomi-0-source": "Realdania",
        "oekonomi-1-year": "2028",
    }
    return render(
        request,
        "gallery/form.html",
        frame(
            form=EveryKind(data),
            partners=Partners(data, prefix="partnere"),
            money=Money(data, prefix="oekonomi"),
        ),
    )


@login_not_required
def proposal_page(request: HttpRequest) -> HttpResponse:
    messages.success(
        request,
        "Dit forslag er sendt. Din DGO får besked nu og svarer senest torsdag den 22. april 2027.",
    )
    stop = {"done": "Kladde", "now": "Faglig kvalificering"}
    todo = ("Godkendelsesforløb", "Indstilling", "Møde", "Bidragydere", "Igangsat")
    stops = [
        {"label": stop["done"], "state": "done"},
        {
            "label": stop["now"],
            "state": "now",
            "text": "DGO'en kvalificerer. Svar ventes senest torsdag den 22. april 2027.",
        },
        *({"label": label, "state": "todo"} for label in todo),
    ]
    ended = [
        {"label": "Kladde", "state": "done"},
        {"label": "Faglig kvalificering", "state": "done"},
        {
            "label": "Godkendelsesforløb",
            "state": "ended",
            "text": "Trukket tilbage: vi søger igen til efteråret.",
        },
        *({"label": label, "state": "todo"} for label in todo[1:]),
    ]
    event = {
        "at": TODAY,
        "text": "Sendt til faglig kvalificering",
        "by": "Mette Sørensen, Aarhus Kommune",
    }
    return render(
        request,
        "gallery/proposal.html",
        frame(
            stops=stops,
            tabs=[
                {"url": "#", "label": "Overblik", "current": True},
                {"url": "#", "label": "Indhold"},
                {"url": "#", "label": "Sparring", "count": 2},
                {"url": "#", "label": "Versioner"},
                {"url": "#", "label": "Forløb"},
            ],
            ended=ended,
            deadline=DEADLINE,
            today=TODAY,
            title=LONG,
            findings=[
                {
                    "id": "K1",
                    "text": "Mindst tre kommuner eller regioner",
                    "state": "missing",
                    "message": "2 af 3 kommuner/regioner: tilføj én mere",
                    "url": "#",
                },
                {"id": "K2", "text": "Udspringer af klimahandlingsplaner", "state": "judged"},
                {
                    "id": "K3",
                    "text": "Har et udviklings-, test- eller demonstrationselement",
                    "state": "met",
                },
                {
                    "id": "K6",
                    "text": "Overvejer medfinansiering",
                    "state": "warning",
                    "message": "Skriv, hvordan I har overvejet den",
                },
            ],
            tasks=[
                {
                    "url": "#",
                    "label": "Udfordringer og formål",
                    "state": "Udfyldt",
                    "tone": "success",
                },
                {
                    "url": "#",
                    "label": "Effekt og tiltag",
                    "state": "I gang",
                    "tone": "info",
                    "hint": "2 af 3 svar",
                },
                {"url": "#", "label": "Deltagere", "state": "Mangler noget", "tone": "warning"},
                {"label": "Tjek dine svar", "state": "Ikke begyndt"},
            ],
            rows=[
                {"label": "Titel", "value": LONG, "url": "#"},
                {"label": "Formål", "value": TEXT, "prose": True, "url": "#"},
                {
                    "label": "Deltagere",
                    "value": ["Aarhus Kommune", "Region Midtjylland"],
                    "url": "#",
                },
                {"label": "Budget", "value": "", "url": "#"},
                {"label": "Egenbetaling", "value": 0},
            ],
            events=[{**event, "note": TEXT}, event],
            bars=[
                {"label": "Realdania", "value": 1_500_000, "text": "1.500.000 kr."},
                {
                    "label": "Region Midtjylland",
                    "value": 750_000,
                    "text": "750.000 kr.",
                    "tone": "2",
                },
                {"label": "Egen tid", "value": 0, "text": "0 kr.", "tone": "3"},
            ],
            groups=[
                {"codes": ["751", "461", "350"], "label": "Deltagere", "tone": "1"},
                {"codes": ["101"], "label": "Følger med", "tone": "2"},
            ],
            threads=[
                {
                    "id": 1,
                    "by": "Anders Juhl",
                    "role": "DGO-rådgiver",
                    "at": TODAY,
                    "text": TEXT,
                    "about": {"url": "#", "label": "Effekt og tiltag"},
                    "answers": [
                        {"by": "Mette Sørensen", "at": TODAY, "text": "Godt set. Vi retter det."}
                    ],
                    "answer_url": "/svar/",
                    "answer_form": AnswerForm(prefix="svar-1"),
                    "resolve_url": "/afklar/",
                },
                {
                    "id": 2,
                    "by": "Lone Bak",
                    "at": TODAY,
                    "text": "Afklaret.",
                    "answers": [],
                    "is_resolved": True,
                },
            ],
        ),
    )


@login_not_required
def list_page(request: HttpRequest) -> HttpResponse:
    page = Paginator(range(312), 25).get_page(request.GET.get("page", 5))
    return render(
        request,
        "gallery/list.html",
        frame(
            page=page,
            query=request.GET,
            form=FilterForm(request.GET),
            sort=request.GET.get("sort", "titel"),
            title=LONG,
            findings=["Aarhus Kommune", "Aabenraa Kommune"],
            deadline=DEADLINE,
            today=TODAY,
        ),
    )


@login_not_required
def confirm_page(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "gallery/confirm.html",
        frame(form=AnswerForm(), demo=False, identity=None, navigation=[]),
    )


urlpatterns = [
    path("galleri/form/", form_page),
    path("galleri/fejl/", error_page),
    path("galleri/forslag/", proposal_page),
    path("galleri/liste/", list_page),
    path("galleri/bekraeft/", confirm_page),
    # The frame's own links lead into the portal.
    *urls.urlpatterns,
]
