"""The API's risks: levels now, after mitigation and aimed at, and what is done about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from measures.api import choices
from programme.api import ROW, NamedSerializer, ProgrammeFilters, ProgrammeList, Row
from risks.models import Mitigation, MitigationReference, Risk, RiskAssessment
from risks.register.calculations import MOMENTS

SIDES = [f"{side}_{moment}" for moment in MOMENTS for side in ("likelihood", "impact")]
LEVELS = [f"level_{moment}" for moment in MOMENTS]


class RiskAssessmentSerializer(serializers.Serializer):
    assessed_on = serializers.DateField()
    likelihood_now = serializers.IntegerField(allow_null=True, help_text="1 to 5; null: not assessed.")
    impact_now = serializers.IntegerField(allow_null=True)
    likelihood_after = serializers.IntegerField(allow_null=True, help_text="When what is planned is done.")
    impact_after = serializers.IntegerField(allow_null=True)
    likelihood_target = serializers.IntegerField(allow_null=True, help_text="As aimed at.")
    impact_target = serializers.IntegerField(allow_null=True)
    level_now = serializers.IntegerField(allow_null=True, help_text="Likelihood times impact, 1 to 25.")
    level_after = serializers.IntegerField(allow_null=True)
    level_target = serializers.IntegerField(allow_null=True)
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="What the portal counted then."
    )
    note = serializers.CharField(allow_blank=True)
    is_illustrative = serializers.BooleanField()


class MitigationSerializer(serializers.Serializer):
    key = serializers.CharField()
    name_fi = serializers.CharField(allow_blank=True)
    name_sv = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_null=True, help_text="User name.")
    due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=choices(Mitigation.State))
    done_on = serializers.DateField(allow_null=True)
    effect = serializers.CharField(allow_blank=True)
    refers_to = serializers.ListField(
        child=serializers.SlugField(), help_text="Keys of risks whose mitigations serve this one too."
    )
    is_illustrative = serializers.BooleanField()


class RiskSerializer(NamedSerializer):
    key = serializers.SlugField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=choices(Risk.Kind))
    state = serializers.ChoiceField(choices=choices(Risk.State))
    project = serializers.SlugField(
        allow_null=True, help_text="Key of its project; null: the whole programme's."
    )
    part_of = serializers.SlugField(allow_null=True, help_text="Key of the programme's risk it is a part of.")
    raised_on = serializers.DateField(
        allow_null=True, help_text="Since when it stands in the programme's register."
    )
    reviewed_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    category = serializers.CharField(allow_blank=True)
    proximity = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_null=True, help_text="User name; null while nobody owns it.")
    description_fi = serializers.CharField(allow_blank=True)
    description_sv = serializers.CharField(allow_blank=True)
    description_en = serializers.CharField(allow_blank=True)
    is_illustrative = serializers.BooleanField()
    assessments = RiskAssessmentSerializer(many=True)
    mitigations = MitigationSerializer(many=True)


_PLAIN = (
    *(name for name in ROW if name != "programme_id"),
    "key", "number", "kind", "state", "raised_on", "reviewed_on", "closed_on", "category", "proximity",
    "description_fi", "description_sv", "description_en", "is_illustrative",
)  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="risks_list",
        description="Risks and opportunities of the programme and its projects with every assessment.",
        summary="Risks",
        parameters=[ProgrammeFilters],
        responses=RiskSerializer(many=True),
    )
)
class RiskList(ProgrammeList):
    right = "risk.view"

    def rows(self) -> QuerySet[Any, Any]:
        references = MitigationReference.objects.select_related("risk").order_by("risk__number")
        mitigations = Mitigation.objects.select_related("owner").prefetch_related(
            Prefetch("references", queryset=references)
        )
        rows = self.within(Risk.objects.all()).select_related("owner", "project", "parent")
        return rows.prefetch_related("assessments", Prefetch("mitigations", queryset=mitigations))

    def show(self, rows: list[Any]) -> Iterable[Row]:
        keys = self.keys
        for one in rows:
            yield {
                **{name: getattr(one, name) for name in _PLAIN},
                "programme": keys[one.programme_id],
                "project": one.project.slug if one.project else None,
                "part_of": one.parent.key if one.parent else None,
                "owner": one.owner.username if one.owner else None,
                "assessments": [_assessment(row) for row in one.assessments.all()],
                "mitigations": [_mitigation(row) for row in one.mitigations.all()],
            }


def _assessment(row: RiskAssessment) -> Row:
    names = ["assessed_on", *SIDES, *LEVELS, "counts", "note", "is_illustrative"]
    return {name: getattr(row, name) for name in names}


def _mitigation(row: Mitigation) -> Row:
    names = (
        "key",
        "name_fi",
        "name_sv",
        "name_en",
        "due_on",
        "state",
        "done_on",
        "effect",
        "is_illustrative",
    )
    return {name: getattr(row, name) for name in names} | {
        "owner": row.owner.username if row.owner else None,
        "refers_to": [link.risk.key for link in row.references.all()],
    }
