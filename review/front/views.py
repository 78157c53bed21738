"""The front page, for strangers and for those who are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts.models import Dgo
from klimaspor.pages import PublicPage
from proposals.eligibility.requirements import REQUIREMENTS
from proposals.rounds.models import Round
from review.next_steps import waiting as next_steps

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Front(PublicPage):
    """What it is and how to begin; to one who is signed in, what waits."""

    template_name = "review/front/front.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.show(
                requirements=REQUIREMENTS,
                dgos=Dgo.objects.valid(danish.day_of(self.at)).by_name(),
            )
        waiting = next_steps.waiting_for(self.user, at=self.at)
        request.waiting_count = waiting.count  # type: ignore[attr-defined]  # the menu need not count again
        return self.show(
            template="review/front/waiting.html",
            waiting=waiting,
            is_staff=self.user.duties.is_staff,
            is_member=bool(self.user.duties.member_ids),
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "round": Round.objects.next_gate(at=self.at)}
