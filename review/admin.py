"""The technical administration of the procedure: to look, never to change. Every stop has its own pages."""

from django.contrib import admin

from proposals.admin import ReadOnly
from review.agenda.models import Agenda, AgendaItem, Dossier
from review.criteria.models import Criterion
from review.decision.models import Decision
from review.formality.models import FormalCheck
from review.funding.models import FunderConsent
from review.qualification.models import Qualification
from review.recommendation.models import Recommendation


@admin.register(Agenda)
class AgendaAdmin(ReadOnly):
    list_display = ("meeting_date", "round", "published_at", "released_at")
    ordering = ("-meeting_date", "-pk")
    list_select_related = ("round",)


@admin.register(AgendaItem)
class AgendaItemAdmin(ReadOnly):
    list_display = ("agenda", "number", "kind", "proposal")
    ordering = ("-agenda__meeting_date", "position", "pk")
    list_select_related = ("agenda", "proposal")


@admin.register(Criterion)
class CriterionAdmin(ReadOnly):
    list_display = ("code", "title", "round", "is_placeholder")
    list_filter = ("round",)
    ordering = ("-round", "position", "pk")
    list_select_related = ("round",)


@admin.register(Qualification)
class QualificationAdmin(ReadOnly):
    list_display = ("proposal", "version", "dgo", "outcome", "completed_at")
    list_filter = ("outcome",)
    ordering = ("-pk",)
    list_select_related = ("proposal", "version", "dgo")


@admin.register(FunderConsent)
class FunderConsentAdmin(ReadOnly):
    list_display = ("proposal", "funder", "amount", "answer", "answered_at")
    list_filter = ("answer",)
    ordering = ("-asked_at", "-pk")
    list_select_related = ("proposal", "funder")


@admin.register(Dossier)
class DossierAdmin(ReadOnly):
    list_display = ("agenda", "kind", "number", "requested_at", "built_at", "failed_at")
    list_filter = ("kind",)
    ordering = ("-requested_at", "-pk")
    list_select_related = ("agenda",)


for model in (Decision, FormalCheck, Recommendation):
    admin.site.register(model, ReadOnly)
