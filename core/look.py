"""The look of a programme: the accent its people chose, kept at hand because every page asks."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import ColourField
from core.models import Setting
from core.parameters import PORTAL, read_parameters, text

DEFAULT_ACCENT = "#0f4c5c"
ACCENT = text(
    "look.accent",
    DEFAULT_ACCENT,
    _(
        "The county's own colour for headings, links and bars. It must stand out from white and from the "
        "grey surface, and white text must be readable on it; a lighter shade is made for dark screens."
    ),
    label=_("Colour of the programme"),
    section="look",
    form_field=ColourField,
)
#: Seconds that a colour is kept; saving one drops it at once.
KEPT = 600


def _key(slug: str) -> str:
    return f"look.{connection.settings_dict['NAME']}.{slug}"


def accent_of(programme: Any) -> str:
    """The accent that holds in the programme today, the portal's own where none was set."""
    key = _key(programme.slug)
    kept = cache.get(key)
    if kept is None:
        kept = read_parameters(programme.slug, timezone.localdate())[ACCENT]
        cache.set(key, kept, KEPT)
    return str(kept)


def version_of(accent: str) -> str:
    """Names the style sheet, so that a browser may keep it for good."""
    return hashlib.sha256(accent.encode()).hexdigest()[:10]


@receiver([post_save, post_delete], sender=Setting, dispatch_uid="core.look.forget")
def forget(instance: Setting, **kwargs: Any) -> None:
    """A saved colour shows on the next page."""
    if instance.key != ACCENT.key:
        return
    slugs = [instance.scope] if instance.scope != PORTAL else _all_slugs()
    transaction.on_commit(lambda: cache.delete_many([_key(slug) for slug in slugs]))


def _all_slugs() -> list[str]:
    from django.apps import apps

    return list(apps.get_model("programme", "Programme").objects.values_list("slug", flat=True))
