"""From the errors of JSON Schema to the codes, paths and messages that Discord gives.

Unions are narrowed by their ``type``, so that a fault names the field and not the union.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import ValidationError

from tests.discord_double.records import FieldError

CONVERSIONS = {
    "string": ("STRING_TYPE_CONVERT", "Could not interpret the value as string."),
    "integer": ("NUMBER_TYPE_COERCE", "Value is not int."),
    "number": ("NUMBER_TYPE_COERCE", "Value is not float."),
    "boolean": ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
    "object": ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"),
    "array": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
}


def faults_of(error: ValidationError) -> Iterator[FieldError]:
    """Yield what a client is told for one error of the validation."""
    path = ".".join(str(step) for step in error.absolute_path)
    match error.validator:
        case "oneOf" | "anyOf":
            yield from _union_faults(error, path)
        case "required":
            required: Any = error.validator_value
            for name in required:
                if name not in error.instance:
                    yield _fault(path, name, "BASE_TYPE_REQUIRED", "This field is required")
        case "additionalProperties":
            schema: Any = error.schema
            sent: Any = error.instance
            for name in sorted(set(sent) - set(schema["properties"])):
                yield _fault(path, name, "UNKNOWN_KEY", "Discord's document has no such key")
        case _:
            code, message = _code(error)
            yield FieldError(path, code, message)


def _fault(path: str, name: str, code: str, message: str) -> FieldError:
    return FieldError(f"{path}.{name}".lstrip("."), code, message)


def _union_faults(error: ValidationError, path: str) -> Iterator[FieldError]:
    if not error.context:
        yield FieldError(path, "UNION_TYPE_CHOICES", "The value fits more than one type")
        return
    if all(one.validator in {"const", "type"} and not one.relative_path for one in error.context):
        yield from _simple_union_faults(error, path)
        return
    branches: dict[Any, list[ValidationError]] = {}
    for one in error.context:
        branches.setdefault(one.relative_schema_path[0], []).append(one)
    meant = [errors for errors in branches.values() if not any(map(_other_type, errors))]
    if not meant:
        yield _fault(path, "type", "UNION_TYPE_CHOICES", 'Value of field "type" is not a choice')
        return
    found = [[fault for one in errors for fault in faults_of(one)] for errors in meant]
    yield from min(found, key=len)


def _other_type(error: ValidationError) -> bool:
    if not error.relative_path:
        return error.validator == "type" and error.instance is not None
    return list(error.relative_path) == ["type"]


def _simple_union_faults(error: ValidationError, path: str) -> Iterator[FieldError]:
    constants = [one.validator_value for one in error.context if one.validator == "const"]
    if constants:
        choices = ", ".join(str(one) for one in constants)
        yield FieldError(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}}.")
        return
    wanted = [one.validator_value for one in error.context if one.validator_value != "null"]
    code, message = CONVERSIONS[str(wanted[-1])]
    yield FieldError(path, code, message)


def _length(error: ValidationError) -> tuple[str, str]:
    schema: Any = error.schema
    kind = str(error.validator)[3:]
    low, high = schema.get(f"min{kind}"), schema.get(f"max{kind}")
    if low is None:
        return "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length."
    return "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length."


def _type(error: ValidationError) -> tuple[str, str]:
    wanted: Any = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else [one for one in wanted if one != "null"]
    return CONVERSIONS[kinds[0]]


def _pattern(error: ValidationError) -> tuple[str, str]:
    schema: Any = error.schema
    if schema.get("format") == "snowflake":
        return "NUMBER_TYPE_COERCE", f'Value "{error.instance}" is not snowflake.'
    return "STRING_TYPE_REGEX", "String value did not match validation regex."


def _format(error: ValidationError) -> tuple[str, str]:
    if error.validator_value == "uri":
        return "URL_TYPE_INVALID_URL", "Not a well formed URL."
    return "DATE_TIME_TYPE_PARSE", f"Could not parse {error.instance}."


def _choices(error: ValidationError) -> tuple[str, str]:
    return "BASE_TYPE_CHOICES", f"Value must be one of {error.validator_value}."


def _most(error: ValidationError) -> tuple[str, str]:
    limit = error.validator_value
    return "NUMBER_TYPE_MAX", f"The value should be less than or equal to {limit}."


def _least(error: ValidationError) -> tuple[str, str]:
    limit = error.validator_value
    return "NUMBER_TYPE_MIN", f"The value should be greater than or equal to {limit}."


def _repeated(_error: ValidationError) -> tuple[str, str]:
    return "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value"


_CODES: dict[str, Callable[[ValidationError], tuple[str, str]]] = {
    "maxLength": _length,
    "minLength": _length,
    "maxItems": _length,
    "minItems": _length,
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "enum": _choices,
    "const": _choices,
    "maximum": _most,
    "minimum": _least,
    "uniqueItems": _repeated,
}


def _code(error: ValidationError) -> tuple[str, str]:
    translate = _CODES.get(str(error.validator))
    return translate(error) if translate else ("BASE_TYPE_INVALID", error.message)
