"""The technical administration of proposals: to look, never to change. The line has its own pages, and so has everything else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from proposals.attachments.models import Attachment
from proposals.economy.models import Financing
from proposals.gates.models import Dispensation
from proposals.line.models import Access, Event, Impartiality, Proposal, Version
from proposals.notes.models import Note
from proposals.participants.models import Participant
from proposals.printing.models import VersionPaper
from proposals.rounds.models import Round
from proposals.sparring.models import Advice, Circle


class ReadOnly(admin.ModelAdmin):
    """Shows rows; every button that writes is gone."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    list_display = ("number", "status", "round", "owner", "edited_at")
    list_filter = ("status", "round")
    search_fields = ("number",)
    ordering = ("-edited_at", "-pk")
    list_select_related = ("round", "owner")


@admin.register(Round)
class RoundAdmin(ReadOnly):
    list_display = (
        "name",
        "opens_at",
        "qualification_deadline_at",
        "dgo_deadline_at",
        "approval_deadline_at",
        "meeting_date",
    )
    ordering = ("-qualification_deadline_at", "-pk")


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "proposal", "transition", "by")
    ordering = ("-at", "-pk")
    list_select_related = ("proposal", "by")


@admin.register(Access)
class AccessAdmin(ReadOnly):
    list_display = (
        "proposal",
        "function",
        "user",
        "dgo",
        "organization",
        "group",
        "since_at",
        "until_at",
    )
    ordering = ("-since_at", "-pk")
    list_select_related = ("proposal", "user", "dgo", "organization")


@admin.register(Advice, Note)
class InCircleAdmin(ReadOnly):
    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what DGO and secretariat say to each other: administering the portal is no place in that circle."""
        found: Any = super().get_queryset(request)
        return found.in_circle(Circle.EVERYBODY)


for model in (
    Attachment,
    Dispensation,
    Financing,
    Impartiality,
    Participant,
    Version,
    VersionPaper,
):
    admin.site.register(model, ReadOnly)
