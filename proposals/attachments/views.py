"""The section with the files that go with the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError

from klimaspor import danish, uploads
from klimaspor.seen import Changed, all_carried
from proposals.attachments import steps as drafting
from proposals.attachments.files import OPEN_STATES, scan_text
from proposals.attachments.forms import MISSING_FILE, AttachmentForm, AttachmentsForm
from proposals.attachments.models import ScanState
from proposals.drafting.pages import SectionPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from proposals.answers.content import Content
    from proposals.attachments.models import Attachment

CHANGED = (
    "Bilaget er ændret, efter du åbnede siden, og står nu som {text}. "
    "Ret dit, eller gem igen, hvis dit skal stå"
)
MOVES = {"up": -1, "down": 1}
ORDER_CHANGED = "Rækkefølgen er ændret: {title} er nu bilag {number}."


class AttachmentsPage(SectionPage):
    template_name = "proposals/attachments/attachments.html"
    slug = "bilag"

    def row_forms(self, data: Any) -> dict[str, Any]:
        self.listed: list[Attachment] = self._present()
        files = self.request.FILES if self.request.method == "POST" else None
        return {
            "upload": AttachmentForm(data, files),
            "rows": AttachmentsForm(data, attachments=self.listed),
        }

    def _present(self) -> list[Attachment]:
        return list(self.proposal.attachments.present().listed())

    def save_rows(self, rows: dict[str, Any]) -> str | None:
        upload, changed = rows["upload"], rows["rows"]
        changed.is_valid()
        upload.is_valid()
        saved = [self._change(changed, pk, values) for pk, values in changed.changes.items()]
        act, _, key = self.pressed.partition(":")
        sentences = [self._on_one(act, key)] if key else []
        if upload.may_take and upload.taken:
            sentences += self._add(upload)
        elif act == "upload" and not upload.errors:
            upload.add_error("file", MISSING_FILE)
        if any(saved) and not sentences:
            sentences = ["Bilagene er gemt."]
        if upload.errors or changed.errors:
            for text in sentences:
                messages.success(self.request, text)
            return None
        return " ".join(sentences)

    def _change(self, changed: AttachmentsForm, pk: int, values: dict[str, Any]) -> bool:
        """Save what is said of a file, unless somebody has said something else since; say whether it was saved."""
        try:
            base = drafting.change_attachment(
                proposal_pk=self.proposal.pk,
                attachment_pk=pk,
                bases=all_carried(self.request.POST),
                by=self.user,
                at=self.at,
                **values,
            )
        except Changed as refusal:
            [(_, base)] = refusal.bases.items()
            [stands] = refusal.shown_now
            changed.add_error(f"title-{pk}", CHANGED.format(text=stands.text))
        if base:
            # It has been seen now, and the next press is about it.
            changed.saw(pk, base)
        return base is not None and f"title-{pk}" not in changed.errors

    def _on_one(self, act: str, key: str) -> str:
        """Do what the button beside one of the files says."""
        one = next((a for a in self.listed if str(a.pk) == key), None)
        if one is None:
            return "Bilaget er ikke på listen mere."
        if act in MOVES:
            number = drafting.move_attachment(
                proposal_pk=self.proposal.pk,
                attachment_pk=one.pk,
                places=MOVES[act],
                by=self.user,
                at=self.at,
            )
            return ORDER_CHANGED.format(title=one.title, number=number)
        if act == "remove":
            drafting.remove_attachment(
                proposal_pk=self.proposal.pk, attachment_pk=one.pk, by=self.user, at=self.at
            )
            return f"{one.title} er fjernet. Versioner, det er sendt med, har det stadig."
        if act == "scan":
            drafting.scan_again(
                proposal_pk=self.proposal.pk, attachment_pk=one.pk, by=self.user, at=self.at
            )
            return f"{one.title} bliver scannet for virus igen."
        return ""

    def _add(self, upload: AttachmentForm) -> list[str]:
        added, there = [], []
        for (file, kind), title in zip(upload.taken, upload.titles(), strict=True):
            try:
                attachment = drafting.add_attachment(
                    proposal_pk=self.proposal.pk,
                    title=title,
                    file=file,
                    file_name=file.name,
                    content_type=kind.mime,
                    is_confidential=upload.cleaned_data["is_confidential"],
                    confidential_reason=upload.cleaned_data["confidential_reason"],
                    by=self.user,
                    at=self.at,
                )
                added.append(attachment)
            except drafting.AlreadyAttached as refusal:
                there.append(f"{file.name} er allerede vedlagt som {refusal.attachment.title}.")
            except drafting.TooManyAttachments as refusal:
                upload.add_error("file", ValidationError(str(refusal)))
                break
        sentences = (
            [f"{danish.join_text([one.title for one in added])} er tilføjet."] if added else []
        )
        if any(one.scan_state == ScanState.PENDING for one in added):
            sentences.append("Nye filer bliver scannet for virus, før de kan hentes.")
        return [*sentences, *there]

    def success_url(self) -> str:
        here = super().success_url()
        act, _, key = self.pressed.partition(":")
        if not key:
            return f"{here}#bilagsliste" if act == "upload" else here
        pks = [str(one.pk) for one in self.listed]
        if act == "remove" and key in pks:
            # One goes on at the file after it, else at the one before.
            place = pks.index(key)
            key = next(iter(pks[place + 1 :] or reversed(pks[:place])), "")
        return f"{here}#bilag-{key}" if key in pks else f"{here}#bilagsliste"

    def lost(self, typed: Any) -> HttpResponse:
        """Say also which files were not kept: they are on the writer's own computer still."""
        names = [file.name for file in self.request.FILES.getlist("file")]
        return self.show(
            template="proposals/drafting/lost.html",
            status=409,
            texts=[("Filer, der ikke er gemt her", "\n".join(f"- {name}" for name in names))]
            if names
            else [],
        )

    def show(self, **more: Any) -> HttpResponse:
        # What was taken in is said by name.
        return super().show(**{**more, "is_partly_saved": False})

    def rows_shown(self, content: Content, forms: dict[str, Any]) -> dict[str, Any]:
        upload, changed = forms["upload"], forms["rows"]
        listed = self._present() if changed.is_bound else self.listed
        if changed.is_bound and not changed.errors:
            changed = AttachmentsForm(attachments=listed)
        shown: list[dict[str, Any]] = []
        number = 0
        for one in listed:
            is_infected = one.scan_state == ScanState.INFECTED
            number += not is_infected
            fields = changed.of(one) if one in changed.attachments and not is_infected else []
            shown.append(
                {
                    "row": one,
                    "number": 0 if is_infected else number,
                    "kind": uploads.of_mime(one.content_type),
                    "fields": fields,
                    "carried": changed.carried(one),
                    "is_open": any(field.errors for field in fields),
                    "is_infected": is_infected,
                    "scan": scan_text(one),
                    "may_open": one.scan_state in OPEN_STATES,
                }
            )
        return {
            "attachments": shown,
            "is_full": len(listed) >= uploads.MAX_FILES,
            "most": uploads.MAX_FILES,
            "row_errors": [form for form in (changed, upload) if form.is_bound],
        }
