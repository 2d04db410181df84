"""What Discord refuses in modals although its OpenAPI document does not say so."""

from __future__ import annotations

from collections.abc import Iterator

from tests.discord_double.errors import invalid_form
from tests.discord_double.records import FieldError, Json

ROW, LABEL = 1, 18
MOST = 5


def check_modal(modal: Json) -> None:
    """Refuse a modal that Discord refuses.

    Raises:
        RefusedError: 50035 with the path of each fault, below ``data``.
    """
    if faults := [*_size_faults(modal), *_field_faults(modal)]:
        raise invalid_form(FieldError(f"data.{one.path}", one.code, one.message) for one in faults)


def _size_faults(modal: Json) -> Iterator[FieldError]:
    if len(modal["components"]) > MOST:
        text = f"Must be between 1 and {MOST} in length."
        yield FieldError("components", "BASE_TYPE_BAD_LENGTH", text)
    for index, row in enumerate(modal["components"]):
        for number in range(1, len(row.get("components") or ())):
            path = f"components.{index}.components.{number}"
            text = "The specified component exceeds the maximum width"
            yield FieldError(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)


def _field_faults(modal: Json) -> Iterator[FieldError]:
    seen: set[str] = set()
    for path, field in _fields(modal):
        if field["custom_id"] in seen:
            text = "Component custom id cannot be duplicated"
            yield FieldError(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        seen.add(field["custom_id"])
        if ".components." in path and not field.get("label"):
            yield FieldError(f"{path}.label", "BASE_TYPE_REQUIRED", "This field is required")


def _fields(modal: Json) -> Iterator[tuple[str, Json]]:
    for index, part in enumerate(modal["components"]):
        if part["type"] == LABEL:
            yield f"components.{index}.component", part["component"]
        elif part["type"] == ROW:
            for number, field in enumerate(part["components"]):
                yield f"components.{index}.components.{number}", field
