"""Files that an answer rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.attachments import ACCEPT, REFUSALS, attach, drop
from core.editing import submitted_once
from core.identity_codes import WithoutCodes
from core.models import Attachment
from programme.models import Programme
from strategy.models import MetricYear


class EvidenceForm(WithoutCodes):
    """A file and what it shows."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, workbook, document or text, at most 10 MB. No personal identity codes."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    note = forms.CharField(label=_("What it shows"), required=False, max_length=300)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"token": token_urlsafe(24)})


def add_evidence(form: EvidenceForm, row: MetricYear, *, by: Any) -> None:
    """Keeps the form's file beside the answer, once however often it is sent."""
    values = form.cleaned_data
    with submitted_once(values["token"], by) as sending:
        if not sending.is_repeat:
            attach(about=row, upload=values["file"], by=by, note=values["note"])


def remove_evidence(attachment: Attachment, *, by: Any) -> None:
    """Takes away a file of one's own; the history keeps that it was there."""
    if attachment.created_by_id != getattr(by, "pk", None):
        raise ValidationError(REFUSALS["not_yours"], code="not_yours")
    drop(attachment=attachment, by=by)


def files_of(programme: Programme, rows: Iterable[MetricYear]) -> dict[int, list[Attachment]]:
    """Files of the answers, by id of the answer. One statement."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    kept = Attachment.objects.filter(
        programme=programme, content_type=ContentType.objects.get_for_model(MetricYear),
        object_id__in=[row.pk for row in rows],
    )  # fmt: skip
    for one in kept.select_related("created_by").order_by("pk"):
        found[one.object_id].append(one)
    return dict(found)
