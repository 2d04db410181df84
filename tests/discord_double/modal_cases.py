"""Modals at and beyond Discord's limits."""

from __future__ import annotations

from typing import Any

from tests.discord_double.body_cases import EMOJI
from tests.discord_double.records import Json


def field(custom_id: str = "why", **changes: Any) -> Json:
    return {"type": 4, "custom_id": custom_id, "style": 1, "label": "Why?"} | changes


def line(*fields: Json) -> Json:
    return {"type": 1, "components": list(fields)}


def labelled(component: Json, **changes: Any) -> Json:
    bare = {key: value for key, value in component.items() if key != "label"}
    return {"type": 18, "label": "Why?", "component": bare} | changes


def modal(*components: Json, **changes: Any) -> Json:
    return {"custom_id": "tell", "title": "Tell us", "components": list(components)} | changes


def lines(count: int) -> list[Json]:
    return [line(field(f"line{number}")) for number in range(count)]


OPTIONS = [{"label": "x", "value": value} for value in "ab"]

ACCEPTED_MODALS: dict[str, Json] = {
    "5 lines": modal(*lines(5)),
    "a title of 45": modal(line(field()), title="x" * 45),
    "a custom id of 100": modal(line(field()), custom_id="x" * 100),
    "a field at its limits": modal(
        line(
            field(
                "x" * 100,
                label="l" * 45,
                placeholder="p" * 100,
                value="v" * 4_000,
                min_length=0,
                max_length=4_000,
                style=2,
            )
        )
    ),
    "an optional field": modal(line(field(required=False))),
    "a labelled field": modal(labelled(field(), description="d" * 100)),
    "a labelled menu": modal(labelled({"type": 3, "custom_id": "pick", "options": OPTIONS})),
    "a labelled menu of people": modal(labelled({"type": 5, "custom_id": "who"})),
    "an upload": modal(labelled({"type": 19, "custom_id": "file", "max_values": 10})),
    "a text above a field": modal({"type": 10, "content": "x"}, labelled(field())),
    "a title of 22 astral letters": modal(line(field()), title=EMOJI * 22),
}

REFUSED_MODALS: dict[str, tuple[Json, str, str]] = {
    "6 lines": (modal(*lines(6)), "data.components", "BASE_TYPE_BAD_LENGTH"),
    "no line": (modal(), "data.components", "BASE_TYPE_BAD_LENGTH"),
    "a title of 46": (modal(line(field()), title="x" * 46), "data.title", "BASE_TYPE_BAD_LENGTH"),
    "a title of 23 astral letters": (
        modal(line(field()), title=EMOJI * 23),
        "data.title",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "no title": (
        {"custom_id": "tell", "components": [line(field())]},
        "data.title",
        "BASE_TYPE_REQUIRED",
    ),
    "a custom id of 101": (
        modal(line(field()), custom_id="x" * 101),
        "data.custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an empty custom id": (
        modal(line(field()), custom_id=""),
        "data.custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a field's label of 46": (
        modal(line(field(label="x" * 46))),
        "data.components.0.components.0.label",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a field without a label": (
        modal(line(field(label=None))),
        "data.components.0.components.0.label",
        "BASE_TYPE_REQUIRED",
    ),
    "a field of an unknown style": (
        modal(line(field(style=3))),
        "data.components.0.components.0.style",
        "BASE_TYPE_CHOICES",
    ),
    "a placeholder of 101": (
        modal(line(field(placeholder="x" * 101))),
        "data.components.0.components.0.placeholder",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a longest text of 4,001": (
        modal(line(field(max_length=4_001))),
        "data.components.0.components.0.max_length",
        "NUMBER_TYPE_MAX",
    ),
    "a value of 4,001": (
        modal(line(field(value="x" * 4_001))),
        "data.components.0.components.0.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "two fields in a line": (
        modal(line(field("a"), field("b"))),
        "data.components.0.components.1",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "a custom id twice": (
        modal(line(field("a")), labelled(field("a"))),
        "data.components.1.component.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a button": (
        modal(line({"type": 2, "style": 1, "label": "x", "custom_id": "b"})),
        "data.components.0.components.0.type",
        "BASE_TYPE_CHOICES",
    ),
    "a field outside a line": (modal(field()), "data.components.0.type", "UNION_TYPE_CHOICES"),
}
