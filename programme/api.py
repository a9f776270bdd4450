"""The API's programmes, themes, goals, sectors and cost types, and the base of every resource of a programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import KeysetPagination, ReadView, data_versions
from core.permissions import can
from programme.access import visible_programmes
from programme.governance.register import PUBLIC
from programme.models import CostType, Decision, Goal, Programme, Sector, Theme

Row = dict[str, Any]
NAMES = ("name_fi", "name_sv", "name_en")


class ProgrammeFilters(serializers.Serializer):
    programme = serializers.SlugField(
        required=False, help_text="Key of one programme; without it, all you may see."
    )
    updated_since = serializers.DateTimeField(
        required=False, help_text="Rows changed at or after this moment (ISO 8601)."
    )


class ProgrammeView(ReadView):
    """A resource inside programmes: who may read it, which programmes it covers, and its ETag.

    A programme that the caller may not see does not exist (404); one that is seen but not open
    to the API is refused (403). Without a programme in the request the answer covers every
    programme that is open.
    """

    #: The right of the page that shows the same rows (core.permissions).
    right: ClassVar[str] = "programme.view"
    filters: type[serializers.Serializer] = ProgrammeFilters
    programmes: list[Programme]
    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.asked = self.read_filters()
        self.programmes = self._open_programmes(kwargs.get("programme") or self.asked.get("programme"))
        versions = data_versions(programme.pk for programme in self.programmes)
        self.answer_unless_known(
            sorted(versions.items()), *((p.pk, p.version, p.today()) for p in self.programmes)
        )

    def _open_programmes(self, key: str | None) -> list[Programme]:
        seen = list(visible_programmes(self.request.user))
        if key is not None:
            seen = [programme for programme in seen if programme.slug == key]
            if not seen:
                raise NotFound(_("There is no such programme."))
        is_open = [programme for programme in seen if self._may_read(programme)]
        if key is not None and not is_open:
            raise PermissionDenied(_("You have no right to read this here."))
        return is_open

    def _may_read(self, programme: Programme) -> bool:
        user = self.request.user
        return can(user, "api.view", programme) and can(user, self.right, programme)

    @property
    def keys(self) -> dict[int, str]:
        """Programme id to programme key."""
        return {programme.pk: programme.slug for programme in self.programmes}


class ProgrammeList(ProgrammeView):
    """A list in pages. Subclasses say which rows (`rows`) and how a row is written out (`show`)."""

    pagination_class = KeysetPagination

    def rows(self) -> QuerySet[Any, Row]:
        """The rows as dictionaries with `id`, restricted to `self.programmes` and `self.asked`."""
        raise NotImplementedError

    def show(self, rows: list[Row]) -> Iterable[Row]:
        """The rows of one page as they are sent."""
        keys = self.keys
        for row in rows:
            row["programme"] = keys[row.pop("programme_id")]
        return rows

    def within(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queryset's rows of the covered programmes, changed since the asked moment."""
        queryset = queryset.filter(programme__in=self.programmes).order_by()
        since = self.asked.get("updated_since")
        return queryset.filter(updated_at__gte=since) if since else queryset

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = self.pagination_class()
        page = pages.paginate_queryset(self.rows(), request, view=self)
        return pages.get_paginated_response(list(self.show(page or [])))


class NamedSerializer(serializers.Serializer):
    """What the rows of a programme share; names are empty where nobody has written one."""

    id = serializers.IntegerField()
    programme = serializers.SlugField(help_text="Key of the programme.")
    name_fi = serializers.CharField(allow_blank=True)
    name_sv = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="Counts the changes of the row.")
    updated_at = serializers.DateTimeField()


ROW = ("id", "programme_id", *NAMES, "version", "updated_at")


# --- programmes ----------------------------------------------------------------------------------


class ProgrammeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.SlugField()
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Programme.Kind])
    organisation = serializers.SlugField(help_text="Key of the county.")
    organisation_fi = serializers.CharField(allow_blank=True)
    organisation_sv = serializers.CharField(allow_blank=True)
    organisation_en = serializers.CharField(allow_blank=True)
    name_fi = serializers.CharField(allow_blank=True)
    name_sv = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    start_year = serializers.IntegerField()
    end_year = serializers.IntegerField(help_text="The final year, on which the target is judged.")
    horizon_year = serializers.IntegerField(allow_null=True)
    base_year = serializers.IntegerField(
        allow_null=True, help_text="Its original budget is the comparison base."
    )
    basis = serializers.ChoiceField(choices=[(basis.value, basis.value) for basis in Programme.Basis])
    as_of = serializers.DateField(help_text="Day the programme's figures are shown for.")
    version = serializers.IntegerField()


def programme_row(programme: Programme) -> Row:
    """The programme as the API sends it."""
    county = programme.organisation
    fields = ("kind", *NAMES, "start_year", "end_year", "horizon_year", "base_year", "basis", "version")
    return {
        "id": programme.pk,
        "key": programme.slug,
        "organisation": county.key,
        **{
            f"organisation_{language}": getattr(county, f"name_{language}") for language in ("fi", "sv", "en")
        },
        **{field: getattr(programme, field) for field in fields},
        "as_of": programme.today(),
    }


class NoFilters(serializers.Serializer):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="programmes_list",
        description="Programmes in which you have a role that may use the API.",
        summary="The programmes you may see",
        responses=ProgrammeSerializer(many=True),
    )
)
class ProgrammeCollection(ProgrammeView):
    filters = NoFilters
    pagination_class = KeysetPagination

    def get(self, request: Request) -> Response:
        pages = self.pagination_class()
        queryset = Programme.objects.filter(pk__in=list(self.keys)).select_related("organisation")
        page = pages.paginate_queryset(queryset, request, view=self) or []
        return pages.get_paginated_response([programme_row(programme) for programme in page])


@extend_schema_view(
    get=extend_schema(
        operation_id="programmes_read",
        description="One programme by its key.",
        summary="One programme",
        responses=ProgrammeSerializer,
    )
)
class ProgrammeDetail(ProgrammeView):
    filters = NoFilters

    def get(self, request: Request, programme: str) -> Response:
        return Response(programme_row(self.programmes[0]))


# --- the ways measures are grouped ---------------------------------------------------------------


class ThemeSerializer(NamedSerializer):
    key = serializers.SlugField()
    number = serializers.IntegerField()
    slogan_fi = serializers.CharField(allow_blank=True)
    slogan_sv = serializers.CharField(allow_blank=True)
    slogan_en = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_null=True, help_text="User name; null while nobody owns the theme.")


@extend_schema_view(
    get=extend_schema(
        operation_id="themes_list",
        description="The themes of a programme (strategic spearheads in a strategy programme).",
        summary="Themes",
        parameters=[ProgrammeFilters],
        responses=ThemeSerializer(many=True),
    )
)
class ThemeList(ProgrammeList):
    right = "theme.view"

    def rows(self) -> QuerySet[Any, Row]:
        return self.within(Theme.objects.all()).values(
            *ROW, "key", "number", "slogan_fi", "slogan_sv", "slogan_en", "owner__username"
        )

    def show(self, rows: list[Row]) -> Iterable[Row]:
        for row in super().show(rows):
            row["owner"] = row.pop("owner__username")
            yield row


class GoalFilters(ProgrammeFilters):
    theme = serializers.SlugField(required=False, help_text="Key of a theme.")


class GoalSerializer(NamedSerializer):
    key = serializers.SlugField()
    number = serializers.IntegerField()
    theme = serializers.SlugField(help_text="Key of the theme.")
    parent = serializers.SlugField(  # type: ignore[assignment]  # the stubs mean the field's own parent
        allow_null=True, help_text="Key of the goal above; null for a goal of a theme."
    )
    scope = serializers.CharField(allow_blank=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="goals_list",
        description=(
            "Goals and the sub-goals under them; their numeric targets are indicators of their own."
        ),
        summary="Goals and sub-goals",
        parameters=[GoalFilters],
        responses=GoalSerializer(many=True),
    )
)
class GoalList(ProgrammeList):
    right = "theme.view"
    filters = GoalFilters

    def rows(self) -> QuerySet[Any, Row]:
        goals = self.within(Goal.objects.all())
        if "theme" in self.asked:
            goals = goals.filter(theme__key=self.asked["theme"])
        return goals.values(*ROW, "key", "number", "scope", "theme__key", "parent__key")

    def show(self, rows: list[Row]) -> Iterable[Row]:
        for row in super().show(rows):
            row["theme"], row["parent"] = row.pop("theme__key"), row.pop("parent__key")
            yield row


class SectorSerializer(NamedSerializer):
    key = serializers.SlugField()
    number = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField()
    is_rest = serializers.BooleanField(help_text="Other sectors and items common to all.")


@extend_schema_view(
    get=extend_schema(
        operation_id="sectors_list",
        description="The sectors that answer for costs.",
        summary="Sectors",
        parameters=[ProgrammeFilters],
        responses=SectorSerializer(many=True),
    )
)
class SectorList(ProgrammeList):
    right = "sector.view"

    def rows(self) -> QuerySet[Any, Row]:
        return self.within(Sector.objects.all()).values(*ROW, "key", "number", "position", "is_rest")


class CostTypeSerializer(NamedSerializer):
    key = serializers.SlugField()
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in CostType.Kind])
    parent = serializers.SlugField(  # type: ignore[assignment]  # the stubs mean the field's own parent
        allow_null=True, help_text="Key of the cost type it is a part of."
    )
    position = serializers.IntegerField()


@extend_schema_view(
    get=extend_schema(
        operation_id="cost_types_list",
        description="Cost types of the target table.",
        summary="Cost types",
        parameters=[ProgrammeFilters],
        responses=CostTypeSerializer(many=True),
    )
)
class CostTypeList(ProgrammeList):
    right = "savings.view"

    def rows(self) -> QuerySet[Any, Row]:
        return self.within(CostType.objects.all()).values(*ROW, "key", "kind", "position", "parent__key")

    def show(self, rows: list[Row]) -> Iterable[Row]:
        for row in super().show(rows):
            row["parent"] = row.pop("parent__key")
            yield row


# --- decisions -----------------------------------------------------------------------------------


class DecisionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    programme = serializers.SlugField(help_text="Key of the programme.")
    body = serializers.SlugField(allow_null=True, help_text="Key of the body that decided.")
    decided_on = serializers.DateField()
    section = serializers.CharField(allow_blank=True, help_text="Section (§) of the minutes.")
    case_number = serializers.CharField(allow_blank=True)
    subject = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    carried_out_by = serializers.DateField(allow_null=True)
    carried_out_on = serializers.DateField(allow_null=True)
    is_illustrative = serializers.BooleanField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


_DECISION = (
    "id", "decided_on", "section", "case_number", "subject", "reason", "carried_out_by", "carried_out_on",
    "is_illustrative", "version", "updated_at",
)  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="decisions_list",
        description="Decisions of bodies. Who does not see governance gets those of council and board.",
        summary="Decisions",
        parameters=[ProgrammeFilters],
        responses=DecisionSerializer(many=True),
    )
)
class DecisionList(ProgrammeList):
    right = "decision.view"

    def rows(self) -> QuerySet[Any, Any]:
        """As on the pages: everything where governance is seen, elsewhere what is public by now."""
        seen = Q()
        for programme in self.programmes:
            if not can(self.request.user, "register.view", programme):
                public = Q(body__kind__in=PUBLIC, decided_on__lte=programme.today())
                seen &= ~Q(programme=programme) | public
        return self.within(Decision.objects.filter(seen)).select_related("body")

    def show(self, rows: list[Any]) -> Iterable[Row]:
        keys = self.keys
        for row in rows:
            yield {
                **{name: getattr(row, name) for name in _DECISION},
                "programme": keys[row.programme_id],
                "body": row.body.key if row.body else None,
            }
