"""Users, roles and locked logins, for administrators."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from talentsync.core.admin.base import AdministratorsOnly, ScopedTabularInline
from talentsync.customers.models import Membership

admin.site.unregister(User)
admin.site.unregister(Group)


class MembershipsOfUser(ScopedTabularInline):
    """Which customers a user may see."""

    model = Membership
    fields = ("customer",)
    verbose_name_plural = _("May see these customers")
    autocomplete_fields = ("customer",)


@admin.register(User)
class People(AdministratorsOnly, UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (MembershipsOfUser,)
    # Rights come from roles: no box offers single permissions.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("May"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    list_filter_submit = True

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new user is named and saved first, as Django has it."""
        return self.inlines if obj else ()


@admin.register(Group)
class Roles(AdministratorsOnly, GroupAdmin, ModelAdmin):
    filter_horizontal = ()


@admin.register(AccessAttempt)
class LockedLogins(AdministratorsOnly, ModelAdmin):
    """Wrong passwords. Deleting a row lets that person try again at once."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    fields = ("username", "ip_address", "failures_since_start", "attempt_time")
    readonly_fields = fields
    search_fields = ("username__startswith",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
