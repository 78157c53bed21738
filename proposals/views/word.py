"""The proposal in Word: the form to fetch, and a file read back after a look at what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from klimaspor import danish, unsent
from proposals import drafting, wordform
from proposals.forms.word import Look, WordUpload
from proposals.sections import FIELDS
from proposals.views.pages import ProposalPage, is_editable, not_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from proposals.models import FieldVersion

SEEN = "seen-"
MOST_NOTES = 60
LARGEST_VERSION = 9
ROWS_STAY = (
    "Deltagere, økonomilinjer, bilag og DGO læses ikke ind fra filen: de vælges og lægges sammen på siden. "
    "Er de ændret i filen, så ret dem i afsnittene."
)


class WordPage(ProposalPage):
    """
    Both ways, on one address: the form out, and a file in.

    A file is read, shown as what it would change, and forgotten. The look is itself a form that carries the new texts.
    """

    template_name = "proposals/word.html"
    permission = "proposals.edit"
    heading = "Skriv i Word"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return not_now(self)
        typed = unsent.take(request)
        if typed and any(name.startswith(SEEN) for name in typed):
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
            known=self.versions(),
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
            drafting.take_answers(
                proposal_pk=self.proposal.pk,
                answers={row.name: row.answers for row in look.chosen},
                seen=_seen(self.request.POST),
                by=self.user,
                at=self.at,
            )
        except drafting.NotEditable:
            self.proposal.refresh_from_db()
            return not_now(self)
        except drafting.Changed as refusal:
            self.proposal.refresh_from_db()
            changed = {version.name for version in refusal.versions}
            look = self.sent_look(self.request.POST, changed=changed)
            look.add_error(None, str(refusal))
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
            read={name: sent.getlist(name) for name in _seen(sent)},
            known=self.versions(),
            taken=sent.getlist("take"),
            changed=changed,
        )

    def versions(self) -> Mapping[str, FieldVersion]:
        known = self.proposal.field_versions.of_fields(FIELDS).with_people()
        return {version.name: version for version in known}

    def look(self, look: Look, notes: list[str], **more: Any) -> HttpResponse:
        return self.show(
            template="proposals/word_look.html",
            look=look,
            notes=notes[:MOST_NOTES],
            same=len(look.same),
            slip=unsent.slip(self.request),
            slip_name=unsent.SLIP,
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


def _seen(sent: Any) -> dict[str, int]:
    """Give which version of each answer the look was about; what is no question of the form is not asked."""
    numbers = {name: sent.get(SEEN + name, "") for name in FIELDS}
    return {
        name: int(number)
        for name, number in numbers.items()
        if number.isdecimal() and number.isascii() and len(number) <= LARGEST_VERSION
    }


def _notes(reading: wordform.Reading, look: Look, *, is_own: bool) -> list[str]:
    """Say what of the file is not read in, and why."""
    notes = []
    if reading.number and not is_own:
        notes.append(f"Filen er hentet fra et andet forslag, {reading.number}.")
    if reading.left_out:
        notes.append(f"Filen har {danish.join_text(reading.left_out)}, som ikke læses ind.")
    notes += reading.unread
    if reading.kind == wordform.FORM:
        notes.append(ROWS_STAY)
        missing = look.missing()
        if missing:
            notes.append(
                f"De her spørgsmål står ikke i filen og bliver ikke ændret: {'; '.join(missing)}"
            )
    else:
        notes.append(
            "Filen er RUS-skemaet. Deltagere og beløb læses ikke ind som tal: skriv dem under Deltagere og Økonomi. "
            "Det, der kun findes i klimaspors skema, bliver ikke ændret."
        )
    return notes
