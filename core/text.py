"""Texts that people write: Finnish, and Swedish and English when somebody has written them."""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Translated:
    """A text as shown: `language` tells which one was found; `is_fallback` that another was asked for."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


def translated(row: models.Model, field: str, language: str | None = None) -> Translated:
    """The text `field` of `row` in `language` (default: the active one), else in fi, sv, en order.

    An empty `Translated` when no language holds a text.
    """
    wanted = (language or translation.get_language() or "fi")[:2]
    for candidate in dict.fromkeys((wanted, *LANGUAGES)):
        text = getattr(row, f"{field}_{candidate}", "")
        if text:
            return Translated(text, candidate, candidate != wanted)
    return Translated("", wanted, False)


class Named(models.Model):
    """A row with a name in three languages; at least one of them is filled.

    Programme content is written in Finnish. Background facts of a programme file may exist
    only as an English gloss, and are then shown in English with a mark.
    """

    name_fi = models.CharField(_("name in Finnish"), max_length=500, blank=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=500, blank=True)
    name_en = models.CharField(_("name in English"), max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_named",
                condition=~models.Q(name_fi="", name_sv="", name_en=""),
                violation_error_message=_("Give the name in at least one language."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return translated(self, "name").text


class PgUnicodeFast(Func):
    template = "(%(expressions)s COLLATE pg_unicode_fast)"


def finnish_order(field: str) -> Func:
    """Sort key for names in Finnish order (å, ä, ö last): the database has no Finnish collation."""
    folded = Func(
        Lower(PgUnicodeFast(F(field))),
        Value("åäö"),
        Value("{|}"),
        function="TRANSLATE",
        output_field=models.TextField(),
    )
    return Func(folded, template='(%(expressions)s COLLATE "C")', output_field=models.TextField())
