"""Texts that would run if a page let them, and a county in which every text is one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

#: What a payload would call; the browser test defines it, and no page of ours knows the word.
CALL = "zqx"

PAYLOADS = (
    "<script>zqx(1)</script>",
    "</script><script>zqx(2)</script>",
    "<ScRiPt>zqx(3)</sCrIpT>",
    "<script src=data:text/javascript,zqx(4)></script>",
    "<img src=x onerror=zqx(5)>",
    "<img src=x onerror=\"zqx(6)\">",
    "\"><img src=x onerror=zqx(7)>",
    "'><img src=x onerror=zqx(8)>",
    "\" onmouseover=\"zqx(9)\" x=\"",
    "' onfocus='zqx(10)' autofocus='",
    "<svg onload=zqx(11)>",
    "<svg/onload=zqx(12)//",
    "<svg><script>zqx(13)</script></svg>",
    "<svg><animate onbegin=zqx(14) attributeName=x>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=zqx(15)>",
    "<body onload=zqx(16)>",
    "<iframe src=javascript:zqx(17)></iframe>",
    "<iframe srcdoc='<script>zqx(18)</script>'></iframe>",
    "<object data=javascript:zqx(19)></object>",
    "<embed src=javascript:zqx(20)>",
    "<a href=javascript:zqx(21)>x</a>",
    "<a href='java\tscript:zqx(22)'>x</a>",
    "javascript:zqx(23)",
    "<form action=javascript:zqx(24)><button>x</button></form>",
    "<button formaction=javascript:zqx(25)>x</button>",
    "<input autofocus onfocus=zqx(26)>",
    "<select autofocus onfocus=zqx(27)></select>",
    "<textarea></textarea><img src=x onerror=zqx(28)>",
    "</textarea><img src=x onerror=zqx(29)>",
    "</title><img src=x onerror=zqx(30)>",
    "</template><img src=x onerror=zqx(31)>",
    "</style><img src=x onerror=zqx(32)>",
    "<details open ontoggle=zqx(33)>",
    "<video><source onerror=zqx(34)></video>",
    "<meta http-equiv=refresh content='0;url=javascript:zqx(35)'>",
    "<base href=javascript:zqx(36)//>",
    "<div hx-on::load=zqx(37) hx-get=/ hx-trigger=load>",
    "{{ zqx(38) }}{% zqx %}${zqx(38)}",
    "\\u003cscript\\u003ezqx(39)\\u003c/script\\u003e&lt;script&gt;zqx(39)&lt;/script&gt;",
    "-->]]><img src=x onerror=zqx(40)><!--",
)  # fmt: skip

OURS = {"core", "accounts", "programme", "measures", "kpis", "risks", "strategy", "reporting"}
#: Words of addresses, names of codes and secrets: not texts that people write.
NO_TEXTS = {
    "slug", "key", "file_key", "code", "password", "username", "digest", "message_id", "sha256", "token", "scope",
    "kind", "state", "role", "language", "channel", "query", "page", "schedule", "url", "cause_key", "template",
}  # fmt: skip
EACH_TURN = 20  # payloads


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Fields of the model that hold what people wrote."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not field.choices
        and field.name not in NO_TEXTS
    ]


def payloads_of(turn: int, longest: int | None, shift: int = 0) -> str:
    """Twenty payloads, as many of them as fit; the first one always.

    Two turns have all of them; forty begin with each of them, so that each stands in the shortest texts too.
    """
    per_round = len(PAYLOADS) // EACH_TURN
    start = turn * EACH_TURN + turn // per_round + shift
    chosen = [PAYLOADS[(start + number) % len(PAYLOADS)] for number in range(EACH_TURN)]
    text = chosen[0]
    for more in chosen[1:]:
        if longest is not None and len(text) + 1 + len(more) > longest:
            break
        text += f" {more}"
    return text if longest is None else text[:longest]


def spoil(turn: int) -> Iterator[str]:
    """Writes payloads into every text of every row there is; yields `model.field` of those that took them."""
    for model in apps.get_models():
        if model._meta.app_label not in OURS or hasattr(model, "pgh_tracked_model") or model._meta.proxy:
            continue
        for number, field in enumerate(text_fields(model)):
            longest = field.max_length - 8 if field.max_length else None
            if longest is not None and longest < len(PAYLOADS[0]):
                continue
            # Short texts hold the first payloads only: every other one begins elsewhere.
            if _write(model, field, payloads_of(turn, longest, shift=number % 2 * EACH_TURN // 2)):
                yield f"{model._meta.label}.{field.name}"


def _write(model: type[models.Model], field: models.Field[Any, Any], text: str) -> bool:
    """False where the database knows better: the text has a form of its own, or the row never changes."""
    value = models.functions.Concat(
        models.Value(f"{text} "),
        models.functions.Cast("pk", models.CharField()),
        output_field=models.TextField(),
    )
    try:
        with transaction.atomic():
            rows = model._base_manager.update(**{field.name: value})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return rows > 0
    except DatabaseError:
        return False
