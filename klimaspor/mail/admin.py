"""The outbox in Django's admin: to look at, never to change."""

from django.contrib import admin
from django.http import HttpRequest

from klimaspor.mail.models import MailAttachment, OutgoingMail


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
    list_display = ("created_at", "name", "recipient", "subject", "state")
    list_filter = ("name",)
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
