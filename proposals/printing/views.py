"""
The proposal as a file to keep: the form for Word, the full print and the regions' form, each in the text its reader reads.

The look at a Word file stores nothing: it is a form that carries the new texts, taken in in one transaction
(`drafting.save_answers`) when nobody has changed one of them since. A file is read, shown and forgotten.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from klimaspor import danish, pdf, unsent, word
from klimaspor.seen import Base, Changed, all_carried
from proposals.answers.content import Content
from proposals.answers.sections import FIELDS
from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.drafting.seen import versions
from proposals.line.pages import FILE_HEADERS, ProposalPage, is_editable, not_now
from proposals.printing import papers
from proposals.printing import word_reading as printing_word_reading
from proposals.printing import word_writing as wordform
from proposals.printing.forms import Look, WordUpload, sent_values
from proposals.printing.models import VersionPaper
from proposals.reading import imprint
from proposals.reading.texts import latest_sent, reading

if TYPE_CHECKING:
    from django.http import HttpRequest


PDF = "application/pdf"
LONGEST_NAME = 80


class WordForm(ProposalPage):
    """The form with guidance and what is already written, to write in and read back."""

    permission = "proposals.edit"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        content = Content.of(self.proposal, at=self.at)
        known = self.proposal.field_versions.of_fields(FIELDS)
        versions = {version.name: version.number for version in known}
        latest = latest_sent(self.user, self.proposal, at=self.at)
        said = imprint.of_live(self.proposal, content, latest, printed_at=self.at)
        return sent(content, "docx", wordform.write_form(content, versions, said=said))


class Print(ProposalPage):
    """What this person reads, whole or as the regions' form, as Word or PDF."""

    template_name = "proposals/printing/busy.html"
    heading = "Hent forslaget"
    kinds = {("forslag", "docx"), ("forslag", "pdf"), ("rus", "docx"), ("rus", "pdf")}

    def load(self) -> None:
        super().load()
        if (self.kwargs["what"], self.kwargs["kind"]) not in self.kinds:
            raise Http404
        content, self.version = reading(self.user, self.proposal, at=self.at)
        if content is None:
            raise Http404
        self.content = content
        if self.version:
            self.said = imprint.of_version(self.version, printed_at=self.at)
            return
        latest = latest_sent(self.user, self.proposal, at=self.at)
        self.said = imprint.of_live(self.proposal, content, latest, printed_at=self.at)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        what, kind = self.kwargs["what"], self.kwargs["kind"]
        if (what, kind) == ("forslag", "pdf") and self.is_set:
            # It has a fingerprint.
            return redirect(self.url("version_pdf", self.said.version))
        try:
            return sent(self.content, kind, self.made(self.content), form=what)
        except pdf.Busy as refusal:
            return self.show(status=503, text=str(refusal), again=request.path)

    @property
    def is_set(self) -> bool:
        """Whether the worker sets what is asked for, which those who write need not wait for."""
        if self.version:
            return True
        of_said = VersionPaper.objects.of(self.proposal, self.said.version)
        return self.said.is_sent and bool(of_said.built().exists())

    def made(self, content: Content) -> bytes:
        what, kind = self.kwargs["what"], self.kwargs["kind"]
        if what == "rus":
            if kind == "docx":
                return wordform.write_rus(content, said=self.said)
            return papers.print_rus(content, said=self.said, reader=self.user)
        if kind == "pdf":
            return papers.print_live(content, said=self.said, reader=self.user)
        return wordform.write_print(content, said=self.said)


def sent(content: Content, kind: str, file: bytes, *, form: str = "") -> HttpResponse:
    """Send a file to be saved under the proposal's number and title: never shown as a page of ours."""
    name = file_name(content, kind, "RUS-skema" if form == "rus" else "")
    return HttpResponse(
        file,
        content_type=PDF if kind == "pdf" else word.MIME,
        headers={
            **FILE_HEADERS,
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
        },
    )


def file_name(content: Content, kind: str, form: str = "") -> str:
    """Give e.g. "KS-2027-0012 Lavbundsjord.docx", without what a disk or a header cannot hold."""
    words = f"{content.number} {form} {content.title}"
    tidy = " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', " ", words).split())
    return f"{tidy[:LONGEST_NAME].rstrip(' .')}.{kind}"


CHANGED = "Et eller flere svar er ændret af en anden, siden du så dem. Der er ikke læst noget ind. Se dem igen nedenfor."
MOST_NOTES = 60
ROWS_STAY = (
    "Deltagere, økonomilinjer, bilag og DGO læses ikke ind fra filen: de vælges og lægges sammen på siden. "
    "Er de ændret i filen, så ret dem i afsnittene."
)


class WordPage(ProposalPage):
    """
    Both ways, on one address: the form out, and a file in.

    A file is read, shown as what it would change, and forgotten. The look is itself a form that carries the new texts.
    """

    template_name = "proposals/printing/word.html"
    permission = "proposals.edit"
    heading = "Skriv i Word"

    def load(self) -> None:
        # Before the text is read: a newer text under an older number costs a question, the other way round a text.
        self.versions = versions(self.kwargs["number"], FIELDS)
        super().load()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return not_now(self)
        typed = unsent.typed_here(request)
        if typed and all_carried(typed):
            return self.look(self.sent_look(typed), typed.getlist("note"), is_restored=True)
        return self.show(form=WordUpload())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return not_now(self)
        return self.take() if request.POST.get("do") == "take" else self.upload()

    def upload(self) -> HttpResponse:
        form = WordUpload(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        reading = form.reading
        is_own = reading.number == self.proposal.number
        look = Look(
            proposal=self.proposal,
            read=reading.answers,
            known=self.versions,
            # In a file from another proposal the numbers are about other texts.
            made_from=reading.versions if is_own else {},
        )
        return self.look(look, _notes(reading, look, is_own=is_own))

    def take(self) -> HttpResponse:
        look, notes = self.sent_look(self.request.POST), self.request.POST.getlist("note")
        if not look.chosen:
            look.add_error(None, "Sæt kryds ved mindst ét svar, der skal læses ind")
            return self.look(look, notes)
        if any(row.is_problem for row in look.chosen):
            look.add_error(
                None,
                "Ret de svar, der ikke kan læses, eller fjern krydset ved dem. Der er ikke læst noget ind",
            )
            return self.look(look, notes)
        try:
            drafting.save_answers(
                proposal_pk=self.proposal.pk,
                answers={row.name: row.answers for row in look.chosen},
                bases=_bases(self.request.POST),
                by=self.user,
                at=self.at,
            )
        except holding.NotEditable:
            self.proposal.refresh_from_db()
            return not_now(self)
        except Changed as refusal:
            self.load()
            look = self.sent_look(self.request.POST, changed=set(refusal.bases))
            look.add_error(None, CHANGED)
            return self.look(look, notes)
        except ValidationError as refusal:
            look.add_error(None, refusal)
            return self.look(look, notes)
        count = danish.count_text(len(look.chosen), "svar er", "svar er")
        messages.success(self.request, f"{count} læst ind fra filen.")
        return redirect(self.url("tasks"))

    def sent_look(self, sent: Any, *, changed: set[str] | frozenset[str] = frozenset()) -> Look:
        """Make the look anew from what its own form carried."""
        return Look(
            proposal=self.proposal,
            read={name: sent_values(sent, name) for name in _bases(sent)},
            known=self.versions,
            taken=sent.getlist("take"),
            changed=changed,
        )

    def look(self, look: Look, notes: list[str], **more: Any) -> HttpResponse:
        return self.show(
            template="proposals/printing/word_look.html",
            look=look,
            notes=notes[:MOST_NOTES],
            same=len(look.same),
            carried={unsent.SLIP: unsent.slip(self.request)},
            **more,
        )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "tasks_url": self.url("tasks"),
            "form_url": self.url("word_form"),
        }

    def crumbs(self) -> list[tuple[str | None, str]]:
        return [*super().crumbs()[:-1], (self.url("tasks"), "Dit forslag"), (None, self.heading)]


def _bases(sent: Any) -> dict[str, Base]:
    """Give what the look showed of each answer; what is no question of the form is not asked."""
    return {name: base for name, base in all_carried(sent).items() if name in FIELDS}


def _notes(reading: printing_word_reading.Reading, look: Look, *, is_own: bool) -> list[str]:
    """Say what of the file is not read in, and why."""
    notes = []
    if reading.number and not is_own:
        notes.append(f"Filen er hentet fra et andet forslag, {reading.number}.")
    if reading.left_out:
        notes.append(f"Filen har {danish.join_text(reading.left_out)}, som ikke læses ind.")
    notes += reading.unread
    if reading.kind == printing_word_reading.FORM:
        notes.append(ROWS_STAY)
        missing = look.missing()
        if missing:
            notes.append(
                f"De her spørgsmål står ikke i filen og bliver ikke ændret: {'; '.join(missing)}"
            )
    else:
        notes.append(
            "Filen er RUS-skemaet. Deltagere og beløb læses ikke ind som tal: skriv dem under Deltagere og Økonomi. "
            "Det, der kun findes i Klimaspors skema, bliver ikke ændret."
        )
    return notes
