"""A new note on the case, and the correction of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404

from klimaspor import danish
from proposals.answers import privacy
from proposals.line.addresses import history_address
from proposals.line.pages import StepPage
from proposals.notes import steps as notes
from proposals.notes.forms import NewNoteForm, NoteForm
from proposals.notes.seen import shown_note

if TYPE_CHECKING:
    from klimaspor.seen import Shown
    from proposals.notes.models import Note


class _Writing(StepPage):
    template_name = "proposals/notes/note.html"
    permission = "proposals.note"
    button = "Gem notatet"

    def success_url(self) -> str:
        return f"{history_address(self.proposal.number)}#notater"

    def cancel_url(self) -> str:
        return history_address(self.proposal.number)

    def warn_of_cpr(self, form: NoteForm) -> None:
        if danish.has_cpr_number(form.cleaned_data["text"]):
            messages.warning(self.request, privacy.COMMENT_WARNING)


class NewNote(_Writing):
    makes = True
    heading = "Skriv et notat"

    def form(self, data: Any = None) -> NewNoteForm:
        initial = {"held_date": danish.day_of(self.at)}
        return NewNoteForm(data, is_adviser=self.standing.is_among_advisers, initial=initial)

    def act(self, form: NewNoteForm) -> str:
        said = {name: form.cleaned_data[name] for name in notes.SAID}
        notes.write(
            proposal_pk=self.proposal.pk,
            circle=form.chosen_circle,
            by=self.user,
            at=self.at,
            **said,
        )
        self.warn_of_cpr(form)
        return "Notatet er gemt på sagen."


class CorrectNote(_Writing):
    heading = "Ret notatet"

    def load(self) -> None:
        super().load()
        found = self.proposal.notes.readable_by(self.standing).select_related(
            "created_by", "edited_by"
        )
        self.note: Note = get_object_or_404(found, pk=self.kwargs["pk"])
        if self.note.created_by_id != self.user.pk:
            # Others read it, and have no page of it.
            raise Http404

    def shown_now(self) -> Shown:
        return shown_note(self.note)

    def form(self, data: Any = None) -> NoteForm:
        return NoteForm(data, initial={name: getattr(self.note, name) for name in notes.SAID})

    def act(self, form: NoteForm) -> str:
        said = {name: form.cleaned_data[name] for name in notes.SAID}
        notes.correct(note_pk=self.note.pk, bases=self.bases, by=self.user, at=self.at, **said)
        self.warn_of_cpr(form)
        return "Notatet er rettet. Det, der stod før, kan stadig læses."
