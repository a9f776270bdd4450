"""What a person has typed and not saved: kept on the server, by the address of the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from config import limits
from core import identity_codes
from core.models import Draft

#: Never part of a draft: they belong to one sending of the form, or are the draft's own address.
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "token", "draft_key", "draft_title"})
LANGUAGE_PREFIX = re.compile(r"^/(sv|en)(?=/)")

Values = dict[str, list[str]]


def key_of(path: str) -> str:
    """The address of a form without its language: a draft follows the person to another language."""
    return LANGUAGE_PREFIX.sub("", storable(path))[:300]


def sent_values(data: QueryDict) -> Values:
    """What a form sent, field by field, without what belongs to one sending only."""
    return {storable(name): list(map(storable, data.getlist(name))) for name in data if name not in LEFT_OUT}


def storable(text: str) -> str:
    """The text without NUL, which no column of the database takes; a form refuses it in words when it is sent."""
    return text.replace("\0", "")


def typed_values(data: QueryDict) -> Values:
    """What a form sent, as a draft may keep it; raises ValidationError for what may not be kept."""
    values = sent_values(data)
    if characters(values) > limits.DRAFT_MAX_CHARACTERS:
        raise ValidationError(_("The text is too long to be kept as a draft. Save it."), code="too_long")
    for name, texts in values.items():
        if name != "was":
            for text in texts:
                identity_codes.refuse(text)
    return values


def characters(values: Mapping[str, list[str]]) -> int:
    return sum(len(text) for texts in values.values() for text in texts)


def keep_draft(*, user: Any, key: str, title: str, values: Mapping[str, list[str]]) -> Draft:
    """Keeps what was typed in place of what was kept before; the person's oldest drafts make room."""
    told = {"values": values, "title": storable(title)[:300], "updated_at": Now()}
    draft, is_new = Draft.objects.update_or_create(user=user, key=key_of(key), defaults=told)
    if is_new:
        newest = (
            Draft.objects.filter(user=user).order_by("-updated_at").values("pk")[: limits.DRAFTS_A_PERSON]
        )
        Draft.objects.filter(user=user).exclude(pk__in=newest).delete()
    draft.refresh_from_db(fields=["updated_at"])
    return draft


def draft_of(user: Any, key: str) -> Draft | None:
    return Draft.objects.filter(user=user, key=key_of(key)).first()


def drop_draft(user: Any, key: str) -> None:
    Draft.objects.filter(user=user, key=key_of(key)).delete()


def as_query(values: Mapping[str, list[str]]) -> QueryDict:
    """Kept values as a form would send them."""
    data = QueryDict(mutable=True)
    for name, texts in values.items():
        data.setlist(name, texts)
    return data
