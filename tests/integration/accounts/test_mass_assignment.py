"""A form changes the fields it shows and no others, whatever is sent with it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.db import models
from django.test import Client

from core.editing import RowForm
from core.permissions import ACTIONS, PROGRAMME
from tests.factories.places import Place
from tests.integration.accounts.every_url import Guard, address
from tests.integration.accounts.test_every_url import ASKED, GUARDS

pytestmark = [pytest.mark.usefixtures("taken_back"), pytest.mark.timeout(300)]
#: Kept by the database or by whoever saves, on every real change.
KEPT = {"version", "updated_at", "updated_by_id"}
#: Columns that a service moves because the form said so, by the form's field.
FOLLOWS = {
    "stage": {"withdrawn_on", "withdrawn_from"},
    "text_fi": {"written_on", "accepted_on", "accepted_by_id"},
    "parent": {"raised_on"},  # the form that raises a risk to the programme's register notes the day
}


def forged(field: models.Field, now: Any, foreign: Place) -> Any:
    """Another value than the field has, as a form would send it; None where there is none to think of."""
    if field.is_relation:
        target = field.related_model
        rows = target._default_manager.exclude(pk=now)
        if target._meta.label == "programme.Programme":
            return foreign.programme.pk
        row = rows.order_by("-pk").first()
        return row.pk if row else None
    if field.choices:
        return next((key for key, _label in field.flatchoices if key != now), None)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return "" if now else "on"
    if "Integer" in kind or kind == "BigAutoField":
        return (now or 0) + 7
    if kind == "DecimalField":
        return (now or Decimal(0)) + 1
    if kind == "DateField":
        return dt.date(2019, 1, 1)
    if kind == "DateTimeField":
        return "2019-01-01 12:00"
    if kind in {"CharField", "TextField", "SlugField"}:
        return "forged"
    return None


def columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def sent_by(form: forms.BaseForm) -> dict[str, Any]:
    """What the browser would send of the form as it is shown."""
    data = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field, forms.BooleanField) and not value:
            continue
        data[name] = "" if value is None else value
    return data


def forms_of_rows() -> list[tuple[str, Any, Guard]]:
    """The addresses that edit one row."""
    return [(name, pattern, GUARDS[name]) for name, pattern in ASKED if GUARDS[name].of and GUARDS[name].get == 200
            and GUARDS[name].post not in {405, 409}]  # fmt: skip


def narrowest(guard: Guard) -> str:
    """A role that may ask the address, a narrow one where there is one."""
    (action,) = guard.actions[:1]
    roles = ACTIONS[action]
    return next((role for role, scope in roles.items() if scope != PROGRAMME), next(iter(roles)))


def test_every_form_changes_its_own_fields_only(own: Place, foreign: Place) -> None:
    wrong, tried = {}, []
    for name, pattern, guard in forms_of_rows():
        client = Client()
        client.force_login(own.people[narrowest(guard)])
        url = address(name, pattern, guard, own.own)
        context = client.get(url).context
        form = context.get("form") if context else None
        if not isinstance(form, RowForm) or form.instance.pk is None:
            continue
        row = form.instance
        before = columns(type(row)._base_manager.get(pk=row.pk))
        more = {}
        for field in row._meta.concrete_fields:
            if field.name not in form.fields:
                value = forged(field, before[field.attname], foreign)
                if value is not None:
                    more |= {field.name: value, field.attname: value}
        client.post(url, more | sent_by(form))
        stored = type(row)._base_manager.filter(pk=row.pk).first()
        if stored is None:
            wrong[name] = {"the row": "gone"}
            continue
        after = columns(stored)
        own_columns = {
            row._meta.get_field(n).attname for n in form.fields if n in {f.name for f in row._meta.fields}
        }
        follows = {column for field, found in FOLLOWS.items() if field in form.fields for column in found}
        changed = {
            column: (before[column], after[column])
            for column in before
            if before[column] != after[column] and column not in KEPT | own_columns | follows
        }
        if changed or after["id"] != row.pk:
            wrong[name] = changed
        tried.append(name)

    assert wrong == {}
    assert len(tried) >= 15, tried


@pytest.mark.parametrize("role", ["measure", "theme", "sector", "segment", "project"])
def test_a_narrow_role_gets_no_field_it_does_not_see(role: str, own: Place, foreign: Place) -> None:
    """What the narrow role's own form shows of a measure is all that it can change of it, sent well-formed."""
    client = Client()
    client.force_login(own.people[role])
    url = f"/p/own/measures/{own.own.measure.code}/edit/"
    form = client.get(url).context["form"]
    measure = own.own.measure
    measure.refresh_from_db()
    before = columns(measure)
    data = sent_by(form) | {"name_fi": "Uusi nimi"}
    more = {
        "programme": foreign.programme.pk, "programme_id": foreign.programme.pk, "version": 99, "id": 1,
        "created_by": own.people["pmo"].pk, "updated_by": own.people["pmo"].pk, "is_illustrative": "on",
        "code": "T-FORGED", "confidence_of_pmo": "high", "withdrawn_on": "1.1.2024", "source_note": "forged",
    }  # fmt: skip
    answer = client.post(url, {key: value for key, value in more.items() if key not in form.fields} | data)

    assert answer.status_code == 302, answer.context["form"].errors
    measure.refresh_from_db()
    after = columns(measure)
    assert after["name_fi"] == "Uusi nimi"
    assert after["version"] == before["version"] + 1
    assert after["updated_by_id"] == own.people[role].pk
    assert {c for c in before if before[c] != after[c]} <= {
        "name_fi",
        "version",
        "updated_at",
        "updated_by_id",
    }


def test_a_person_forged_into_a_form_gets_no_power(own: Place) -> None:
    client = Client()
    client.force_login(own.people["pmo"])
    person = own.own.things["person"]
    type(person).objects.filter(pk=person.pk).update(email="p@example.org")
    url = f"/p/own/people/{person.pk}/edit/"
    data = sent_by(client.get(url).context["form"]) | {"first_name": "Uusi"}
    forged_values = {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "",
        "password": "x",
        "is_demo": "on",
    }
    assert client.post(url, data | forged_values).status_code == 302
    person.refresh_from_db()

    assert person.first_name == "Uusi"
    assert (person.is_superuser, person.is_staff, person.is_active, person.is_demo) == (
        False,
        False,
        True,
        False,
    )
