"""Message bodies of components v2, menus and polls at and beyond Discord's limits."""

from __future__ import annotations

from typing import Any

from tests.discord_double.body_cases import EMOJI, V2, button, menu, row, text
from tests.discord_double.records import Json

PICTURE: Json = {"media": {"url": "https://example.org/a.png"}}


def v2(*components: Json) -> Json:
    return {"flags": V2, "components": list(components)}


def box(*components: Json, **changes: Any) -> Json:
    return {"type": 17, "components": list(components)} | changes


def section(*texts: Json, accessory: Json | None = None) -> Json:
    return {"type": 9, "components": list(texts), "accessory": accessory or button()}


def gallery(count: int) -> Json:
    return {"type": 12, "items": [PICTURE] * count}


def choice(kind: int, custom_id: str = "who", **changes: Any) -> Json:
    return {"type": kind, "custom_id": custom_id} | changes


def poll(*answers: str, question: Json | None = None, **changes: Any) -> Json:
    asked = {"text": "Which one?"} if question is None else question
    offered = [{"poll_media": {"text": answer}} for answer in answers or ("this", "that")]
    return {"poll": {"question": asked, "answers": offered} | changes}


ACCEPTED_LAYOUTS: dict[str, Json] = {
    "40 components": v2(box(*[text("x")] * 39)),
    "a text of 4,000 astral units": v2(text(EMOJI * 2_000)),
    "a box with a colour and a spoiler": v2(box(text("x"), accent_color=0xFFFFFF, spoiler=True)),
    "a section of 3 texts with a button": v2(section(text("a"), text("b"), text("c"))),
    "a section with a picture": v2(section(text("a"), accessory={"type": 11} | PICTURE)),
    "a gallery of 10": v2(gallery(10)),
    "a separator": v2(text("x"), {"type": 14, "divider": True, "spacing": 2}),
    "a row in a box": v2(box(row(button()))),
    "rows in two boxes": v2(box(row(button("a"))), box(row(button("b")))),
    "a menu of people": {"components": [row(choice(5))]},
    "a menu of roles": {"components": [row(choice(6, min_values=0, max_values=25))]},
    "a menu of people and roles": {"components": [row(choice(7, placeholder="x" * 150))]},
    "a menu of channels": {"components": [row(choice(8, channel_types=[0, 5]))]},
    "a menu that takes none": {"components": [row(menu("x", "y") | {"min_values": 0})]},
    "a menu's option at its limits": {
        "components": [
            row(
                choice(
                    3, options=[{"label": "x" * 100, "value": "y" * 100, "description": "z" * 100}]
                )
            )
        ]
    },
    "a disabled button": {"components": [row(button(disabled=True))]},
    "a poll of 10 answers": poll(*[f"answer {number}" for number in range(10)]),
    "a poll of an answer of 55": poll("x" * 55, "y"),
    "a poll's question of 300": poll(question={"text": "x" * 300}),
    "a poll of 32 days": poll(duration=768, allow_multiselect=True, layout_type=1),
    "suppressed embeds": {"content": "https://example.org", "flags": 1 << 2},
    "a silent message": {"content": "x", "flags": 1 << 12},
}

REFUSED_LAYOUTS: dict[str, tuple[Json, str, str]] = {
    "a text of 4,001": (v2(text("x" * 4_001)), "data.components.0.content", "BASE_TYPE_BAD_LENGTH"),
    "an empty text": (v2(text("")), "data.components.0.content", "BASE_TYPE_BAD_LENGTH"),
    "4,001 astral units in v2": (
        v2(text(EMOJI * 1_000), text(EMOJI * 1_000), text("x")),
        "data.components",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "a poll beside v2": (
        v2(text("x")) | poll(),
        "data.poll",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "an empty box": (v2(box()), "data.components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "a box in a box": (
        v2(box(box(text("x")))),
        "data.components.0.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "a box's colour beyond white": (
        v2(box(text("x"), accent_color=1 << 24)),
        "data.components.0.accent_color",
        "NUMBER_TYPE_MAX",
    ),
    "a section of 4 texts": (
        v2(section(*[text("x")] * 4)),
        "data.components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a section without an accessory": (
        v2({"type": 9, "components": [text("x")]}),
        "data.components.0.accessory",
        "BASE_TYPE_REQUIRED",
    ),
    "a gallery of 11": (v2(gallery(11)), "data.components.0.items", "BASE_TYPE_BAD_LENGTH"),
    "a picture's description of 1,025": (
        v2(section(text("a"), accessory={"type": 11, "description": "x" * 1_025} | PICTURE)),
        "data.components.0.accessory.description",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a custom id twice across boxes": (
        v2(box(row(button("a"))), section(text("x"), accessory=button("a"))),
        "data.components.1.accessory.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a button outside a row": (
        {"components": [button()]},
        "data.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "two menus in a row": (
        {"components": [row(choice(5, "a"), choice(6, "b"))]},
        "data.components.0.components.1",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "a menu's placeholder of 151": (
        {"components": [row(choice(5, placeholder="x" * 151))]},
        "data.components.0.components.0.placeholder",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a menu that takes 26": (
        {"components": [row(choice(5, max_values=26))]},
        "data.components.0.components.0.max_values",
        "NUMBER_TYPE_MAX",
    ),
    "a menu without options": (
        {"components": [row(choice(3))]},
        "data.components.0.components.0.options",
        "BASE_TYPE_REQUIRED",
    ),
    "an option's label of 101": (
        {"components": [row(choice(3, options=[{"label": "x" * 101, "value": "y"}]))]},
        "data.components.0.components.0.options.0.label",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an option's description of 51 astral letters": (
        {
            "components": [
                row(choice(3, options=[{"label": "x", "value": "y", "description": EMOJI * 51}]))
            ]
        },
        "data.components.0.components.0.options.0.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a link without an address": (
        {"components": [row(button(None, style=5))]},
        "data.components.0.components.0.url",
        "BUTTON_COMPONENT_URL_REQUIRED",
    ),
    "a link with a custom id": (
        {"components": [row(button("a", style=5, url="https://example.org"))]},
        "data.components.0.components.0.custom_id",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    "a button of an unknown style": (
        {"components": [row(button(style=9))]},
        "data.components.0.components.0.style",
        "BASE_TYPE_CHOICES",
    ),
    "a poll of 11 answers": (
        poll(*[f"answer {number}" for number in range(11)]),
        "data.poll.answers",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a poll of an answer of 56": (
        poll("y", "x" * 56),
        "data.poll.answers.1.poll_media.text",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a poll's question of 301": (
        poll(question={"text": "x" * 301}),
        "data.poll.question.text",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a poll of 33 days": (poll(duration=769), "data.poll.duration", "NUMBER_TYPE_MAX"),
    "a poll that ends at a time": (
        poll(duration="2024-04-10T01:12:45+00:00"),
        "data.poll.duration",
        "NUMBER_TYPE_COERCE",
    ),
    "a poll's question with an emoji": (
        poll(question={"text": "x", "emoji": {"name": EMOJI}}),
        "data.poll",
        "POLL_TYPE_QUESTION_ALLOWS_TEXT_ONLY",
    ),
    "a poll without answers": (
        {"poll": {"question": {"text": "x"}}},
        "data.poll.answers",
        "BASE_TYPE_REQUIRED",
    ),
}
