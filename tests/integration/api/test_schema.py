"""The OpenAPI document: complete, valid, and true of real answers."""

import datetime as dt
import json
import re

import jsonschema
import pytest
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from core.api import UnknownAddress
from measures.models import Series
from tests.factories.following import make_following


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def routes(patterns, prefix=""):
    """Every address below the patterns with its view class."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, getattr(pattern.callback, "cls", None)


def test_the_document_is_valid_openapi_3_1(schema):
    validate_schema(schema)

    assert schema["openapi"].startswith("3.1")


def test_every_address_of_the_api_is_described(schema):
    ours = {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
        for path, view in routes(get_resolver().url_patterns)
        if path.startswith("api/v1/") and view is not UnknownAddress
    }
    described = {re.sub(r"\{id\}", "{pk}", path) for path in schema["paths"] if path.startswith("/api/v1/")}

    assert ours
    assert ours == described


def test_every_operation_has_words_and_a_description_of_its_answer(schema):
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if path.startswith("/api/v1/"):
                assert operation["summary"] and operation["description"], path
                assert "application/json" in operation["responses"]["200"]["content"], path
                assert {"token": []} in operation["security"], path


@pytest.mark.parametrize(
    "path",
    ["programmes/", "programmes/{programme}/", "programmes/{programme}/summary/", "themes/", "goals/", "sectors/",
     "cost-types/", "measures/", "measures/{id}/", "savings/", "indicators/", "observations/", "target-rules/",
     "objectives/", "seasons/", "risks/", "decisions/"],
)  # fmt: skip
def test_real_answers_are_as_described(api, kymi, schema, path):
    measure = kymi.measure()
    kymi.entry(measure, dt.date(2024, 3, 1), -12_345)
    kymi.entry(measure, dt.date(2024, 2, 1), -12_345, Series.CLAIMED)
    make_following(kymi.programme)

    answer = api.get(path.format(programme="kymi", id=measure.pk))

    assert answer.status_code == 200
    assert answer.json().get("results") != []
    described = schema["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    whole = json.loads(json.dumps(described | {"components": schema["components"]}))
    _close_objects(whole["components"]["schemas"])
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(answer.json())


def _close_objects(schemas):
    """Lets no answer hold a key that is not described, nor lack one that is."""
    for description in schemas.values():
        if description.get("type") == "object":
            description["additionalProperties"] = False
            description["required"] = list(description["properties"])


def test_an_address_that_leads_nowhere_is_answered_in_json(api):
    answer = api.get("nothing/here/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json"


def test_the_documents_page_runs_no_script_of_its_own_text(client):
    answer = client.get("/api/docs/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert all(source.startswith("/") for source in re.findall(r'<script src="([^"]+)"', page))
    assert "script-src 'self'" in answer["Content-Security-Policy"]
