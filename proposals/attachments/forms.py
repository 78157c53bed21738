"""What is typed about the files that go with a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from klimaspor import danish, seen, uploads
from klimaspor.fields import LineField
from proposals.attachments.seen import shown_attachment, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.attachments.models import Attachment

MAX_TITLE = 150
MAX_REASON = 300
MISSING_REASON = "Skriv, hvorfor bilaget er fortroligt"
REASON_TOO_LONG = "Begrundelsen må højst være på %(limit_value)d tegn"
TITLE_TOO_LONG = "Navnet må højst være på %(limit_value)d tegn"
CHOOSE_AGAIN = "Filen er ikke gemt endnu. Vælg den igen, når du har rettet resten"
MISSING_FILE = "Vælg den fil, du vil vedlægge"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives the files that are taken in, each with its kind, and what was wrong with the others."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data or []
        taken, refused = [], []
        if sum(file.size for file in given) > uploads.MAX_SENT_BYTES:
            raise ValidationError(
                f"Filerne må højst fylde {_megabytes(uploads.MAX_SENT_BYTES)} tilsammen. Send dem ad flere gange"
            )
        for one in given:
            try:
                taken.append((super().clean(one, initial), _kind_of(one)))
            except ValidationError as refusal:
                which = f"{one.name}: " if len(given) > 1 else ""
                refused += [f"{which}{text}" for text in refusal.messages]
        return taken, refused


def _kind_of(file: Any) -> uploads.Kind:
    if file.size > uploads.MAX_BYTES:
        raise ValidationError(
            f"Filen må højst fylde {_megabytes(uploads.MAX_BYTES)}. Gør den mindre, eller del den i to"
        )
    try:
        return uploads.recognize(file)
    except uploads.Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _megabytes(count: int) -> str:
    return f"{count // uploads.MEGABYTE} MB"


class AttachmentForm(forms.Form):
    """
    Files to go with the proposal: judged by what is in them, never by their names.

    Those that can be taken are taken, also when others cannot; `refused` says why.
    """

    file = FilesField(
        label="Vælg en eller flere filer",
        help_text=(
            f"{uploads.TAKEN}. Højst {_megabytes(uploads.MAX_BYTES)} pr. fil og "
            f"{_megabytes(uploads.MAX_SENT_BYTES)} ad gangen. Der kan være {uploads.MAX_FILES} bilag. "
            "Filer med adgangskode eller makroer tager vi ikke imod."
        ),
        required=False,
        widget=FilesInput(attrs={"accept": uploads.ACCEPT}),
        error_messages={
            "required": MISSING_FILE,
            "empty": "Filen er tom. Vælg en anden fil",
            "invalid": "Filen kunne ikke læses. Vælg den igen",
            "max_length": "Filens navn må højst være på %(max)d tegn. Giv den et kortere navn, og vælg den igen",
        },
        max_length=200,
    )
    title = LineField(
        label="Bilagets navn",
        help_text="Skriver du ikke et navn, bruger vi filnavnet. Vælger du flere filer, får de hver et tal efter navnet.",
        required=False,
        max_length=MAX_TITLE - 3,
        error_messages={"max_length": TITLE_TOO_LONG},
    )
    is_confidential = forms.BooleanField(
        label="Bilaget er fortroligt",
        help_text="Så læses det kun af jer, jeres DGO, sekretariatet og forretningsudvalget.",
        required=False,
    )
    confidential_reason = LineField(
        label="Hvorfor er det fortroligt?",
        help_text="Skal kun udfyldes, hvis bilaget er fortroligt. Vises for dem, der kan læse bilaget.",
        required=False,
        max_length=MAX_REASON,
        error_messages={"max_length": REASON_TOO_LONG},
    )
    optional_fields: ClassVar[tuple[str, ...]] = ("title",)

    taken: list[tuple[Any, uploads.Kind]]
    """The files that can be taken in."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.taken, refused = given.pop("file", ([], []))
        for text in refused:
            self.add_error("file", text)
        if given.get("title") and not self.taken and "file" not in self.errors:
            self.add_error("file", "Vælg den fil, der hører til navnet")
        if given.get("is_confidential") and not given.get("confidential_reason"):
            self.add_error("confidential_reason", MISSING_REASON)
        if self.taken and not self.may_take:
            # No browser keeps a chosen file when the page comes back.
            self.add_error("file", CHOOSE_AGAIN)
        return given

    @property
    def may_take(self) -> bool:
        """Whether only some of the files are wrong, and nothing that is said about them."""
        return self.is_bound and not set(self.errors) - {"file"}

    def titles(self) -> list[str]:
        """Give each file that is taken in its name."""
        title = self.cleaned_data["title"]
        if not title:
            return [_name_of(file.name) for file, _ in self.taken]
        if len(self.taken) == 1:
            return [title]
        return [f"{title} {number}" for number, _ in enumerate(self.taken, 1)]


def _name_of(file_name: str) -> str:
    name = danish.one_line(file_name.rpartition(".")[0] or file_name)
    return name[:MAX_TITLE] or "Bilag"


class AttachmentsForm(forms.Form):
    """
    What the files that are there are called, and which are confidential; `changes` is what is new.

    `bases` are what the page showed of each, by the file's key.
    """

    optional_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, attachments: Iterable[Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attachments = list(attachments)
        self.bases: dict[int, seen.Base] = {
            one.pk: seen.carried(self.data, unit_of(one))
            if self.is_bound
            else shown_attachment(one).base_of(unit_of(one))
            for one in self.attachments
        }
        for one in self.attachments:
            self.fields[f"title-{one.pk}"] = LineField(
                label="Bilagets navn",
                initial=one.title,
                required=False,
                max_length=MAX_TITLE,
                error_messages={"max_length": TITLE_TOO_LONG},
            )
            self.fields[f"is_confidential-{one.pk}"] = forms.BooleanField(
                label="Bilaget er fortroligt", initial=one.is_confidential, required=False
            )
            self.fields[f"confidential_reason-{one.pk}"] = LineField(
                label="Hvorfor er det fortroligt?",
                initial=one.confidential_reason,
                required=False,
                max_length=MAX_REASON,
                error_messages={"max_length": REASON_TOO_LONG},
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for one in self.attachments:
            title, reason = f"title-{one.pk}", f"confidential_reason-{one.pk}"
            if title in self.data and title not in self.errors and not given[title]:
                self.add_error(title, "Indtast bilagets navn")
            is_closed = given.get(f"is_confidential-{one.pk}")
            if is_closed and reason not in self.errors and not given[reason]:
                self.add_error(reason, MISSING_REASON)
        return given

    @property
    def changes(self) -> dict[int, dict[str, Any]]:
        """Give what each file whose line was on the page and is in order now says of itself."""
        found = {}
        for one in self.attachments:
            names = ("title", "is_confidential", "confidential_reason")
            keys = [f"{name}-{one.pk}" for name in names]
            if keys[0] not in self.data or set(keys) & set(self.errors):
                continue
            about = dict(zip(names, (self.cleaned_data[key] for key in keys), strict=True))
            if about != {name: getattr(one, name) for name in names}:
                found[one.pk] = about
        return found

    def saw(self, attachment_pk: int, base: seen.Base) -> None:
        """Remember that the page now shows this of a file."""
        self.bases[attachment_pk] = base

    def carried(self, attachment: Attachment) -> dict[str, str]:
        """Give what the page carries, hidden, of one file."""
        return seen.hidden({unit_of(attachment): self.bases.get(attachment.pk, seen.UNSEEN)})

    def of(self, attachment: Attachment) -> list[forms.BoundField]:
        """Give the fields of one file."""
        names = ("title", "is_confidential", "confidential_reason")
        return [self[f"{name}-{attachment.pk}"] for name in names]
