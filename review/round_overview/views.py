"""A round for the secretariat: on a page, whole to be printed, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify

from klimaspor.excel import lines
from klimaspor.excel import reading as sheets
from klimaspor.excel import writing as workbook
from proposals.line.lifecycle import Status
from proposals.line.pages import send_bytes
from proposals.rounds.models import Round
from review.next_steps.shown import tone
from review.pages import SecretariatPage
from review.round_overview import queries
from review.round_overview.forms import LATE, NO_DGO, Filters
from review.round_overview.shown import HEAD, WIDTHS, rows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COLUMNS = (
    (Status.DRAFT, "Kladder"),
    (Status.IN_QUALIFICATION, "Til kvalificering"),
    (Status.QUALIFIED, "Kvalificeret"),
    (Status.IN_APPROVAL, "I godkendelsesforløb"),
    (Status.RECOMMENDED, "Indstillet"),
)
MOST_WHOLE = 2_000
"""So many rows are printed or put into a file at once; a round has some hundred at most."""


class RoundOverview(SecretariatPage):
    """Every proposal of a round that is opened or sent: where it stands, what is late, and which DGO has how many."""

    template_name = "review/round_overview/round.html"

    def load(self) -> None:
        self.round = get_object_or_404(Round, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        counts = queries.counts_by_dgo(self.user, self.round, at=self.at)
        form = self._filters(counts)
        page = self.rows(self._found(form))
        return {
            **super().context(),
            "round": self.round,
            "form": form,
            "page": page,
            "lines": self._shown(page),
            "columns": [label for _, label in COLUMNS],
            "counts": [
                {
                    "name": one.name,
                    "cells": [one.by_status.get(status, 0) for status, _ in COLUMNS],
                    "total": one.total,
                    "url": f"?dgo={one.pk or NO_DGO}",
                }
                for one in counts
            ],
            "here": reverse("review:round", args=[self.round.pk]),
            "query": self.request.GET.urlencode(),
            "breadcrumbs": self.crumbs((None, self.round.name)),
        }

    def _filters(self, counts: list[queries.DgoCount]) -> Filters:
        return Filters(self.request.GET, dgos=[(str(one.pk or NO_DGO), one.name) for one in counts])

    def _found(self, form: Filters) -> Any:
        if not form.is_valid():
            return queries.proposals_of(self.user, self.round, at=self.at).none()
        wanted = form.cleaned_data
        dgo = wanted["dgo"]
        return queries.proposals_of(
            self.user,
            self.round,
            at=self.at,
            status=wanted["status"],
            dgo=int(dgo) if dgo.isdigit() else None,
            has_dgo=dgo != NO_DGO,
            is_late=wanted["frist"] == LATE,
        )

    def _shown(self, found: Any) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "tone": tone(row.proposal.status),
                "url": reverse("review:proposal", args=[row.proposal.number]),
            }
            for row in rows(found, at=self.at)
        ]

    def whole(self) -> Any:
        """Give what the address asks for, all of it."""
        counts = queries.counts_by_dgo(self.user, self.round, at=self.at)
        return self._found(self._filters(counts))[:MOST_WHOLE]


class WholeRound(RoundOverview):
    """The same list on one page, to be printed."""

    template_name = "review/round_overview/whole_round.html"

    def context(self) -> dict[str, Any]:
        here = reverse("review:round", args=[self.round.pk])
        return {
            "round": self.round,
            "lines": self._shown(self.whole()),
            "breadcrumbs": self.crumbs((here, self.round.name), (None, "Hele listen")),
        }


class RoundFile(RoundOverview):
    """The same list as an Excel file or as comma-separated text; what a person wrote is never a formula."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind = self.kwargs["kind"]
        if kind not in ("xlsx", "csv"):
            raise Http404
        table = workbook.Table(
            name="Forslag",
            head=HEAD,
            rows=tuple(row.cells for row in rows(self.whole(), at=self.at)),
            widths=WIDTHS,
        )
        if kind == "csv":
            return send_bytes(lines.write(table), f"{slugify(self.round.name)}.csv", lines.MIME)
        file = workbook.write([table], title=self.round.name)
        return send_bytes(file, f"{slugify(self.round.name)}.xlsx", sheets.MIME)
