"""One answer saved while its writer goes on: the same guard as the section's own button, answered in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.views import View

from klimaspor import danish
from proposals import drafting
from proposals.content import Content
from proposals.lifecycle import Status
from proposals.models import Stale
from proposals.sections import FIELDS
from proposals.views import presence
from proposals.views.drafting import SectionPage
from proposals.views.economy import EconomyPage
from proposals.views.pages import is_editable
from proposals.views.participants import ParticipantsPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGES: dict[str, type[SectionPage]] = {page.slug: page for page in (ParticipantsPage, EconomyPage)}
GONE = "Forslaget {state} og kan ikke ændres nu. Det, du skrev, er ikke gemt, men står stadig her, så du kan kopiere det."
METER = "Krav, som afsnittet svarer på"
UNFINISHED = "Ikke gemt endnu: der er noget at rette"


class Autosave(View):
    """
    Saves the `unit` that is named: a question, or the section's rows.

    Answers JSON: `state` is saved, invalid, conflict, stale or gone; `said` is for the line that tells how it went.
    """

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = PAGES.get(kwargs["slug"], SectionPage)()
        self.page.is_saving = True
        self.page.setup(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page, unit = self.page, request.POST.get("unit", "")
        if request.POST.get("writer", str(request.user.pk)) != str(request.user.pk):
            # A page of somebody else's, from before this person signed in here.
            return JsonResponse({"state": "refused", "said": "Du er logget af."}, status=401)
        if not is_editable(page.proposal):
            return self.gone()
        if request.POST.get("revision") != str(page.proposal.revision):
            said = f"{Stale(page.proposal)} Åbn siden igen. Det, du skrev, bliver hentet."
            return JsonResponse({"state": "stale", "said": said}, status=409)
        data = page.take(request.POST)
        form = page.form(data)
        page.bases = {name: base for name, base in page.bases.items() if name == unit}
        is_rows = bool(page.row_prefixes) and unit == page.section.rows
        if unit not in form.fields and not is_rows:
            return JsonResponse(
                {"state": "refused", "said": "Svaret hører ikke til her."}, status=400
            )
        errors: list[str] = []
        rows_said: str | None = ""
        try:
            if is_rows:
                form.is_valid()
                rows = page.row_forms(data)
                # Rows that are not finished are nobody's to quarrel about yet.
                is_whole = all(one.is_valid() for one in rows.values() if one.is_bound)
                rows_said = page.save_seen_rows(form, rows) if is_whole else None
            else:
                page.save(form)
                errors = [str(error) for error in form.errors.get(unit, ())]
        except drafting.NotEditable:
            page.proposal.refresh_from_db()
            return self.gone()
        except (drafting.DgoSettled, ValidationError) as refusal:
            errors = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        return JsonResponse(self.told(unit, errors, is_done=rows_said is not None))

    def told(self, unit: str, errors: list[str], *, is_done: bool) -> dict[str, Any]:
        page = self.page
        conflict = page.conflicts.get(unit)
        clock = danish.time_text(danish.local(page.at).time())
        state = "conflict" if conflict else "saved" if is_done and not errors else "invalid"
        answer: dict[str, Any] = {
            "state": state,
            "said": f"Gemt kl. {clock}" if state == "saved" else UNFINISHED,
            "errors": errors,
            "others": presence.note(page.proposal, page.user, page.section.slug, at=page.at),
        }
        if conflict:
            answer["said"] = "Ikke gemt: en anden har ændret det samme. Vælg, hvad der skal stå"
            if conflict["is_me"]:
                answer["said"] = "Ikke gemt: du har ændret det samme et andet sted"
            answer["conflict"] = render_to_string(
                "proposals/_conflict.html", {"conflict": conflict}
            )
        if state == "saved":
            answer["token"] = str(page.bases[unit] if unit in FIELDS else page.rows_base)
            if page.requirements:
                content = Content.of(page.proposal, at=page.at, rows=[page.section.rows])
                answer["meter"] = render_to_string(
                    "components/meter.html", {"findings": page.meter(content), "heading": METER}
                )
        return answer

    def gone(self) -> HttpResponse:
        said = GONE.format(state=Status(self.page.proposal.status).state)
        return JsonResponse({"state": "gone", "said": said}, status=409)
