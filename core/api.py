"""What every API resource shares: euros as strings, keyset paging, conditional answers.

The serializers of the apps describe what is sent (the OpenAPI document is made from them); rows are
written out as plain dictionaries, because DRF's field by field way costs more than the query does.
A test compares real answers with the description.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, Throttled, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config import limits
from core.money import eur_string
from core.rates import TooOften
from core.versions import EVERY_PROGRAMME

#: Part of every ETag: move it when the shape of an answer changes without the data changing.
SHAPE = 1


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["-78000000.00"]})
class EuroField(serializers.Field):
    """Signed euros as a decimal string made from cents: minus is a saving, null is unknown."""

    def to_representation(self, value: int) -> str | None:
        return eur_string(value)


def euros(**options: Any) -> EuroField:
    """A euro amount that may be unknown."""
    return EuroField(allow_null=True, read_only=True, **options)


class KeysetPagination(CursorPagination):
    """Pages by the last id seen, so that a deep page costs the same as the first one."""

    ordering = "id"
    page_size = limits.API_PAGE_ROWS
    page_size_query_param = "page_size"
    max_page_size = limits.API_PAGE_ROWS_MAX
    cursor_query_description = "Where the page begins; take it from `next` or `previous`."
    page_size_query_description = f"Rows on a page, at most {limits.API_PAGE_ROWS_MAX}."

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 writes what may be null; DRF still writes 3.0."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address | {"description": "Address of the next page; null on the last one."},
                "previous": address | {"description": "Address of the page before; null on the first one."},
                "results": schema,
            },
        }


class NotChanged(APIException):
    """The caller's copy is still good; answered as 304 without a body."""

    status_code = 304

    def __init__(self, etag: str) -> None:
        super().__init__()
        self.etag = etag


def data_versions(programme_ids: Iterable[int]) -> dict[int, int]:
    """The data version (core.versions) of each programme and of what is common to all, in one query."""
    ids = [*programme_ids, EVERY_PROGRAMME]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT programme_id, sum(counter) FROM core_changeslot WHERE programme_id = ANY (%s) GROUP BY 1",
            [ids],
        )
        return dict(cursor.fetchall())


def make_etag(*parts: object) -> str:
    """A strong entity tag of the parts: equal parts, equal answer."""
    text = "\x1f".join(str(part) for part in (SHAPE, *parts))
    return f'"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"'


def etag_known(header: str, etag: str) -> bool:
    """Whether If-None-Match names the tag. Proxies that compress write W/ before it or -gzip into it."""
    given = (part.strip().removeprefix("W/").replace('-gzip"', '"') for part in header.split(","))
    return header.strip() == "*" or etag in given


class ReadView(APIView):
    """A resource that is read only: a strong ETag, private caching, filters that refuse what they do not know."""

    http_method_names = ["get", "head", "options"]
    filters: type[serializers.Serializer] | None = None
    _etag: str | None = None

    def read_filters(self) -> dict[str, Any]:
        """The checked query parameters. A misspelt one is refused: it would silently give all rows."""
        given = self.request.query_params
        known = {KeysetPagination.cursor_query_param, KeysetPagination.page_size_query_param}
        form = self.filters(data=given.dict()) if self.filters else None
        unknown = set(given) - known - set(form.fields if form else ())
        if unknown:
            raise ValidationError({name: [_("Unknown parameter.")] for name in sorted(unknown)})
        if form is None:
            return {}
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def answer_unless_known(self, *parts: object) -> None:
        """Ends the request with 304 when the caller already holds the answer that the parts name."""
        self._etag = make_etag(self.request.get_full_path(), *parts)
        if etag_known(self.request.headers.get("If-None-Match", ""), self._etag):
            raise NotChanged(self._etag)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Cookie"])
        if self._etag and response.status_code in {200, 304}:
            response["ETag"] = self._etag
        return response


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's own, with an empty 304 for a copy that is still good."""
    from rest_framework.views import exception_handler as drf_handler

    if isinstance(error, NotChanged):
        return Response(status=304)
    if isinstance(error, TooOften):
        error = Throttled(error.wait)
    return drf_handler(error, dict(context))


class BearerScheme(OpenApiAuthenticationExtension):
    """Tells the OpenAPI document how a token is sent."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of `manage.py api_token USERNAME`.",
        }


@extend_schema(exclude=True)
class UnknownAddress(ReadView):
    """Answers addresses that lead nowhere in JSON like every other answer of the API."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound()
