"""Stating a light otherwise than computed: with the reason and the last day it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.fields import DateField
from core.parameters import parameters_of
from core.periods import format_date
from programme.models import LightOverride
from programme.projects.lights.thresholds import OVERRIDE_DAYS


class OverrideForm(RowForm):
    """One light of one project; each statement is a row of its own, the latest that holds counts."""

    holds_until = DateField(label=_("Holds until"))

    class Meta:
        model = LightOverride
        fields: ClassVar = ["light", "reason", "holds_until"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["holds_until"].help_text = _(
            "At the latest %(day)s; then the computed light counts again."
        ) % {"day": format_date(self.latest)}

    @property
    def latest(self) -> dt.date:
        return self.programme.today() + dt.timedelta(days=parameters_of(self.programme)[OVERRIDE_DAYS])

    def clean_holds_until(self) -> Any:
        day = self.cleaned_data["holds_until"]
        if day < self.programme.today():
            raise ValidationError(_("This day has gone by."), code="past")
        if day > self.latest:
            raise ValidationError(
                _("A light may be stated until %(day)s at the latest.") % {"day": format_date(self.latest)},
                code="far",
            )
        return day
