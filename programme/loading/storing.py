"""Writing a plan of rows: only what the file changed, in one transaction, with who and why.

Each row that came from the file has a LoadedRow with the file's values. A later load compares
with those, so that what people wrote in the portal stays, and a second load of the same file
writes nothing at all.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pghistory.models
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models
from django.utils import timezone, translation

from core.bulk import bulk_write
from core.models import Row
from programme.loading.plan import Plan, Ref, RowSpec
from programme.loading.problems import Problem, ProgrammeFileError
from programme.loading.rows.names import PROGRAMME, REASON
from programme.models import LoadedRow, Organisation, Programme


@dataclass
class LoadResult:
    """What a load did, in rows. `kept` counts values that people changed and the load left alone."""

    programme: Programme
    created: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    unchanged: int = 0

    @property
    def nothing_happened(self) -> bool:
        return not (self.created or self.changed or self.removed)


def store(plan: Plan, *, by: Any, file_name: str, sha256: str) -> LoadResult:
    """Writes the plan. Raises ProgrammeFileError, with nothing stored, when the database or other rows refuse."""
    ordered = in_order(plan)
    with bulk_write(by, REASON, file=file_name, sha256=sha256) as writer:
        writer.execute("SELECT pg_advisory_xact_lock(hashtext('load_programme'))")
        try:
            return _Store(plan, by).run(ordered)
        except IntegrityError as error:
            raise ProgrammeFileError(
                [Problem(1, f"the database refuses the rows: {_first_line(error)}")]
            ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def in_order(plan: Plan) -> list[RowSpec]:
    """The rows so that each comes after those it points to; otherwise as planned."""
    by_key = {(spec.model, spec.key): spec for spec in plan.rows}
    done: dict[tuple[str, str], bool] = {}
    ordered: list[RowSpec] = []
    for first in plan.rows:
        waiting = [(first, False)]
        while waiting:
            spec, expanded = waiting.pop()
            name = (spec.model, spec.key)
            if done.get(name) is True:
                continue
            if expanded:
                done[name] = True
                ordered.append(spec)
                continue
            if name in done:
                plan.problem(spec.path, "these rows point to each other in a circle")
                raise ProgrammeFileError(plan.problems)
            done[name] = False
            waiting.append((spec, True))
            refs = [value for value in spec.values.values() if isinstance(value, Ref)]
            waiting += [
                (by_key[ref.model, ref.key], False)
                for ref in reversed(refs)
                if (ref.model, ref.key) in by_key and done.get((ref.model, ref.key)) is not True
            ]
    return ordered


def as_json(value: Any) -> Any:
    """A value as it is kept in a LoadedRow."""
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return "0" if text == "-0" else text
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value


@dataclass
class _Store:
    plan: Plan
    by: Any
    programme: Programme = field(init=False)
    result: LoadResult = field(init=False)
    objects: dict[tuple[str, str], models.Model] = field(default_factory=dict)
    pending: dict[str, list[tuple[RowSpec, models.Model]]] = field(default_factory=lambda: defaultdict(list))
    manifest: dict[tuple[str, str], LoadedRow] = field(default_factory=dict)
    new_manifest: list[LoadedRow] = field(default_factory=list)
    renewed: set[tuple[str, str]] = field(default_factory=set)
    present: dict[str, dict[int, models.Model]] = field(default_factory=dict)
    today: dt.date = field(default_factory=timezone.localdate)

    def run(self, ordered: list[RowSpec]) -> LoadResult:
        heads = [spec for spec in ordered if not issubclass(apps.get_model(spec.model), Row)]
        self._head(heads)
        for spec in ordered:
            if spec not in heads:
                self._row(spec)
        for model in list(self.pending):
            self._flush(model)
        self._remove_vanished(ordered)
        if self.plan.problems:
            raise ProgrammeFileError(self.plan.problems)
        LoadedRow.objects.bulk_create(self.new_manifest)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return self.result

    # ------------------------------------------------------------------ organisation and programme

    def _head(self, heads: list[RowSpec]) -> None:
        """The organisation and the programme, which all other rows hang on."""
        wanted = next(spec for spec in heads if spec.model == PROGRAMME)
        found = Programme.objects.filter(file_key=wanted.values["file_key"]).first()
        taken = (
            Programme.objects.filter(slug=wanted.values["slug"]).exclude(pk=found.pk if found else 0).first()
        )
        if taken:
            self.plan.problem(
                ("slug",), f"another programme ({taken.file_key}) already has the slug {taken.slug!r}"
            )
            raise ProgrammeFileError(self.plan.problems)
        if found:
            self._read_manifest(found)
        for spec in heads:
            model: type[models.Model] = apps.get_model(spec.model)
            row = found if spec is wanted else Organisation.objects.filter(key=spec.key).first()
            self.objects[spec.model, spec.key] = self._save_head(spec, model, row)
        programme = self.objects[PROGRAMME, wanted.key]
        assert isinstance(programme, Programme)
        self.programme = programme
        for entry in self.new_manifest:
            entry.programme = programme
        self.result = LoadResult(programme, created=sum(1 for e in self.new_manifest))

    def _read_manifest(self, programme: Programme) -> None:
        self.manifest = {(e.model, e.key): e for e in LoadedRow.objects.filter(programme=programme)}
        by_model: dict[str, set[int]] = defaultdict(set)
        for entry in self.manifest.values():
            by_model[entry.model].add(entry.object_id)
        for label, ids in by_model.items():
            self.present[label] = apps.get_model(label)._base_manager.in_bulk(ids)

    def _save_head(self, spec: RowSpec, model: type[models.Model], row: models.Model | None) -> models.Model:
        entry = self.manifest.get((spec.model, spec.key))
        if row is None:
            row = model(**self._resolved(spec.values))
            self._validate(spec, row)
            row.save()
            self._note(spec, row)
            return row
        changed = self._changed(spec, row, entry)
        if changed:
            for name, value in self._resolved(changed).items():
                setattr(row, name, value)
            self._validate(spec, row)
            row.save(update_fields=list(changed))
        if entry is None:
            self._note(spec, row)
        elif changed or entry.values != self._said(spec):
            entry.values = self._said(spec)
            entry.save(update_fields=["values"])
        return row

    # ------------------------------------------------------------------ rows

    def _row(self, spec: RowSpec) -> None:
        entry = self.manifest.get((spec.model, spec.key))
        row = self.present.get(spec.model, {}).get(entry.object_id) if entry else None
        if row is None and spec.identity:
            row = self._made_by_people(spec)
        if row is None:
            self._create(spec, entry)
            return
        self.objects[spec.model, spec.key] = row
        changed = self._changed(spec, row, entry)
        if entry is None:
            self._note(spec, row)
        if not changed:
            self.result.unchanged += 1
            if entry is not None and entry.values != self._said(spec):
                entry.values = self._said(spec)
                entry.save(update_fields=["values"])
            return
        self._change(spec, row, changed, entry)

    def _said(self, spec: RowSpec) -> dict[str, Any]:
        return {name: as_json(value) for name, value in spec.values.items()}

    def _resolved(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self._object(value) if isinstance(value, Ref) else value for name, value in values.items()
        }

    def _object(self, ref: Ref) -> models.Model:
        if any(spec.key == ref.key for spec, _ in self.pending.get(ref.model, ())):
            self._flush(ref.model)
        return self.objects[ref.model, ref.key]

    def _made_by_people(self, spec: RowSpec) -> models.Model | None:
        """A row that somebody made in the portal before the file named it."""
        values = self._resolved({name: spec.values[name] for name in spec.identity})
        if any(isinstance(value, models.Model) and value.pk is None for value in values.values()):
            return None
        if not self.manifest and not self._has_rows(spec.model):
            return None
        model: type[models.Model] = apps.get_model(spec.model)
        return model._base_manager.filter(programme=self.programme, **values).first()

    def _has_rows(self, label: str) -> bool:
        """Whether the programme has any row of the model: spares a query a row when a file is loaded first."""
        if label not in self._filled:
            model: type[models.Model] = apps.get_model(label)
            self._filled[label] = model._base_manager.filter(programme=self.programme).exists()
        return self._filled[label]

    _filled: dict[str, bool] = field(default_factory=dict)

    def _changed(self, spec: RowSpec, row: models.Model, entry: LoadedRow | None) -> dict[str, Any]:
        """Values that the file changed since the last load; without one, those that differ from the row."""
        changed = {}
        for name, value in spec.values.items():
            if isinstance(value, Ref) and (value.model, value.key) in self.renewed:
                changed[name] = value
            elif entry is not None:
                if name not in entry.values or entry.values[name] != as_json(value):
                    changed[name] = value
            elif not self._same(row, name, value):
                changed[name] = value
        return {name: value for name, value in changed.items() if not self._same(row, name, value)}

    def _same(self, row: models.Model, name: str, value: Any) -> bool:
        if isinstance(value, Ref):
            return getattr(row, f"{name}_id") == self._object(value).pk
        return as_json(getattr(row, name)) == as_json(value)

    def _create(self, spec: RowSpec, entry: LoadedRow | None) -> None:
        model: type[models.Model] = apps.get_model(spec.model)
        values = self._resolved(spec.values)
        if spec.versioned:
            values |= {"valid_from": self.plan.start, "reason": REASON}
        row = model(programme=self.programme, **values)
        assert isinstance(row, Row)
        row.stamp(self.by)
        self._validate(spec, row)
        self.objects[spec.model, spec.key] = row
        self.pending[spec.model].append((spec, row))
        self.result.created += 1
        if entry is not None:  # somebody deleted the row; the file still names it
            entry.delete()
            del self.manifest[spec.model, spec.key]

    def _flush(self, label: str) -> None:
        rows = self.pending.pop(label, [])
        if not rows or self.plan.problems:
            return
        model: type[models.Model] = apps.get_model(label)
        model._base_manager.bulk_create([row for _, row in rows])
        for spec, row in rows:
            self._note(spec, row)

    def _note(self, spec: RowSpec, row: models.Model) -> None:
        programme = getattr(self, "programme", None)
        self.new_manifest.append(
            LoadedRow(
                programme=programme, model=spec.model, key=spec.key, object_id=row.pk, values=self._said(spec)
            )
        )

    def _change(
        self, spec: RowSpec, row: models.Model, changed: dict[str, Any], entry: LoadedRow | None
    ) -> None:
        self.result.changed += 1
        if spec.versioned and row.valid_to is not None:  # type: ignore[attr-defined]
            self.result.changed -= 1
            self.result.kept += 1  # people decided a newer version; the file no longer speaks for it
        elif spec.versioned and row.valid_from < self.today:  # type: ignore[attr-defined]
            row = self._new_version(spec, row)
        else:
            for name, value in self._resolved(changed).items():
                setattr(row, name, value)
            self._validate(spec, row)
            assert isinstance(row, Row)
            row.stamp(self.by).save(update_fields=[*changed, "updated_by"])
        if entry is not None:
            entry.values, entry.object_id = self._said(spec), row.pk
            entry.save(update_fields=["values", "object_id"])

    def _new_version(self, spec: RowSpec, row: models.Model) -> models.Model:
        """Closes the version that was valid until yesterday and begins another today."""
        row.valid_to = self.today  # type: ignore[attr-defined]
        row.save(update_fields=["valid_to"])
        model: type[models.Model] = apps.get_model(spec.model)
        newer = model(
            programme=self.programme, **self._resolved(spec.values), valid_from=self.today, reason=REASON
        )
        assert isinstance(newer, Row)
        self._validate(spec, newer)
        newer.stamp(self.by).save()
        self.objects[spec.model, spec.key] = newer
        self.renewed.add((spec.model, spec.key))
        return newer

    def _validate(self, spec: RowSpec, row: models.Model) -> None:
        """Field rules of the model: lengths, choices, key patterns. Relations are checked already."""
        skip = [f.name for f in row._meta.fields if f.is_relation or f.name not in spec.values]
        try:
            with translation.override("en"):  # as all other reasons
                row.clean_fields(exclude=skip)
        except ValidationError as error:
            with translation.override("en"):
                for name, messages in error.message_dict.items():
                    self.plan.problem(spec.path, f"{name}: {' '.join(messages)}")

    # ------------------------------------------------------------------ rows that left the file

    def _remove_vanished(self, ordered: list[RowSpec]) -> None:
        named = {(spec.model, spec.key) for spec in ordered}
        vanished = [
            e for e in self.manifest.values() if (e.model, e.key) not in named and e.model != PROGRAMME
        ]
        vanished = [e for e in vanished if issubclass(apps.get_model(e.model), Row)]
        rows = [
            (e, row) for e in vanished if (row := self.present.get(e.model, {}).get(e.object_id)) is not None
        ]
        going: dict[type[models.Model], set[int]] = defaultdict(set)
        for _, row in rows:
            going[type(row)].add(row.pk)
        for entry, row in rows:
            holder = _referrer(row, going)
            if holder:
                self.plan.problem(
                    (),
                    f"{entry.model} {entry.key!r} left the file, but {holder} still refers to it; remove that first",
                )
        if self.plan.problems:
            return
        for _, row in sorted(rows, key=lambda pair: -pair[0].pk):
            valid_from = getattr(row, "valid_from", None)
            if valid_from is not None and valid_from < self.today:
                type(row)._base_manager.filter(pk=row.pk, valid_to=None).update(valid_to=self.today)
            else:
                row.delete()
            self.result.removed += 1
        LoadedRow.objects.filter(pk__in=[entry.pk for entry in vanished]).delete()


def _referrer(row: models.Model, going: dict[type[models.Model], set[int]]) -> str | None:
    """A row that points to this one and does not leave with it; None when there is none."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: type[models.Model] = relation.related_model
        if issubclass(model, pghistory.models.Event):
            continue
        holders = model._base_manager.filter(**{relation.field.name: row}).exclude(
            pk__in=going.get(model, ())
        )
        first = holders.first()
        if first is not None:
            return f"{model._meta.verbose_name} {first}"
    return None
