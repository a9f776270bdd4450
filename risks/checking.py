"""Holding a measure against risks, promises, impact areas and groups: answers, and signatures of negative ones.

Who signs a negative answer is told in docs/adr/0085-who-signs-negative-effects.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import identity_codes
from core.db import retrying
from core.editing.pages import CHANGED
from core.history import own_context
from core.permissions import can_as, roles_in
from core.text import translated
from measures.models import Measure
from programme.models import Programme
from risks.models import (
    AffectedGroup,
    GroupEffect,
    ImpactArea,
    ImpactAssessment,
    Promise,
    PromiseCheck,
    Risk,
    RiskCheck,
)

#: Who holds a role of finance signs off no negative effect, whatever other roles the person has.
FINANCE = "controller"
SIGN = "gate.decide"
#: Roles by which a negative effect is signed off, each within what its grant names: neither finance nor elected.
PROFESSIONAL = ("theme", "sector", "segment", "owner", "director", "steering")


@dataclass(frozen=True)
class Part:
    """One kind of answers: what is asked about, where the answers lie, and its words."""

    name: str
    title: str | Lazy
    about: str
    asked: Any
    model: Any
    hint: str | Lazy

    @property
    def has_mitigation(self) -> bool:
        return hasattr(self.model, "mitigation")

    @property
    def is_signed(self) -> bool:
        """Whether negative answers wait for a signature."""
        return hasattr(self.model, "signed_off_by")

    def is_negative(self, answer: str) -> bool:
        return answer in getattr(self.model, "NEGATIVES", ())

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return list(self.model.Answer.choices)


PARTS = {
    part.name: part
    for part in (
        Part(
            "risks", gettext_lazy("Risks"), "risk", Risk, RiskCheck,
            gettext_lazy("Does the risk concern this measure? Say in words how, and what is done about it."),
        ),
        Part(
            "promises", gettext_lazy("Promises"), "promise", Promise, PromiseCheck,
            gettext_lazy("Is the promise kept when the measure is done? A negative answer needs a mitigation."),
        ),
        Part(
            "impacts", gettext_lazy("Impacts"), "area", ImpactArea, ImpactAssessment,
            gettext_lazy("Which way does the measure move this, and for whom? A negative answer needs a mitigation."),
        ),
        Part(
            "groups", gettext_lazy("Groups of people"), "group", AffectedGroup, GroupEffect,
            gettext_lazy("How does the measure touch them? Where it makes things harder, say what is done about it."),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One risk, promise or impact area with the measure's answer; `typed` is what was sent and not stored."""

    part: Part
    about: Any
    check: Any = None
    typed: Mapping[str, str] | None = None
    error: str = ""

    @property
    def name(self) -> str:
        return translated(self.about, "name").text

    @property
    def version(self) -> int:
        return self.check.version if self.check else 0

    def _value(self, field: str) -> str:
        return self.typed[field] if self.typed else getattr(self.check, field, "") or ""

    @property
    def answer(self) -> str:
        return self._value("answer")

    @property
    def text(self) -> str:
        return self._value("text")

    @property
    def mitigation(self) -> str:
        return self._value("mitigation")

    @property
    def needs_signature(self) -> bool:
        return bool(
            self.check and self.part.is_signed and self.check.is_negative and not self.check.signed_off_by_id
        )


def asked_in(model: Any, programme: Programme) -> Any:
    """What measures are asked about: of risks those of the whole programme, not those of its projects."""
    rows = model.objects.filter(programme=programme)
    return rows.filter(project=None) if model is Risk else rows


def rows_of(measure: Measure, part: Part) -> list[Row]:
    """Everything that is asked in a part, with its answers. Two statements."""
    checks = part.model.objects.filter(programme=measure.programme, measure=measure)
    if part.is_signed:
        checks = checks.select_related("signed_off_by")
    given = {getattr(check, f"{part.about}_id"): check for check in checks}
    asked = asked_in(part.asked, measure.programme)
    return [Row(part, about, given.get(about.pk)) for about in asked]


def read_sent(data: Any, rows: Sequence[Row]) -> list[Row]:
    """What a form sent, row by row; rows it leaves alone stay as they are."""
    found = []
    for row in rows:
        key = row.about.pk
        if f"answer-{key}" not in data:
            found.append(row)
            continue
        typed = {
            name: data.get(f"{name}-{key}", "").replace("\r\n", "\n").strip()
            for name in ("answer", "text", "mitigation", "version")
        }
        found.append(Row(row.part, row.about, row.check, typed, _wrong(row, typed)))
    return found


def _wrong(row: Row, typed: Mapping[str, str]) -> str:
    """Why what was typed cannot be stored; empty when it can."""
    if not typed["answer"]:
        return _("Choose an answer.") if row.check or typed["text"] or typed["mitigation"] else ""
    if typed["answer"] not in dict(row.part.choices):
        return _("Choose an answer.")
    if row.part.is_negative(typed["answer"]):
        if not typed["text"]:
            return _("Say in words what the negative effect is.")
        if not row.part.is_signed and not typed["mitigation"]:
            return _("Say what is done about it.")
    try:
        for name in ("text", "mitigation"):
            identity_codes.refuse(typed[name])
    except ValidationError as refused:
        return str(refused.messages[0])
    return ""


@retrying
def save_checks(*, measure: Measure, rows: Sequence[Row], by: Any) -> int:
    """Stores the answers that were typed and differ; how many. A changed answer loses its signature.

    All or none: an answer that somebody else changed meanwhile is refused as `changed`.
    """
    sent = [row for row in rows if row.typed and row.typed["answer"]]
    if not sent:
        raise ValidationError(_("Answer at least one of them."), code="nothing")
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
        return sum(_save(measure, row, by) for row in sent)


def _save(measure: Measure, row: Row, by: Any) -> bool:
    assert row.typed is not None
    model, about = row.part.model, row.part.about
    names = ("answer", "text", "mitigation") if row.part.has_mitigation else ("answer", "text")
    wanted = {name: row.typed[name] for name in names}
    check = model.objects.filter(programme=measure.programme, measure=measure, **{about: row.about}).first()
    if check is not None and all(getattr(check, name) == value for name, value in wanted.items()):
        return False
    if str(check.version if check else 0) != (row.typed["version"] or "0"):
        told = _("Somebody else answered “%(what)s” meanwhile. Look at their answer and save again.")
        raise ValidationError(told % {"what": row.name}, code=CHANGED)
    if check is None:
        check = model(programme=measure.programme, measure=measure, **{about: row.about})
    for name, value in wanted.items():
        setattr(check, name, value)
    if row.part.is_signed:
        check.signed_off_by = check.signed_off_on = None
    check.stamp(by).full_clean()
    check.save()
    return True


def may_sign(user: Any, measure: Measure) -> bool:
    """Whether the person may sign negative effects of the measure: a professional role, no finance, not its owner."""
    return (
        FINANCE not in roles_in(user, measure.programme)
        and measure.owner_id != user.pk
        and any(can_as(user, role, SIGN, measure) for role in PROFESSIONAL)
    )


@retrying
def sign_off(*, measure: Measure, check: Any, by: Any, on: date, version: int | None = None) -> Any:
    """Signs a negative answer whose mitigation is written; never by who wrote it last."""
    if FINANCE in roles_in(by, measure.programme):
        raise ValidationError(_("Somebody outside finance has to sign this off."), code="finance")
    if measure.owner_id == by.pk:
        raise ValidationError(
            _("Somebody else than the owner of the measure has to sign this off."), code="own"
        )
    if not may_sign(by, measure):
        raise ValidationError(
            _("A lead of the theme, sector or segment, or the management, has to sign this off."), code="role"
        )
    with transaction.atomic(), own_context(user=by.pk):
        row = type(check).objects.select_for_update(of=("self",)).get(pk=check.pk)
        if version is not None and row.version != version:
            raise ValidationError(
                _("The answer changed after you opened the page. Read it again."), code=CHANGED
            )
        if row.updated_by_id == by.pk and not row.signed_off_by_id:
            raise ValidationError(
                _("Somebody else than who wrote the answer has to sign it off."), code="wrote"
            )
        if not row.is_negative:
            raise ValidationError(_("Only a negative effect is signed off."), code="not_negative")
        if not row.mitigation.strip():
            raise ValidationError(
                _("Write what is done about it before it is signed off."), code="mitigation"
            )
        row.signed_off_by, row.signed_off_on = by, on
        row.stamp(by).full_clean()
        row.save()
        return row


def summary(programme: Programme, measure: Measure) -> list[dict[str, Any]]:
    """Each part in one line: how many are answered, and which negative ones are open."""
    measure.programme = programme
    found = []
    for part in PARTS.values():
        rows = rows_of(measure, part)
        found.append({
            "part": part, "rows": rows, "asked": len(rows), "answered": sum(1 for row in rows if row.check),
            "open": [row for row in rows if row.check and part.is_signed and not row.check.is_settled],
        })  # fmt: skip
    return found
