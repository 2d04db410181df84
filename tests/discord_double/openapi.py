"""Checks bodies against the copied parts of Discord's OpenAPI document.

Text is measured in UTF-16 code units.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.discord_double.allowances import EXTRA_KEYS, INTEGER_IDS
from tests.discord_double.errors import DoubleError
from tests.discord_double.extract_openapi import PARTS, references
from tests.discord_double.faults import faults_of
from tests.discord_double.records import FieldError, Json

DOCUMENT = "urn:discord-openapi-parts"
URL = re.compile(r"(https?|attachment|discord)://\S+", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """Return how long Discord takes a text to be: its UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Contract:
    """Discord's document, with the allowances of ``allowances.py``."""

    def __init__(self, *, check_responses: bool, check_requests: bool = True) -> None:
        self._check_responses = check_responses
        self._check_requests = check_requests

    def check_request(self, route: str, method: str, body: Any) -> list[FieldError]:
        """Return what is wrong with a request's body; an empty list if nothing is."""
        validator = _validator(route, method.lower(), "request")
        if validator is None or not self._check_requests:
            return []
        errors = validator.iter_errors({} if body is None else body)
        return list(dict.fromkeys(fault for error in errors for fault in faults_of(error)))

    def check_response(self, route: str, method: str, body: Any, status: int) -> None:
        """Raise if the local Discord itself would answer what Discord does not."""
        validator = _validator(route, method.lower(), "response")
        if self._check_responses and validator is not None and status in {200, 201}:
            faults = [fault for one in validator.iter_errors(body) for fault in faults_of(one)]
            if faults:
                raise DoubleError(f"the double's own answer to {method} {route}: {faults}")


@functools.cache
def _document() -> Json:
    document: Json = json.loads(PARTS.read_text(encoding="utf-8"))
    schemas: dict[str, Json] = document["components"]["schemas"]
    for name, keys in EXTRA_KEYS.items():
        schemas[name]["properties"] |= copy.deepcopy(keys)
    for name, keys in INTEGER_IDS.items():
        for key in keys:
            _allow_integers(schemas[name]["properties"], key)
    for name in _reachable(document):
        if "properties" in schemas[name]:
            schemas[name].setdefault("additionalProperties", False)
    return document


def _allow_integers(properties: Json, key: str) -> None:
    schema = properties[key]
    if "items" in schema:
        schema["items"] = {"anyOf": [schema["items"], {"type": "integer", "minimum": 0}]}
    else:
        properties[key] = {"anyOf": [schema, {"type": "integer", "minimum": 0}]}


def _reachable(document: Json) -> set[str]:
    pending = [
        name
        for methods in document["paths"].values()
        for parts in methods.values()
        for name in references(parts.get("request", {}))
    ]
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += references(document["components"]["schemas"][name])
    return found


def _length_check(
    too: Callable[[int, int], bool],
) -> Callable[[Any, int, Any, Json], Iterator[ValidationError]]:
    def check(
        _validator: Any, limit: int, instance: Any, _schema: Json
    ) -> Iterator[ValidationError]:
        if isinstance(instance, str) and too(utf16_length(instance), limit):
            yield ValidationError(f"length {utf16_length(instance)}, limit {limit}")

    return check


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("uri")
def _is_url(value: object) -> bool:
    return not isinstance(value, str) or URL.fullmatch(value) is not None


@_FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


_Validator = validators.extend(
    Draft202012Validator,
    {
        "maxLength": _length_check(lambda length, limit: length > limit),
        "minLength": _length_check(lambda length, limit: length < limit),
    },
)


@functools.cache
def _validator(route: str, method: str, part: str) -> Any:
    document = _document()
    schema = document["paths"].get(route, {}).get(method, {}).get(part)
    if schema is None:
        return None
    resource = Resource(contents=document, specification=DRAFT202012)
    registry = Registry().with_resource(DOCUMENT, resource)
    pointer = (
        "/".join(
            step.replace("~", "~0").replace("/", "~1") for step in ("paths", route, method, part)
        )
        .replace("{", "%7B")
        .replace("}", "%7D")
    )
    formats = _FORMATS if part == "request" else None
    return _Validator({"$ref": f"{DOCUMENT}#/{pointer}"}, registry=registry, format_checker=formats)
