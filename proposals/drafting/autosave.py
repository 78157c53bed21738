"""One answer saved while its writer goes on: by the section's own page, answered in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.views import View

from klimaspor import danish
from klimaspor.dkfds import rare_signs
from proposals.answers.content import Content
from proposals.answers.sections import FIELDS, Kind
from proposals.drafting import presence
from proposals.drafting.holding import NotEditable
from proposals.drafting.pages import SectionPage
from proposals.line.lifecycle import Status
from proposals.line.models import Stale
from proposals.line.pages import is_editable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proposals.drafting.pages import UnitSaved

GONE = "Forslaget {state} og kan ikke ændres nu. Det, du skrev, er ikke gemt, men står stadig her, så du kan kopiere det."
METER = "Krav, som afsnittet svarer på"
UNFINISHED = "Ikke gemt endnu: der er noget at rette"


class Autosave(View):
    """
    Saves the `unit` that is named: a question, or the section's rows.

    Answers JSON: `state` is saved, invalid, conflict, stale or gone; `said` is for the line that tells how it went.
    """

    http_method_names = ["post"]
    section_page: type[SectionPage] = SectionPage
    """The page whose section it is."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = self.section_page(is_saving=True)
        self.page.setup(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page, unit = self.page, request.POST.get("unit", "")
        if not is_editable(page.proposal):
            return self.gone()
        if request.POST.get("revision") != str(page.proposal.revision):
            line = f"{Stale(page.proposal)} Åbn siden igen. Det, du skrev, bliver hentet."
            return JsonResponse({"state": "stale", "said": line}, status=409)
        try:
            saved = page.save_unit(request.POST, unit)
        except LookupError:
            return JsonResponse(
                {"state": "refused", "said": "Svaret hører ikke til her."}, status=400
            )
        except NotEditable:
            page.proposal.refresh_from_db()
            return self.gone()
        return JsonResponse(self.answered(saved, unit))

    def answered(self, saved: UnitSaved, unit: str) -> dict[str, Any]:
        page = self.page
        answer: dict[str, Any] = {
            "state": "invalid",
            "said": UNFINISHED,
            "errors": saved.errors,
            "others": presence.note(page.proposal, page.user, page.section.slug, at=page.at),
        }
        if saved.conflict:
            who = "du har ændret det samme et andet sted"
            if not saved.conflict["is_me"]:
                who = "en anden har ændret det samme. Vælg, hvad der skal stå"
            panel = {"conflict": saved.conflict}
            answer |= {
                "state": "conflict",
                "said": f"Ikke gemt: {who}",
                "conflict": render_to_string("pages/_conflict.html", panel),
            }
        elif saved.base:
            clock = danish.clock_text(danish.local(page.at).time())
            answer |= {"state": "saved", "said": f"Gemt {clock}", "token": str(saved.base)}
            parts = {}
            if unit in FIELDS and FIELDS[unit].kind in {Kind.LINE, Kind.PROSE}:
                box = f"id_{unit}"
                said = {"id": box, "remark": rare_signs.remark(getattr(page.proposal, unit))}
                parts[f"{box}_signs"] = render_to_string("dkfds/layout/signs.html", said)
            if page.requirements:
                content = Content.of(page.proposal, at=page.at, rows=[page.section.rows])
                meter = {"findings": page.meter(content), "heading": METER}
                parts["meter"] = render_to_string("components/meter.html", meter)
            if parts:
                answer["parts"] = parts
        return answer

    def gone(self) -> HttpResponse:
        line = GONE.format(state=Status(self.page.proposal.status).state)
        return JsonResponse({"state": "gone", "said": line}, status=409)
