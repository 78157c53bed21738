"""
The outbox in Django's admin: to look at, never to change.

Whoever may not read a letter sees that there is one, and nothing of it: neither its page, nor by searching.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from klimaspor.mail import reading
from klimaspor.mail.models import MailAttachment, OutgoingMail
from klimaspor.mail.querysets import OutgoingMailQuerySet

HIDDEN = "-"


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class MailAttachmentInline(ReadOnly, admin.TabularInline):
    model = MailAttachment
    fields = ("name", "content_type", "sha256")
    extra = 0


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "shown_name", "shown_recipient", "shown_subject", "state")
    search_fields = ("recipient", "subject", "key")
    ordering = ("-created_at", "-pk")
    # Not the body: it may open somebody's account, and it is about proposals, which an administrator does not read.
    fields = (
        "key",
        "name",
        "recipient",
        "subject",
        "created_at",
        "waits_for",
        "released_at",
        "attempts",
        "next_attempt_at",
        "sent_at",
        "failed_at",
        "error",
        "message_id",
    )
    readonly_fields = fields
    inlines = (MailAttachmentInline,)

    def get_queryset(self, request: HttpRequest) -> OutgoingMailQuerySet:
        letters: Any = super().get_queryset(request)
        return reading.for_reader(letters, request.user, at=request.received_at)  # type: ignore[arg-type, attr-defined]  # the admin is for people signed in; stamped by the first middleware

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        within = queryset.readable() if search_term else queryset
        return super().get_search_results(request, within, search_term)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or obj.is_readable)

    @admin.display(description="brev")
    def shown_name(self, letter: Any) -> str:
        return letter.name if letter.is_readable else HIDDEN

    @admin.display(description="modtager")
    def shown_recipient(self, letter: Any) -> str:
        return letter.recipient if letter.is_readable else HIDDEN

    @admin.display(description="emne")
    def shown_subject(self, letter: Any) -> str:
        return letter.subject if letter.is_readable else HIDDEN
