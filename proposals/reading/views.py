"""
What was sent as a page, a paper and a difference; what the reader has read; the history of each answer; the files that go with
it; and for everybody the tracks and the example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst

from klimaspor import danish, seen, uploads
from klimaspor.difference import differences, shortened
from klimaspor.pages import Press, PublicPage
from proposals.answers import examples
from proposals.answers.content import Content, answer_text
from proposals.answers.sections import FIELDS, SECTIONS, Kind
from proposals.answers.sums import Grid
from proposals.attachments.files import OPEN_STATES
from proposals.attachments.models import Attachment, ScanState
from proposals.drafting.conflicts import when_text
from proposals.drafting.seen import base_of, versions
from proposals.line.addresses import content_address
from proposals.line.lifecycle import EDITABLE
from proposals.line.models import Proposal
from proposals.line.pages import ProposalPage, StepPage, is_editable, send_file
from proposals.line.standing import readable_versions, standing
from proposals.reading import diff, steps
from proposals.reading.forms import BringBackForm, CompareFilter
from proposals.reading.pages import NOW, READ, answer_label, news_line, sides
from proposals.reading.shown import attachments_shown, shown_sections
from proposals.reading.texts import reads_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from klimaspor.pages import Crumbs
    from proposals.drafting.models import AnswerChange, FieldVersion
    from proposals.drafting.queries import AnswerChangeQuerySet
    from proposals.line.models import Version


class AttachmentFile(ProposalPage):
    """A file to be saved, for whoever reads the text it goes with; one that is confidential only for those who need it."""

    template_name = "proposals/reading/file_withheld.html"
    heading = "Bilag"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        attachment: Attachment = get_object_or_404(
            self.proposal.attachments.all(), pk=self.kwargs["pk"]
        )
        if not self._may_read(attachment):
            raise Http404
        if attachment.scan_state not in OPEN_STATES:
            is_gone = attachment.scan_state == ScanState.INFECTED
            return self.show(status=410 if is_gone else 409, attachment=attachment, is_gone=is_gone)
        return send_file(
            attachment.file, attachment.file_name, uploads.of_mime(attachment.content_type).mime
        )

    def _may_read(self, attachment: Attachment) -> bool:
        to_it = standing(self.user, self.proposal, at=self.at)
        if attachment.is_confidential and not to_it.reads_confidential:
            return False
        if attachment.removed_at is None and reads_live(self.user, self.proposal, at=self.at):
            return True
        sent = readable_versions(self.user, self.proposal, at=self.at)
        return bool(sent.with_attachment(attachment.pk).exists())


class Tracks(PublicPage):
    """Tracks that were set in motion: what the committee approved, and no more of it than anybody may know."""

    template_name = "proposals/reading/tracks.html"

    def context(self) -> dict[str, Any]:
        tracks = []
        for proposal in Proposal.objects.tracks():
            sent = getattr(proposal, "sent_content", None)
            if sent is None:
                continue
            content = Content.from_json(sent)
            tracks.append(
                {
                    "title": content.title,
                    "facts": [
                        {"label": "Status", "value": capfirst(proposal.get_status_display())},
                        {
                            "label": "Kommuner og regioner",
                            "value": danish.join_text([r.name for r in content.authorities]),
                        },
                        {"label": "Periode", "value": _period(content)},
                        {
                            "label": "DGO",
                            "value": proposal.lead_dgo.name if proposal.lead_dgo else "",
                        },
                    ],
                }
            )
        return {"tracks": tracks, "breadcrumbs": [("/", "Forside"), (None, "Klimaudviklingsspor")]}


def _period(content: Content) -> str:
    start, end = content.answer("period_start"), content.answer("period_end")
    return f"{start} - {end}" if start and end else start or end


class Example(PublicPage):
    """A model proposal, filled in whole and made up, to open beside one's own."""

    template_name = "proposals/reading/example.html"

    def context(self) -> dict[str, Any]:
        return {
            "sections": [
                {
                    "slug": section.slug,
                    "title": section.title,
                    "rows": section.rows,
                    "answers": [
                        {
                            "label": question.label,
                            "value": question.example,
                            "prose": question.kind in (Kind.PROSE, Kind.GOALS),
                        }
                        for question in section.fields
                    ],
                }
                for section in SECTIONS
                if section.fields
            ],
            "participants": examples.PARTICIPANTS,
            "budget": _grid(((category,), amounts) for category, _, amounts in examples.BUDGET),
            "financing": _grid(
                ((source, status), amounts) for source, status, amounts in examples.FINANCING
            ),
            "breadcrumbs": [("/", "Forside"), (None, "Et udfyldt eksempel")],
        }


def _grid(lines: Iterable[tuple[tuple[str, ...], Sequence[Decimal]]]) -> Grid:
    """Add up lines of the example, an amount a year, as a proposal's are added up."""
    return Grid.of(
        (heads, year, amount)
        for heads, amounts in lines
        for year, amount in zip(examples.YEARS, amounts, strict=True)
    )


class VersionPage(ProposalPage):
    """What was sent, as it was then."""

    template_name = "proposals/reading/version.html"

    def load(self) -> None:
        super().load()
        sent = readable_versions(self.user, self.proposal, at=self.at)
        self.version: Version = get_object_or_404(sent.with_people(), number=self.kwargs["version"])

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which version
        return f"Version {self.version.number}"

    def context(self) -> dict[str, Any]:
        content = Content.of_version(self.version)
        others = [
            v
            for v in readable_versions(self.user, self.proposal, at=self.at)
            if v.number != self.version.number
        ]
        return {
            **super().context(),
            "version": self.version,
            "content": content,
            "sections": shown_sections(
                content,
                attachments=attachments_shown(
                    content, proposal=self.proposal, user=self.user, at=self.at
                ),
            ),
            "pdf_url": self.url("version_pdf", self.version.number),
            "comparisons": [
                {
                    "url": self.url("compare", *sorted((v.number, self.version.number))),
                    "label": f"Se, hvad der er ændret {'siden' if v.number < self.version.number else 'i'} "
                    f"version {v.number} ({v.get_gate_display()})",
                }
                for v in others
            ],
        }


class VersionPdf(VersionPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        paper = self.version.paper
        if not paper.built_at:
            return self.show(template="proposals/reading/not_built.html", status=404, paper=paper)
        name = f"{self.proposal.number}-version-{self.version.number}.pdf"
        return send_file(paper.file, name)


class Compare(ProposalPage):
    """What changed between two texts of a proposal, answer by answer and row by row."""

    template_name = "proposals/reading/compare.html"

    def load(self) -> None:
        super().load()
        self.sides = sides(self)
        chosen = [self.sides.get(key) for key in self.keys()]
        found = [side for side in chosen if side]
        if len(found) < len(chosen):
            raise Http404
        # Whichever is named first, the change is told forward in time.
        self.before, self.after = sorted(found, key=lambda side: side.place)

    def keys(self) -> tuple[str, str]:
        """Give the two that are compared, by what stands in the address."""
        return tuple(key.lstrip("0") for key in (self.kwargs["first"], self.kwargs["second"]))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = CompareFilter(request.GET, sides=self.sides.values())
        if chosen.is_valid():
            return redirect(
                self.url("compare", chosen.cleaned_data["fra"], chosen.cleaned_data["til"])
            )
        return self.show()

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which texts
        if self.before.key == READ:
            return "Ændringer, siden du sidst læste"
        if self.after.key == READ:
            return "Ændringer frem til det, du sidst læste"
        if not self.before.version:
            # The live text with itself.
            return "Ændringer"
        if not self.after.version:
            return f"Ændringer siden version {self.before.key}"
        return f"Ændringer fra version {self.before.key} til {self.after.key}"

    def context(self) -> dict[str, Any]:
        after = self.after.read()
        changes = diff.compare(self.before.read(), after)
        is_live = reads_live(self.user, self.proposal, at=self.at)
        # Who wrote it last is known of what stands now, and is told to those who read that.
        names = [change.name for change in changes]
        last = versions(self.proposal.number, names) if self.after.key == NOW else {}
        version = self.after.version
        return {
            **super().context(),
            "before": self.before,
            "after": self.after,
            "changes": [
                {
                    "change": change,
                    "written": _written(last.get(change.name), at=self.at),
                    "history": self.url("answer_history", change.name) if is_live else "",
                }
                for change in changes
            ],
            "choice": CompareFilter(
                initial={"fra": self.before.key, "til": self.after.key}, sides=self.sides.values()
            ),
            "news": news_line(self, after, version)
            if self.before.key == READ and self.after.is_now
            else None,
        }


def _written(last: FieldVersion | None, *, at: datetime) -> str:
    """Say who wrote an answer last, and when."""
    return f"{last.editor_text}, {when_text(last.edited_at, at)}" if last else ""


class ChangedSince(Compare):
    """What the writers have changed since the latest version that was sent: the difference from the qualified one."""

    permission = "proposals.edit"

    def keys(self) -> tuple[str, str]:
        sent = [key for key, side in self.sides.items() if side.version]
        self.is_sent = bool(sent)
        return (sent[0] if sent else NOW, NOW)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.is_sent else redirect(self.url("tasks"))


# What one has read


class MarkAsRead(Press, ProposalPage):
    """Lets the reader stand at the text that the page showed."""

    def act(self) -> str:
        steps.mark_as_read(
            proposal_pk=self.proposal.pk,
            base=seen.carried(self.request.POST),
            by=self.user,
            at=self.at,
        )
        return "Forslaget er markeret som læst."

    def back(self) -> str:
        return content_address(self.proposal.number)


class GoBack(MarkAsRead):
    """The way back from it."""

    def act(self) -> str:
        mark = steps.go_back(
            proposal_pk=self.proposal.pk,
            marked=self.request.POST.get("marked", ""),
            by=self.user,
            at=self.at,
        )
        if mark is None:
            return "Forslaget er ikke længere markeret som læst."
        return f"Du står igen ved det, du læste {danish.datetime_text(mark.read_at)}."


# The history of an answer


class AnswerHistory(ProposalPage):
    """What an answer said, each time it was written, for those who read the live text; advisers from when sparring was opened."""

    template_name = "proposals/reading/history.html"

    def load(self) -> None:
        super().load()
        self.name = self.kwargs["name"]
        self.label = answer_label(self.name)
        if not self.label or not reads_live(self.user, self.proposal, at=self.at):
            raise Http404

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which answer
        return f"Historik: {self.label}"

    @property
    def entries(self) -> AnswerChangeQuerySet:
        """Give the entries that the reader may read: a text that could not be read then is not read now either."""
        entries: AnswerChangeQuerySet = self.proposal.answer_changes.of_answer(self.name)
        opened_at = self.proposal.sparring_opened_at
        if not self.standing.is_party and opened_at:
            entries = entries.begun_since(opened_at)
        return entries

    @property
    def may_bring_back(self) -> bool:
        return (
            self.name in FIELDS
            and FIELDS[self.name].kind != Kind.DGO
            and is_editable(self.proposal)
            and self.user.has_perm("proposals.edit", self.proposal)
        )

    def context(self) -> dict[str, Any]:
        page = self.rows(self.entries.with_people().newest_first())
        return {
            **super().context(),
            "label": self.label,
            "page": page,
            "query": self.request.GET,
            "entries": [
                {
                    "entry": entry,
                    "when": when_text(entry.edited_at, self.at),
                    "texts": [shortened(side) for side in differences(entry.before, entry.after)]
                    if entry.before is not None
                    else [],
                    "bring_back": self.url("bring_back", self.name, entry.pk)
                    if self.may_bring_back and entry.before
                    else "",
                }
                for entry in page
            ],
        }


class BringBack(StepPage, AnswerHistory):
    """Puts the text from before a change in again, as a new version; what then stood is kept like any other."""

    template_name = "proposals/reading/bring_back.html"
    permission = "proposals.edit"
    open_in = EDITABLE
    button = "Sæt teksten ind igen"

    def load(self) -> None:
        # Before the text is read: a newer text under an older number costs a question, the other way round a text.
        self.known = versions(self.kwargs["number"], [self.kwargs["name"]])
        super().load()
        self.entry: AnswerChange = get_object_or_404(
            self.entries.with_people().exclude(before=None), pk=self.kwargs["pk"]
        )
        if self.name not in FIELDS or FIELDS[self.name].kind == Kind.DGO:
            raise Http404
        self.question = FIELDS[self.name]

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which answer
        return f"Sæt en tidligere tekst ind igen: {self.label}"

    def crumbs(self) -> Crumbs:
        *way, here = super().crumbs()
        return [*way, (self.url("answer_history", self.name), f"Historik: {self.label}"), here]

    def form(self, data: Any = None) -> BringBackForm:
        base = base_of(self.proposal, self.question, self.known)
        return BringBackForm(data, name=self.name, base=base, revision=self.proposal.revision)

    def act(self, form: BringBackForm) -> str:
        steps.bring_back(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            question=self.question,
            text=self.entry.before or "",
            base=seen.carried(self.came, self.name),
            by=self.user,
            at=self.at,
        )
        return "Teksten er sat ind igen. Det, der stod før, finder du i historikken."

    def success_url(self) -> str:
        return self.url("answer_history", self.name)

    def cancel_url(self) -> str:
        return self.url("answer_history", self.name)

    def context(self) -> dict[str, Any]:
        stands = answer_text(self.proposal, self.question)
        one, other = differences(stands, self.entry.before or "")
        return {
            **super().context(),
            "stands": shortened(one),
            "becomes": shortened(other),
            "when": when_text(self.entry.edited_at, self.at),
            "entry": self.entry,
        }
