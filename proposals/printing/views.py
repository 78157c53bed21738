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

from klimaspor import danish, pdf, unsent, word
from klimaspor.accounts.models import Organization
from klimaspor.excel import reading as excel
from klimaspor.seen import Base, Changed, all_carried
from proposals.answers.content import Content
from proposals.answers.sections import FIELDS
from proposals.drafting import holding
from proposals.drafting.seen import versions
from proposals.line.pages import ProposalPage, is_editable, not_now, send_bytes
from proposals.line.standing import latest_sent
from proposals.participants.steps import Newcomer
from proposals.printing import papers, sheet_writing, steps
from proposals.printing import tables as rows
from proposals.printing import word_reading as printing_word_reading
from proposals.printing import word_writing as wordform
from proposals.printing.forms import Look, WordUpload, sent_values
from proposals.printing.models import VersionPaper
from proposals.reading import imprint
from proposals.reading.texts import reading

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest


PDF = "application/pdf"
LONGEST_NAME = 80


class WordForm(ProposalPage):
    """The form with guidance and what is already written, to write in and read back."""

    permission = "proposals.edit"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        content = Content.of(self.proposal, at=self.at)
        known = self.proposal.field_versions.of_fields([*FIELDS, *TABLES])
        versions = {version.name: version.number for version in known}
        latest = latest_sent(self.user, self.proposal, at=self.at)
        said = imprint.of_live(self.proposal, content, latest, printed_at=self.at)
        return sent(content, "docx", wordform.write_form(content, versions, said=said))


class SheetForm(ProposalPage):
    """Participants and economy as an Excel file, to fill in and read back."""

    permission = "proposals.edit"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        known = self.proposal.field_versions.of_fields(TABLES)
        # Before the rows are read, as with the texts.
        numbers = {version.name: version.number for version in known}
        content = Content.of(self.proposal, at=self.at, rows=[])
        file = sheet_writing.write(self.proposal, numbers)
        return sent(content, "xlsx", file, form="Deltagere og økonomi")


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
            return sent(
                self.content, kind, self.made(self.content), form="rus" if what == "rus" else ""
            )
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
    name = file_name(content, kind, "RUS-skema" if form == "rus" else form)
    return send_bytes(file, name, {"pdf": PDF, "docx": word.MIME, "xlsx": excel.MIME}[kind])


def file_name(content: Content, kind: str, form: str = "") -> str:
    """Give e.g. "KS-2027-0012 Lavbundsjord.docx", without what a disk or a header cannot hold."""
    words = f"{content.number} {form} {content.title}"
    tidy = " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', " ", words).split())
    return f"{tidy[:LONGEST_NAME].rstrip(' .')}.{kind}"


CHANGED = "Et eller flere svar er ændret af en anden, siden du så dem. Der er ikke læst noget ind. Se dem igen nedenfor."
MOST_NOTES = 60
MOST_NAMED = 5
ROWS_STAY = "Bilag og DGO læses ikke ind fra filen. Er de ændret i filen, så ret dem i afsnittene."
TABLES = ("participants", "budget_lines", "financing")
"""The tables that are read in, by the name their rows are marked with."""


class WordPage(ProposalPage):
    """
    Both ways, on one address: the form out, and a file in.

    A file is read, shown as what it would change, and forgotten. The look is itself a form that carries the new texts.
    """

    template_name = "proposals/printing/word.html"
    permission = "proposals.edit"
    heading = "Skriv i Word eller Excel"

    def load(self) -> None:
        # Before the text is read: a newer text under an older number costs a question, the other way round a text.
        self.versions = versions(self.kwargs["number"], [*FIELDS, *TABLES])
        super().load()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return not_now(self)
        typed = unsent.typed_here(request)
        if typed and all_carried(typed):
            return self.look(
                self.sent_look(typed),
                self.sent_tables(typed),
                typed.getlist("note"),
                is_restored=True,
            )
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
        # In a file from another proposal the numbers are about other texts.
        made_from = reading.versions if is_own else {}
        look = Look(
            proposal=self.proposal,
            read=reading.answers,
            known=self.versions,
            made_from=made_from,
        )
        tables = self.tables(reading.cells, made_from)
        return self.look(look, tables, _notes(reading, look, tables, is_own=is_own))

    def take(self) -> HttpResponse:
        sent = self.request.POST
        look, tables, notes = self.sent_look(sent), self.sent_tables(sent), sent.getlist("note")
        if not look.rows and not tables.items:
            # A press before this one has taken it in.
            messages.success(self.request, "Filen er allerede læst ind.")
            return redirect(self.url("tasks"))
        if wrong := _wrong(look, tables):
            look.add_error(None, wrong)
            return self.look(look, tables, notes)
        try:
            steps.take_in(
                proposal_pk=self.proposal.pk,
                answers={row.name: row.answers for row in look.chosen},
                bases=all_carried(sent),
                people=_people(tables),
                budget=tables.lines("budget_lines"),
                financing=tables.lines("financing"),
                by=self.user,
                at=self.at,
            )
        except holding.NotEditable:
            self.proposal.refresh_from_db()
            return not_now(self)
        except Changed as refusal:
            self.load()
            changed = set(refusal.bases)
            look, tables = self.sent_look(sent, changed=changed), self.sent_tables(sent, changed)
            look.add_error(None, CHANGED)
            return self.look(look, tables, notes)
        except ValidationError as refusal:
            # Of whatever table: the look has no field of that name.
            look.add_error(None, ValidationError(refusal.messages))
            return self.look(look, tables, notes)
        said = [
            danish.count_text(number, one, more)
            for number, one, more in (
                (len(look.chosen), "svar", "svar"),
                (len(tables.chosen), "række", "rækker"),
            )
            if number
        ]
        messages.success(self.request, f"{danish.join_text(said)} er læst ind fra filen.")
        return redirect(self.url("tasks"))

    def tables(
        self, cells: Any, made_from: dict[str, int], sent: rows.Sent | None = None
    ) -> rows.Tables:
        valid = Organization.objects.valid(danish.day_of(self.at))
        return rows.Tables(
            proposal=self.proposal,
            cells=cells,
            known=self.versions,
            organizations=valid if cells.get("participants") else (),
            made_from=made_from,
            sent=sent,
        )

    def sent_tables(self, sent: Any, changed: Collection[str] = ()) -> rows.Tables:
        """Make the tables anew from what the look carried."""
        choices = rows.sent_choices(sent, changed=changed)
        return self.tables(rows.sent_cells(sent), rows.sent_versions(sent), choices)

    def sent_look(self, sent: Any, *, changed: set[str] | frozenset[str] = frozenset()) -> Look:
        """Make the look anew from what its own form carried."""
        return Look(
            proposal=self.proposal,
            read={name: sent_values(sent, name) for name in _bases(sent)},
            known=self.versions,
            taken=sent.getlist("take"),
            changed=changed,
        )

    def look(self, look: Look, tables: rows.Tables, notes: list[str], **more: Any) -> HttpResponse:
        return self.show(
            template="proposals/printing/word_look.html",
            look=look,
            tables=tables,
            has_changes=bool(look.rows or tables.items),
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
            "sheet_url": self.url("sheet_form"),
        }

    def crumbs(self) -> list[tuple[str | None, str]]:
        return [*super().crumbs()[:-1], (self.url("tasks"), "Dit forslag"), (None, self.heading)]


def _bases(sent: Any) -> dict[str, Base]:
    """Give what the look showed of each answer; what is no question of the form is not asked."""
    return {name: base for name, base in all_carried(sent).items() if name in FIELDS}


def _wrong(look: Look, tables: rows.Tables) -> str:
    """Say what stands in the way of taking in what is chosen, if anything."""
    if not look.chosen and not tables.chosen:
        return "Sæt kryds ved mindst ét svar eller én række, der skal læses ind"
    if any(row.is_problem for row in look.chosen):
        return "Ret de svar, der ikke kan læses, eller fjern krydset ved dem. Der er ikke læst noget ind"
    if open_labels := [item.label for item in tables.chosen if item.is_unchosen]:
        return (
            f"Vælg ved {danish.join_text(open_labels[:MOST_NAMED])}, eller fjern krydset. "
            "Der er ikke læst noget ind"
        )
    for name in ("budget_lines", "financing"):
        if len(tables.lines(name) or ()) > rows.MOST_LINES:
            return (
                f"{rows.TITLES[name]} kan højst have {rows.MOST_LINES} linjer. Fjern nogle kryds. "
                "Der er ikke læst noget ind"
            )
    return ""


def _people(tables: rows.Tables) -> steps.People | None:
    """Give what is to be done with who takes part, when something is chosen of it."""
    unit = tables.unit("participants")
    if unit is None:
        return None
    return steps.People(
        [_newcomer(item) for item in unit.chosen if item.state in (rows.NEW, rows.DOUBT)],
        [(item.act[0].pk, *item.act[1:]) for item in unit.chosen if item.state == rows.CHANGED],
        [item.act.pk for item in unit.chosen if item.state == rows.GONE],
    )


def _newcomer(item: rows.Item) -> steps.NewParticipant:
    role, found, typed = item.act
    organization = found.get(item.chosen) if item.options else found
    named = {} if organization else {"typed_name": typed.name, "typed_kind": item.chosen}
    return steps.NewParticipant(
        Newcomer(role, organization, **named), typed.contact_name or "", typed.contact_email or ""
    )


def _notes(
    reading: printing_word_reading.Reading, look: Look, tables: rows.Tables, *, is_own: bool
) -> list[str]:
    """Say what of the file is not read in, and why."""
    notes = []
    if reading.number and not is_own:
        notes.append(f"Filen er hentet fra et andet forslag, {reading.number}.")
    if reading.left_out:
        notes.append(f"Filen har {danish.join_text(reading.left_out)}, som ikke læses ind.")
    notes += reading.unread
    notes += [note for unit in tables.units for note in unit.notes]
    if reading.kind == printing_word_reading.FORM:
        notes.append(ROWS_STAY)
        missing = look.missing()
        if missing:
            notes.append(
                f"De her spørgsmål står ikke i filen og bliver ikke ændret: {'; '.join(missing)}"
            )
    elif reading.kind == printing_word_reading.RUS:
        notes.append(
            "Filen er RUS-skemaet. Deltagere og beløb læses ikke ind som tal: skriv dem under Deltagere og Økonomi. "
            "Det, der kun findes i Klimaspors skema, bliver ikke ændret."
        )
    return notes
