"""People and what belongs to them in Django's admin: to look at. What changes them is on the portal's own pages."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from klimaspor.accounts.models import (
    Dgo,
    Invitation,
    LoadedReference,
    Membership,
    Organization,
    OrganizationRequest,
    User,
)


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("name", "email", "is_active", "is_staff", "is_demo", "last_login")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    # Not the password, hashed as it is.
    fields: ClassVar[tuple[str, ...]] = (
        "name",
        "email",
        "phone",
        "is_active",
        "is_staff",
        "is_superuser",
        "is_demo",
        "created_at",
        "last_login",
    )


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "role", "organization", "dgo", "confirmed_at", "valid_until_date")
    list_filter = ("role",)
    search_fields = ("user__name", "user__email", "organization__name")
    ordering = ("-claimed_at", "-pk")
    list_select_related = ("user", "organization", "dgo")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("email", "role", "sent_at", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role",)
    search_fields = ("email",)
    ordering = ("-sent_at", "-pk")
    # Nobody has use for the hash of a token.
    exclude = ("token_hash",)


@admin.register(Organization)
class OrganizationAdmin(ReadOnly):
    list_display = ("name", "kind", "code", "valid_from_date", "valid_until_date", "is_funder")
    list_filter = ("kind", "is_funder")
    search_fields = ("name", "code")
    ordering = ("sort_key", "pk")


@admin.register(OrganizationRequest)
class OrganizationRequestAdmin(ReadOnly):
    list_display = ("name", "user", "requested_at", "settled_at", "organization")
    search_fields = ("name", "user__name")
    ordering = ("-requested_at", "-pk")
    list_select_related = ("user", "organization")


@admin.register(Dgo)
class DgoAdmin(ReadOnly):
    list_display = ("name", "area", "contact_name", "contact_phone")
    ordering = ("sort_key", "pk")


@admin.register(LoadedReference)
class LoadedReferenceAdmin(ReadOnly):
    list_display = ("key", "loaded_at")
    search_fields = ("key",)
    ordering = ("key",)
