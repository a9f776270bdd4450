"""Labels of models and small helpers that all row makers use."""

from __future__ import annotations

from decimal import Decimal

from django.utils.text import slugify

from programme.loading.plan import LANGUAGES, Plan
from programme.loading.problems import Path
from programme.loading.values import Words, to_cents

ORGANISATION = "programme.Organisation"
PROGRAMME = "programme.Programme"
THEME = "programme.Theme"
GOAL = "programme.Goal"
SECTOR = "programme.Sector"
COST_TYPE = "programme.CostType"
TARGET = "programme.Target"
BODY = "programme.Body"
STATEMENT = "programme.Statement"

#: Why a target version begins with a load.
REASON = "programme file"


def cents(plan: Plan, path: Path, value: Decimal | None, unit: str) -> int | None:
    """Whole cents of an amount in the file; a problem when it is finer than a cent."""
    if value is None:
        return None
    try:
        return to_cents(value, unit)
    except ValueError as error:
        plan.problem(path, str(error))
        return 0


def key_of(part: Words, plain: str = "") -> str:
    """A key made of the first text there is."""
    text = part.fi or part.sv or part.en or plain
    return slugify(text)[:60].strip("-") or "x"


def in_words(text: Words | None, plan: Plan) -> dict[str, str] | None:
    """A text as {language: text}, for JSON."""
    if text is None:
        return None
    return {code: value for code in LANGUAGES if (value := plan.texts("x", text)[f"x_{code}"])}


def text_of(**texts: str) -> Words:
    """A text that the loader puts together itself."""
    return Words.model_validate(texts)
