"""What Sotkanet says of its indicators and regions: the same for every programme, read in batches, never while a
page is served."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.text import translated


def _vector(language: str, config: str) -> models.GeneratedField:
    words = SearchVector(f"title_{language}", "organisation_" + language, f"words_{language}", config=config)
    return models.GeneratedField(expression=words, output_field=SearchVectorField(), db_persist=True)


class CatalogueIndicator(models.Model):
    """One indicator of Sotkanet: its title, producer, range and texts, as last read.

    `words_*` is the plain text of its description and subjects, for searching; `texts` holds the
    sanitised HTML by name (description, interpretation, limits, legislation, notices) and language.
    """

    id = models.PositiveIntegerField(primary_key=True, help_text=_("Sotkanet's own id."))
    title_fi = models.TextField(blank=True)
    title_sv = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    organisation_id = models.PositiveIntegerField(null=True, blank=True)
    organisation_fi = models.TextField(blank=True)
    organisation_sv = models.TextField(blank=True)
    organisation_en = models.TextField(blank=True)
    words_fi = models.TextField(blank=True)
    words_sv = models.TextField(blank=True)
    words_en = models.TextField(blank=True)
    texts = models.JSONField(default=dict, blank=True)
    value_type = models.CharField(max_length=30, blank=True)
    decimals = models.PositiveSmallIntegerField(null=True, blank=True)
    range_start = models.PositiveSmallIntegerField(null=True, blank=True)
    range_end = models.PositiveSmallIntegerField(null=True, blank=True)
    genders = models.JSONField(default=list, blank=True)
    data_updated = models.DateField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True, help_text=_("Last seen in the list of all."))
    fetched_at = models.DateTimeField(null=True, blank=True, help_text=_("When its details were read."))
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("Sotkanet no longer knows it."))
    is_bundled = models.BooleanField(default=False, help_text=_("From the values that come with the portal."))
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    search_fi = _vector("fi", "finnish")
    search_sv = _vector("sv", "swedish")
    search_en = _vector("en", "english")

    class Meta:
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["search_fi"], name="kpis_catalogue_search_fi"),
            GinIndex(fields=["search_sv"], name="kpis_catalogue_search_sv"),
            GinIndex(fields=["search_en"], name="kpis_catalogue_search_en"),
        ]

    @property
    def title(self) -> str:
        return translated(self, "title").text

    @property
    def organisation(self) -> str:
        """The producer, whose terms its figures follow."""
        return translated(self, "organisation").text


class CatalogueRegion(models.Model):
    """One region of Sotkanet. Ids get renumbered, so links name a region by category and code."""

    id = models.PositiveIntegerField(primary_key=True, help_text=_("Sotkanet's own id."))
    category = models.CharField(max_length=30)
    code = models.CharField(max_length=10, blank=True)
    name_fi = models.CharField(max_length=200, blank=True)
    name_sv = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    is_bundled = models.BooleanField(default=False)

    class Meta:
        ordering = ["category", "code", "id"]
        indexes = [models.Index(fields=["category", "code"], name="kpis_catalogueregion_code")]

    @property
    def name(self) -> str:
        return translated(self, "name").text

    @property
    def key(self) -> str:
        """How observations name the region: HYVINVOINTIALUE:10."""
        return f"{self.category}:{self.code}" if self.code else self.category


class ServiceState(models.Model):
    """How the conversation with an outside service goes: its failures in a row, and how long it is left alone."""

    name = models.CharField(primary_key=True, max_length=30)
    failures = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    last_request_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_code = models.CharField(max_length=40, blank=True)
