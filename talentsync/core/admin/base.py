"""The base of every admin class: whoever builds on it shows nobody another customer's rows, names or choices.

Everything fails closed: a relation whose model is not scoped offers nothing to anyone but superusers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.views import ChangeList

from talentsync.core.scope import scoped
from talentsync.customers.models import Membership

COUNT_CAP = 100_000  # counting further costs more than the number is worth


class CappedCount(int):
    """A count that stopped at the cap, and says so wherever it is shown."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class CappedPaginator(Paginator):
    """Counts to the cap and no further. Rows beyond it are reached by filters, not by turning pages."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted = rows.order_by().values("pk")[: COUNT_CAP + 1].count()  # without what is annotated for lists
        return CappedCount(COUNT_CAP) if counted > COUNT_CAP else counted


class CappedChangeList(ChangeList):
    """Says "12 results (show all)" only where something was searched or filtered, and sorts no more rows than it
    counts.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        if not self.params.get(ORDER_VAR) or not isinstance(CappedPaginator(rows, 1).count, CappedCount):
            return rows
        if request.method == "GET":
            words = gettext("Not sorted: there are more than %(n)s. Filter or search first.")
            messages.info(request, words % {"n": f"{COUNT_CAP:,}"})
        return rows.order_by(*self.model_admin.get_ordering(request))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count
        self.model_admin.complete(self.result_list)


class ScopedRelatedFilter(RelatedDropdownFilter):
    """A filter by a relation that offers only what the person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        rows = choices(field.remote_field.model, request=request, site=model_admin.admin_site)
        return [(row.pk, str(row)) for row in rows]


class ScopedAutocompleteFilter(AutocompleteSelectFilter):
    """A filter by a relation to a big table: it searches there, and names nothing that the person may not see."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for shown in super().choices(changelist):
            model, site = self.field.remote_field.model, self.model_admin.admin_site
            shown["form"].fields[self.lookup_kwarg].queryset = choices(model, request=self.request, site=site)
            yield shown


def choices(model: type[Model], *, request: HttpRequest, site: AdminSite) -> QuerySet[Any]:
    """The rows of a related model that a form or filter may offer to this person."""
    everything = model._default_manager.all()
    user = request.user
    if user.is_active and user.is_superuser:
        return everything
    if model is get_user_model():
        colleagues = scoped(Membership.objects.order_by(), user=user, lookup="customer")
        return everything.filter(pk__in=colleagues.values("user_id"))
    registered = site._registry.get(model)
    return registered.get_queryset(request) if isinstance(registered, Scoping) else everything.none()


def person(request: HttpRequest) -> User:
    """Who is logged in. The admin lets nobody else come this far."""
    assert request.user.is_authenticated
    return request.user


class Scoping:
    """What model admins and inlines share: rows and choices of the customers that the person may see."""

    customer_lookup: ClassVar[str] = "customer"
    admin_site: AdminSite

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return scoped(rows, user=request.user, lookup=self.customer_lookup)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")  # what Django 6 does, and 5.2 warns about
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", choices(db_field.remote_field.model, request=request, site=self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", choices(db_field.remote_field.model, request=request, site=self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class ScopedTabularInline(Scoping, TabularInline):
    extra = 0


class ScopedStackedInline(Scoping, StackedInline):
    extra = 0


class _NamedFields(admin.ModelAdmin):
    """Stands behind Unfold's classes and before Django's: a form writes the fields it changed and no others.

    A whole-row save would bring back what a worker has written since the form was opened.
    """

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        obj.save(update_fields=_named_fields(obj, form.changed_data) if change else None)


def _named_fields(obj: Model, changed: Sequence[str]) -> list[str]:
    stored = {field.name: field for field in obj._meta.concrete_fields}
    named = [name for name in changed if name in stored]
    stamps = [name for name, field in stored.items() if getattr(field, "auto_now", False)]
    return named + stamps if named else []


class ScopedModelAdmin(Scoping, ModelAdmin, _NamedFields):
    """The one base of the admin.

    Say `customer_lookup` where the customer is not the row's own column. Selecting across pages is off: who can stand
    it, because the action snapshots ids and asks before it acts, says `list_disable_select_all = False`.
    """

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # it would count the whole table once for each choice
    list_per_page = 50
    list_max_show_all = 0
    list_disable_select_all = True
    compressed_fields = True
    warn_unsaved_form = True

    # What an empty list says, and the button that adds the first row.
    empty_title: Any = ""
    empty_words: Any = ""
    add_words: Any = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and self.may_see(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_see(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.may_see(request, obj)

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the person may see this object; asked several times a page, so remembered for the request."""
        if not isinstance(obj, Model) or obj.pk is None or (request.user.is_active and request.user.is_superuser):
            return True
        seen: dict[Any, bool] = request.__dict__.setdefault("_scoped", {})
        key = (self.model, obj.pk)
        if key not in seen:
            rows = self.model._default_manager.filter(pk=obj.pk)
            seen[key] = scoped(rows, user=request.user, lookup=self.customer_lookup).exists()
        return seen[key]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CappedChangeList

    def complete(self, rows: QuerySet[Any]) -> None:
        """Add to the rows of one page what their columns tell from elsewhere: annotated, it would be worked out for
        every row that is sorted.
        """

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """What is named by a plain string is a box to choose from: for a relation a scoped one, else the choices."""
        return [self._scoped_filter(entry) for entry in super().get_list_filter(request)]

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *options: Any) -> HttpResponse | None:
        if self.list_disable_select_all and request.POST.get("select_across", "0") not in ("", "0"):
            messages.warning(request, _("Nothing was done: this works only on the rows that are ticked on one page."))
            return None
        response: HttpResponse | None = super().response_action(request, queryset, *options)
        return response

    def _scoped_filter(self, entry: Any) -> Any:
        if not isinstance(entry, str):
            return entry
        last = _last_field(self.model, entry)
        if last is None or not (last.remote_field or last.choices):
            return entry
        return (entry, ScopedRelatedFilter if last.remote_field else ChoicesDropdownFilter)


def _last_field(model: type[Model], path: str) -> Field[Any, Any] | None:
    """What a path like connection__customer ends on; None for what is no column of ours."""
    field: Field[Any, Any] | None = None
    for name in path.split("__"):
        found = model._meta.get_field(name)
        if not isinstance(found, models.Field):
            return None
        field, model = found, found.remote_field.model if found.remote_field else model
    return field


class ReadOnlyScopedModelAdmin(ScopedModelAdmin):
    """For rows that only the machinery writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AdministratorsOnly:
    """For what belongs to no customer: nobody but superusers sees it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)


class ReadOnlyForAdministrators(AdministratorsOnly):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
