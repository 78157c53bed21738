"""What people type about themselves and what the secretariat types about others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.text import capfirst

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout

from klimaspor.accounts.models import (
    AUTHORITY_KINDS,
    Dgo,
    Membership,
    Organization,
    OrganizationKind,
    Role,
)
from klimaspor.fields import (
    AddressField,
    DanishDateField,
    LineField,
    PlainTextField,
    TypedField,
    value_text,
)
from klimaspor.mail.models import Contact
from klimaspor.seen import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NOT_AN_ADDRESS = "Indtast en mailadresse, fx navn@eksempel.dk"
NOT_DOMAINS = "Indtast maildomæner som eksempelkommune.dk med komma imellem"
validate_domain = DomainNameValidator()
TYPED_KINDS = [
    (kind.value, capfirst(kind.label)) for kind in OrganizationKind if kind not in AUTHORITY_KINDS
]
STAFF_ROLES = [(role.value, capfirst(role.label)) for role in Role if role != Role.MEMBER]


def _name_field(label: str = "Navn", *, required: str, most: int = 150) -> LineField:
    return LineField(
        label=label,
        max_length=most,
        error_messages={
            "required": required,
            "max_length": "Navnet må højst være på %(limit_value)d tegn",
        },
    )


def _email_field(label: str, *, required: str = "", **options: Any) -> AddressField:
    return AddressField(
        label=label,
        max_length=254,
        required=bool(required),
        error_messages={"required": required, "invalid": NOT_AN_ADDRESS},
        **options,
    )


def _phone_field() -> LineField:
    return LineField(
        label="Telefon",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "class": "input-char-11"}),
        error_messages={"max_length": "Telefonnummeret må højst være på %(limit_value)d tegn"},
    )


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    """A form about a row that somebody else may change meanwhile: it says what stands and what came, see `klimaspor.seen`."""

    @property
    def shown_now(self) -> Shown | None:
        """What stands, as it was before anything was typed; nothing where the row is new."""
        if not self.instance.pk:
            return None
        return self._shown(
            {name: self.get_initial_for_field(self.fields[name], name) for name in self.fields}
        )

    @property
    def shown_typed(self) -> Shown:
        return self._shown(self.cleaned_data)

    def _shown(self, values: Mapping[str, Any]) -> Shown:
        return Shown.of_fields(
            *(
                (name, str(self[name].label), value_text(self.fields[name], values[name]))
                for name in self.fields
            )
        )


class ProfileForm(forms.Form):
    name = _name_field(required="Indtast dit navn")
    name.widget.attrs["autocomplete"] = "name"
    phone = _phone_field()


class ActForForm(forms.Form):
    """Whom the person acts for in this session."""

    organization = forms.TypedChoiceField(
        label="Hvem handler du på vegne af lige nu?",
        widget=forms.RadioSelect,
        coerce=int,
        empty_value=None,
        error_messages={"required": "Vælg, hvem du handler på vegne af"},
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]  # the field above


class NewOrganizationForm(forms.Form):
    """An organization that is not on the list."""

    name = _name_field("Organisationens navn", required="Indtast organisationens navn", most=200)
    kind = forms.ChoiceField(
        label="Type",
        choices=TYPED_KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad organisationen er"},
    )


class RefusalForm(forms.Form):
    reason = PlainTextField(
        label="Begrundelse",
        max_length=1000,
        help_text="Personen får den at læse i et brev.",
        error_messages={"required": "Indtast begrundelsen"},
    )


class TwoStepResetForm(forms.Form):
    how_known = PlainTextField(
        label="Hvordan har du genkendt personen?",
        max_length=1000,
        help_text="Fx: Jeg ringede til det nummer, der står her, og talte med hende. "
        "Personen og sekretariatet får det at læse i et brev.",
        error_messages={"required": "Skriv, hvordan du har genkendt personen"},
    )


class RequestForm(forms.Form):
    """What the secretariat answers somebody who asked for an organization."""

    NEW, KNOWN, REFUSE = "ny", "kendt", "nej"

    answer = forms.ChoiceField(
        label="Svar",
        widget=forms.RadioSelect,
        choices=[
            (NEW, "Sæt den på listen, og bekræft tilknytningen"),
            (KNOWN, "Den står der under et andet navn. Bekræft tilknytningen til den"),
            (REFUSE, "Nej"),
        ],
        error_messages={"required": "Vælg et svar"},
    )
    name = LineField(label="Navn på listen", max_length=200, required=False)
    kind = forms.ChoiceField(label="Type", choices=TYPED_KINDS, required=False)
    organization = forms.ModelChoiceField(
        label="Hvilken er det?",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="Vælg organisation",
        help_text="Kun når den står på listen under et andet navn.",
    )
    reason = PlainTextField(
        label="Begrundelse",
        max_length=1000,
        required=False,
        help_text="Kun når svaret er nej. Personen får den at læse i et brev.",
    )
    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.by_name()  # type: ignore[attr-defined]  # the field above

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        answer = cleaned.get("answer")
        if answer == self.NEW and not cleaned.get("name"):
            self.add_error("name", "Indtast det navn, organisationen skal have på listen")
        if answer == self.KNOWN and not cleaned.get("organization") and "organization" in cleaned:
            self.add_error("organization", "Vælg den organisation, det er")
        if answer == self.REFUSE and not cleaned.get("reason"):
            self.add_error("reason", "Indtast begrundelsen")
        return cleaned


class InvitationForm(forms.Form):
    email = _email_field("Mailadresse", required="Indtast mailadressen")
    name = LineField(
        label="Navn",
        max_length=150,
        required=False,
        error_messages={"max_length": "Navnet må højst være på %(limit_value)d tegn"},
    )
    role = forms.ChoiceField(
        label="Rolle",
        choices=STAFF_ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg en rolle", "invalid_choice": "Vælg en rolle"},
    )
    dgos = forms.ModelMultipleChoiceField(
        label="DGO'er",
        queryset=Dgo.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Kun for DGO-rådgivere. En rådgiver kan være i flere.",
    )
    organization = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="Vælg organisation",
        help_text="Bidragyderen for en repræsentant. For et medlem af forretningsudvalget: den, medlemmet kommer fra.",
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dgos"].queryset = Dgo.objects.valid(today).by_name()  # type: ignore[attr-defined]  # the field above
        self.fields["organization"].queryset = Organization.objects.unended(today).by_name()  # type: ignore[attr-defined]  # the field above

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        role, organization = cleaned.get("role"), cleaned.get("organization")
        if role != Role.DGO_ADVISER and cleaned.get("dgos"):
            self.add_error("dgos", "Vælg kun DGO'er for en DGO-rådgiver")
        if role == Role.DGO_ADVISER and not cleaned.get("dgos") and "dgos" in cleaned:
            self.add_error("dgos", "Vælg mindst én DGO")
        if role == Role.FUNDER and organization is None and "organization" in cleaned:
            self.add_error("organization", "Vælg den bidragyder, personen repræsenterer")
        elif role == Role.FUNDER and organization and not organization.is_funder:
            self.add_error("organization", "Vælg en organisation, der er bidragyder")
        elif role not in (Role.FUNDER, Role.COMMITTEE) and organization:
            self.add_error(
                "organization",
                "Vælg kun organisation for en bidragyder eller et medlem af forretningsudvalget",
            )
        return cleaned


OPEN_TO_ANYBODY = frozenset(
    (
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.dk",
        "icloud.com",
        "live.dk",
        "mail.dk",
        "me.com",
        "outlook.com",
        "outlook.dk",
        "proton.me",
        "yahoo.com",
        "yahoo.dk",
    )
)
"""Where anybody gets an address, and so no organization's."""


def _read_domains(text: str) -> list[str]:
    typed = [part.strip().lstrip("@").lower() for part in text.replace(";", ",").split(",")]
    domains = [part for part in dict.fromkeys(typed) if part]
    for domain in domains:
        try:
            validate_domain(domain)
        except ValidationError:
            raise ValueError(NOT_DOMAINS) from None
    return domains


class DomainsField(TypedField):
    """What stands after the @ in an organization's own addresses, with commas between."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "open": "Alle kan få en adresse på %(domain)s. Skriv kun domæner, som organisationen selv råder over"
    }

    read = staticmethod(_read_domains)

    def to_python(self, value: Any) -> list[str]:
        domains: list[str] = super().to_python(value) or []
        for domain in domains:
            if domain in OPEN_TO_ANYBODY:
                raise ValidationError(
                    self.error_messages["open"], code="open", params={"domain": domain}
                )
        return domains

    def write(self, value: Any) -> str:
        return ", ".join(value)

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value or "")


class OrganizationForm(RowForm):
    domains = DomainsField(
        label="Maildomæner",
        required=False,
        help_text="Det, der står efter @ i organisationens egne adresser, fx eksempelkommune.dk. Skriv komma mellem "
        "flere. Den, der har bekræftet sådan en adresse, kan svare for organisationen.",
    )
    valid_from_date = DanishDateField(
        about="Gælder fra",
        label="Gælder fra",
        required=False,
        help_text="Tom, hvis den altid har gjort.",
    )
    valid_until_date = DanishDateField(
        about="Gælder til",
        label="Gælder til",
        required=False,
        help_text="Den første dag, hvor den ikke længere findes.",
    )

    class Meta:
        model = Organization
        fields = (
            "name",
            "kind",
            "code",
            "region_code",
            "lies_in",
            "is_funder",
            "domains",
            "valid_from_date",
            "valid_until_date",
            "successor",
        )
        field_classes: ClassVar[dict[str, Any]] = dict.fromkeys(
            ("name", "code", "region_code"), LineField
        )
        error_messages: ClassVar[dict[str, Any]] = {
            "name": {
                "required": "Indtast organisationens navn",
                "max_length": "Navnet må højst være på %(limit_value)d tegn",
            },
            "kind": {"required": "Vælg en type"},
        }
        help_texts: ClassVar[dict[str, str]] = {
            "code": "Kun for kommuner og regioner.",
            "region_code": "Kun for kommuner: den region, kommunen ligger i.",
            "lies_in": "For andre end kommuner og regioner: den kommune, der kunne tælle med i K1, når organisationen "
            "deltager.",
        }
        labels: ClassVar[dict[str, str]] = {
            "is_funder": "Bidragyder: kan give penge til klimaudviklingsspor"
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organization.objects.by_name().apart_from(self.instance.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]  # a choice among rows
        self.fields["lies_in"].queryset = others.of_kind(OrganizationKind.MUNICIPALITY)  # type: ignore[attr-defined]  # the same
        self.fields["lies_in"].empty_label = "Ingen kommune"  # type: ignore[attr-defined]  # the same
        self.fields["successor"].empty_label = "Ingen"  # type: ignore[attr-defined]  # the same
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice
            ("", "Vælg type"),
            *((kind.value, capfirst(kind.label)) for kind in OrganizationKind),
        ]
        for name in ("code", "region_code"):
            self.fields[name].widget.attrs["class"] = "input-char-8"

    def clean_successor(self) -> Organization | None:
        successor: Organization | None = self.cleaned_data["successor"]
        if successor and not self.cleaned_data.get("valid_until_date"):
            raise ValidationError("Indtast også den dag, organisationen bliver afløst")
        return successor


class ContactForm(RowForm):
    """Whom the recipient of any letter may write to and call."""

    email = _email_field("Mailadresse", required="Indtast den adresse, man kan svare til")
    phone = _phone_field()

    class Meta:
        model = Contact
        fields = ("email", "phone")


class DgoForm(RowForm):
    valid_from_date = DanishDateField(about="Gælder fra", label="Gælder fra", required=False)
    valid_until_date = DanishDateField(
        about="Gælder til",
        label="Gælder til",
        required=False,
        help_text="Den første dag, hvor den ikke længere findes.",
    )
    contact_email = _email_field("Kontaktpersonens mailadresse")

    class Meta:
        model = Dgo
        fields = (
            "name",
            "area",
            "behind",
            "contact_name",
            "contact_phone",
            "contact_email",
            "valid_from_date",
            "valid_until_date",
            "municipalities",
        )
        field_classes: ClassVar[dict[str, Any]] = dict.fromkeys(
            ("name", "area", "behind", "contact_name", "contact_phone"), LineField
        )
        widgets: ClassVar[dict[str, Any]] = {"municipalities": forms.CheckboxSelectMultiple}
        labels: ClassVar[dict[str, str]] = {
            "contact_phone": "Kontaktpersonens telefon",
            "municipalities": "Kommuner",
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "name": {"required": "Indtast DGO'ens navn"},
            "area": {"required": "Indtast DGO'ens område, fx Nordjylland"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].queryset = Organization.objects.of_kind(  # type: ignore[attr-defined]  # a choice among rows
            OrganizationKind.MUNICIPALITY
        ).by_name()
        self.fields["contact_phone"].widget.attrs["class"] = "input-char-11"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(name for name in self._meta.fields or () if name != "municipalities"),
            Field("municipalities", wrapper_class="choice-columns"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("valid_from_date"), cleaned.get("valid_until_date")
        if start and end and end <= start:
            self.add_error("valid_until_date", "Slutdatoen skal være efter startdatoen")
        return cleaned


class PeriodForm(RowForm):
    """From when and until when a role is held."""

    optional_fields = ("valid_from_date", "valid_until_date")

    valid_from_date = DanishDateField(
        about="Gælder fra",
        label="Gælder fra",
        required=False,
        help_text="Den første dag, rollen gælder. Tomt: den gælder allerede.",
    )
    valid_until_date = DanishDateField(
        about="Gælder til",
        label="Gælder til",
        required=False,
        help_text="Den første dag, rollen ikke længere gælder. Tomt: indtil den afsluttes.",
    )

    class Meta:
        model = Membership
        fields = ("valid_from_date", "valid_until_date")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("valid_from_date"), cleaned.get("valid_until_date")
        if end and end <= self.today:
            self.add_error(
                "valid_until_date",
                "Vælg en dag efter i dag. Skal rollen ophøre i dag, så afslut den",
            )
        elif start and end and end <= start:
            self.add_error("valid_until_date", "Slutdatoen skal være efter startdatoen")
        return cleaned


class PeopleFilter(forms.Form):
    """Which people are listed."""

    q = LineField(label="Navn eller mailadresse", required=False, max_length=150)
    rolle = forms.ChoiceField(
        label="Rolle",
        required=False,
        choices=[("", "Alle"), *((role.value, capfirst(role.label)) for role in Role)],
    )
    adgang = forms.ChoiceField(
        label="Adgang",
        required=False,
        choices=[("", "Alle"), ("aaben", "Åben"), ("lukket", "Lukket")],
    )
    optional_fields: ClassVar[tuple[str, ...]] = ()


class OrganizationFilter(forms.Form):
    """Which organizations are listed."""

    q = LineField(label="Navn", required=False, max_length=150)
    type = forms.ChoiceField(
        label="Type",
        required=False,
        choices=[
            ("", "Alle"),
            *((kind.value, capfirst(kind.label)) for kind in OrganizationKind),
        ],
    )
    bidragyder = forms.ChoiceField(
        label="Bidragyder", required=False, choices=[("", "Alle"), ("ja", "Ja"), ("nej", "Nej")]
    )
    optional_fields: ClassVar[tuple[str, ...]] = ()


class InvitationFilter(forms.Form):
    """Which invitations are listed."""

    tilstand = forms.ChoiceField(
        label="Tilstand",
        required=False,
        choices=[
            ("", "Alle"),
            ("sendt", "Venter på svar"),
            ("udloebet", "Udløbet"),
            ("taget-imod", "Taget imod"),
            ("trukket", "Trukket tilbage"),
        ],
    )
    optional_fields: ClassVar[tuple[str, ...]] = ()
