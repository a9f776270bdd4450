"""What the administrator mends by hand: people, their roles, parameters.

The administration shows an administrator the people and roles of the programmes he or she administers;
a superuser, who is made on the server, sees all.
"""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from core.models import Setting
from core.permissions import programme_ids

ADMINISTER = "accounts.administer"


def administered(user: Any) -> frozenset[int]:
    """Programmes whose people, roles and parameters the person administers."""
    return programme_ids(user, ADMINISTER)


class AdministratorAdmin(admin.ModelAdmin):
    """Open to the role of administrator; rows are narrowed by `narrowed`."""

    def narrowed(self, rows: QuerySet, programmes: frozenset[int]) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else self.narrowed(rows, administered(request.user))

    def _may(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and user.is_staff and (user.is_superuser or bool(administered(user)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


@admin.register(User)
class PersonAdmin(AdministratorAdmin, UserAdmin):
    """People are switched off, not deleted: history names them."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "is_demo", "last_login")
    readonly_fields = ("is_demo", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "is_demo")}),
        (_("Times"), {"fields": ("last_login", "date_joined")}),
    )

    def narrowed(self, rows: QuerySet, programmes: frozenset[int]) -> QuerySet:
        """People of these programmes, and people of none, who wait for a role."""
        ours = Q(grants__programme_id__in=programmes) | Q(grants=None)
        return rows.filter(ours, is_superuser=False).exclude(
            pk__in=User.objects.filter(grants__isnull=False).exclude(grants__programme_id__in=programmes).values("pk")
        ).distinct()  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes another one."""
        extra = () if request.user.is_superuser else ("is_superuser",)
        return (*self.readonly_fields, *extra)


@admin.register(ApiToken)
class TokenAdmin(AdministratorAdmin):
    list_display = ("user", "created_at", "last_used_on")
    fields = readonly_fields = ("user", "created_at", "last_used_on")

    def narrowed(self, rows: QuerySet, programmes: frozenset[int]) -> QuerySet:
        return rows.filter(user__grants__programme_id__in=programmes).distinct()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The command api_token makes tokens: a page would show them to the administrator."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


class GrantAdmin(AdministratorAdmin):
    """Roles in programmes. Registered by name: the model stands right of this app."""

    list_display = ("user", "programme", "role", "theme", "sector", "segment", "project")
    list_filter = ("programme", "role")
    list_select_related = ("user", "programme", "theme", "sector", "segment", "project")

    def narrowed(self, rows: QuerySet, programmes: frozenset[int]) -> QuerySet:
        return rows.filter(programme_id__in=programmes)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only programmes the administrator has, and only their themes, sectors, segments and projects."""
        if not request.user.is_superuser and db_field.name != "user":
            column = "pk__in" if db_field.name == "programme" else "programme_id__in"
            kwargs["queryset"] = db_field.related_model.objects.filter(**{column: administered(request.user)})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.stamp(request.user)
        super().save_model(request, obj, form, change)


admin.site.register(apps.get_model("programme", "RoleGrant"), GrantAdmin)


@admin.register(Setting)
class SettingAdmin(AdministratorAdmin):
    list_display = ("scope", "key", "value", "valid_from", "reason")
    list_filter = ("scope", "key")

    def narrowed(self, rows: QuerySet, programmes: frozenset[int]) -> QuerySet:
        return rows.filter(scope__in=_slugs(programmes))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A scope is chosen from the programmes one administers."""
        if db_field.name != "scope" or request.user.is_superuser:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(choices=[(slug, slug) for slug in _slugs(administered(request.user))])


def _slugs(programmes: frozenset[int]) -> list[str]:
    rows = apps.get_model("programme", "Programme").objects.filter(pk__in=programmes)
    return list(rows.order_by("slug").values_list("slug", flat=True))
