"""The front page, for strangers and for those who are signed in; and the requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views import View

from proposals.rounds.models import Round

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest


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
