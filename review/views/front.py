"""The front page, for strangers and for those who are signed in; and the requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from klimaspor import danish
from klimaspor.accounts.models import Dgo
from proposals.eligibility import REQUIREMENTS
from proposals.models import Round
from review import next_steps
from review.models import Criterion

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import User


@method_decorator(login_not_required, name="dispatch")
class PublicPage(View):
    """A page for everybody; `at` is when the request was received."""

    at: datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = request.received_at  # type: ignore[attr-defined]  # stamped by the first middleware

    def open_round(self) -> Round | None:
        """Give the round that takes proposals in now, or else the one that comes next."""
        rounds = Round.objects.upcoming(at=self.at).soonest_first()
        return rounds.first()


class Front(PublicPage):
    """What it is and how to begin; to one who is signed in, what waits."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return self._waiting(request, request.user)
        return render(
            request,
            "review/front.html",
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
            "review/waiting.html",
            {
                "at": self.at,
                "waiting": waiting,
                "round": self.open_round(),
                "is_staff": user.duties.is_staff,
            },
        )


class Requirements(PublicPage):
    """K1-K9 with where each comes from, and the criteria of the round."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        round_ = self.open_round()
        return render(
            request,
            "review/requirements.html",
            {
                "at": self.at,
                "round": round_,
                "requirements": REQUIREMENTS,
                "criteria": Criterion.objects.of_round(round_).listed() if round_ else (),
                "breadcrumbs": [("/", "Forside"), (None, "Krav og kriterier")],
                "new_url": reverse("proposals:new"),
            },
        )
