"""The front page, for strangers and for those who are signed in; and the requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from klimaspor import danish
from klimaspor.accounts.models import Dgo
from proposals.eligibility.requirements import REQUIREMENTS
from review.criteria.pages import PublicPage
from review.next_steps import waiting as next_steps

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import User


class Front(PublicPage):
    """What it is and how to begin; to one who is signed in, what waits."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return self._waiting(request, request.user)
        return render(
            request,
            "review/front/front.html",
            {
                "at": self.at,
                "round": self.open_round(),
                "requirements": REQUIREMENTS,
                "dgos": Dgo.objects.valid(danish.day_of(self.at)).by_name(),
            },
        )

    def _waiting(self, request: HttpRequest, user: User) -> HttpResponse:
        waiting = next_steps.waiting_for(user, at=self.at)
        request.waiting_count = waiting.count  # type: ignore[attr-defined]  # the menu need not count again
        return render(
            request,
            "review/front/waiting.html",
            {
                "at": self.at,
                "waiting": waiting,
                "round": self.open_round(),
                "is_staff": user.duties.is_staff,
            },
        )
