"""Message bodies and autocomplete choices at and beyond Discord's limits."""

from __future__ import annotations

from typing import Any

from tests.discord_double.records import Json

EMOJI = "🎵"  # two UTF-16 code units, one code point
V2 = 1 << 15


def field(name: str = "n", value: str = "v") -> Json:
    return {"name": name, "value": value}


def button(custom_id: str | None = "a", **changes: Any) -> Json:
    return {"type": 2, "style": 1, "label": "b", "custom_id": custom_id} | changes


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def menu(*values: str) -> Json:
    options = [{"label": value, "value": value} for value in values]
    return {"type": 3, "custom_id": "menu", "options": options}


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def rows(count: int) -> list[Json]:
    return [row(button(f"b{index}")) for index in range(count)]


def embed(**parts: Any) -> Json:
    return {"embeds": [parts]}


ACCEPTED_MESSAGES: dict[str, Json] = {
    "content of 2,000": {"content": "x" * 2_000},
    "content of 1,000 astral letters": {"content": EMOJI * 1_000},
    "title of 256": embed(title="x" * 256),
    "description of 4,096": embed(description="x" * 4_096),
    "25 fields": embed(fields=[field()] * 25),
    "field at its limits": embed(fields=[field("n" * 256, "v" * 1_024)]),
    "footer of 2,048": embed(footer={"text": "x" * 2_048}),
    "author of 256": embed(author={"name": "x" * 256}),
    "6,000 in all embeds": {"embeds": [{"description": "x" * 3_000}] * 2},
    "10 embeds": {"embeds": [{"title": "x"}] * 10},
    "an embed of a picture only": embed(image={"url": "https://example.org/a.png"}),
    "flags in an embed": embed(title="x", flags=0, type="rich"),
    "5 rows": {"content": "x", "components": rows(5)},
    "5 buttons": {"components": [row(*[button(f"b{i}") for i in range(5)])]},
    "a label of 80": {"components": [row(button(label="x" * 80))]},
    "a custom id of 100": {"components": [row(button("x" * 100))]},
    "a link": {"components": [row(button(None, style=5, url="https://example.org"))]},
    "a button of an emoji": {
        "components": [row(button(label=None, emoji={"id": None, "name": EMOJI}))]
    },
    "a menu of 25": {"components": [row(menu(*[str(i) for i in range(25)]))]},
    "no mentions": {"content": "@everyone", "allowed_mentions": {"parse": []}},
    "integer ids of mentions": {"content": "x", "allowed_mentions": {"users": [1], "roles": [2]}},
    "components of v2": {"flags": V2, "components": [text("x"), row(button())]},
    "4,000 in v2": {"flags": V2, "components": [text("x" * 2_000)] * 2},
    "ephemeral": {"flags": 64, "content": "x", "tts": False},
}

REFUSED_MESSAGES: dict[str, tuple[Json, str, str]] = {
    "content of 2,001": ({"content": "x" * 2_001}, "data.content", "BASE_TYPE_MAX_LENGTH"),
    "content of 1,001 astral letters": (
        {"content": EMOJI * 1_001},
        "data.content",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "content that is a number": ({"content": 7}, "data.content", "STRING_TYPE_CONVERT"),
    "title of 257": (embed(title="x" * 257), "data.embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    "description of 4,097": (
        {"embeds": [{"title": "x"}, {"description": "x" * 4_097}]},
        "data.embeds.1.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "26 fields": (embed(fields=[field()] * 26), "data.embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
    "field name of 257": (
        embed(fields=[field(), field("n" * 257)]),
        "data.embeds.0.fields.1.name",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "field value of 1,025": (
        embed(fields=[field("n", "v" * 1_025)]),
        "data.embeds.0.fields.0.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a blank field value": (
        embed(fields=[field("n", " ")]),
        "data.embeds.0.fields.0.value",
        "BASE_TYPE_REQUIRED",
    ),
    "a field without a value": (
        embed(fields=[{"name": "n"}]),
        "data.embeds.0.fields.0.value",
        "BASE_TYPE_REQUIRED",
    ),
    "footer of 2,049": (
        embed(footer={"text": "x" * 2_049}),
        "data.embeds.0.footer.text",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "author of 257": (
        embed(author={"name": "x" * 257}),
        "data.embeds.0.author.name",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "6,001 in all embeds": (
        {"embeds": [{"description": "x" * 3_000}, {"title": "y", "description": "x" * 3_000}]},
        "data.embeds",
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    "11 embeds": ({"embeds": [{"title": "x"}] * 11}, "data.embeds", "BASE_TYPE_MAX_LENGTH"),
    "an empty embed": (embed(), "data.embeds.0.description", "BASE_TYPE_REQUIRED"),
    "a colour beyond white": (
        embed(title="x", color=1 << 24),
        "data.embeds.0.color",
        "NUMBER_TYPE_MAX",
    ),
    "a picture without a scheme": (
        embed(image={"url": "example.org/a.png"}),
        "data.embeds.0.image.url",
        "URL_TYPE_INVALID_URL",
    ),
    "a misspelt key": (embed(titel="x"), "data.embeds.0.titel", "UNKNOWN_KEY"),
    "6 rows": ({"components": rows(6)}, "data.components", "BASE_TYPE_BAD_LENGTH"),
    "6 buttons": (
        {"components": [row(*[button(f"b{i}") for i in range(6)])]},
        "data.components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an empty row": (
        {"components": [row()]},
        "data.components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a custom id twice": (
        {"components": [row(button("a")), row(button("b"), button("a"))]},
        "data.components.1.components.1.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a custom id of 101": (
        {"components": [row(button("x" * 101))]},
        "data.components.0.components.0.custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a label of 81": (
        {"components": [row(button(label="x" * 81))]},
        "data.components.0.components.0.label",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a button without a label": (
        {"components": [row(button(label=""))]},
        "data.components.0.components.0",
        "BUTTON_COMPONENT_INVALID_LABEL",
    ),
    "a button without a custom id": (
        {"components": [row(button(None))]},
        "data.components.0.components.0.custom_id",
        "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
    ),
    "a menu beside a button": (
        {"components": [row(button(), menu("x"))]},
        "data.components.0.components.1",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "a menu of 26": (
        {"components": [row(menu(*[str(i) for i in range(26)]))]},
        "data.components.0.components.0.options",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an option twice": (
        {"components": [row(menu("x", "y", "x"))]},
        "data.components.0.components.0.options.2",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "an unknown component": (
        {"components": [{"type": 99}]},
        "data.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "a text display without the flag": (
        {"components": [text("x")]},
        "data.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "content beside v2": (
        {"flags": V2, "content": "x", "components": [text("x")]},
        "data.content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "embeds beside v2": (
        {"flags": V2, "embeds": [{"title": "x"}], "components": [text("x")]},
        "data.embeds",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "4,001 in v2": (
        {"flags": V2, "components": [text("x" * 4_000), {"type": 17, "components": [text("y")]}]},
        "data.components",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "41 components of v2": (
        {"flags": V2, "components": [{"type": 17, "components": [text("x")] * 40}]},
        "data.components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "a file that was not sent": (
        {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}]},
        "data.attachments.0",
        "ATTACHMENT_NOT_FOUND",
    ),
    "mentions of everything": (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        "data.allowed_mentions.parse.0",
        "BASE_TYPE_CHOICES",
    ),
}


CHOICE_CASES: dict[str, tuple[list[Json], str | None, str]] = {
    "25 of 100 letters": ([{"name": "x" * 100, "value": "y" * 100}] * 25, None, ""),
    "none": ([], None, ""),
    "26": ([{"name": "x", "value": "y"}] * 26, "data.choices", "BASE_TYPE_MAX_LENGTH"),
    "a name of 101": (
        [{"name": "x", "value": "y"}, {"name": "x" * 101, "value": "y"}],
        "data.choices.1.name",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an empty name": ([{"name": "", "value": "y"}], "data.choices.0.name", "BASE_TYPE_BAD_LENGTH"),
    "a value of 51 astral letters": (
        [{"name": "x", "value": EMOJI * 51}],
        "data.choices.0.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a number for a text": (
        [{"name": "x", "value": 7}],
        "data.choices.0.value",
        "BASE_TYPE_INVALID",
    ),
    "no value": ([{"name": "x"}], "data.choices.0.value", "BASE_TYPE_REQUIRED"),
}
