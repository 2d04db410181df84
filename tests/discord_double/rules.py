"""What Discord refuses in messages although its OpenAPI document does not say so.

Lengths of single texts are in the document and checked there (in UTF-16 code units): content
2,000, embed title 256, description 4,096, field name 256 and value 1,024, footer 2,048, author
256, custom id 100, label 80, at most 25 fields, 10 embeds, 5 buttons in a row, 25 choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tests.discord_double.components import BUTTON, SELECTS, walk
from tests.discord_double.errors import RefusedError, invalid_form
from tests.discord_double.openapi import utf16_length
from tests.discord_double.polls import poll_faults
from tests.discord_double.records import FieldError, Json, Upload

COMPONENTS_V2 = 1 << 15
EMBEDS_TOGETHER, ROWS, COMPONENTS, V2_TEXT, CHOICE_VALUE = 6_000, 5, 40, 4_000, 100
# Beyond this processed size Discord answers 500: discord/discord-api-docs issue 8554.
V2_BYTES, V2_BYTES_PER_TEXT = 10_170, 12
ROW, TEXT_DISPLAY = 1, 10
LINK, PREMIUM = 5, 6
REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


def check_message(
    data: Json, *, uploads: Sequence[Upload], at: str = "", before: Json | None = None
) -> None:
    """Refuse a message that Discord refuses; ``before`` is the one that it changes.

    Raises:
        RefusedError: 50035 with the path of each fault (below ``at``), 50006 for an empty message.
    """
    after = {key: before[key] for key in ("content", "embeds", "components")} if before else {}
    after |= {key: value for key, value in data.items() if key in {"content", "poll"} or value}
    after |= {key: [] for key in ("embeds", "components") if key in data and not data[key]}
    flags = (data.get("flags") or 0) | (before["flags"] if before else 0)
    faults = [
        *(_v2_faults(after) if flags & COMPONENTS_V2 else _legacy_faults(after)),
        *_embed_faults(after.get("embeds") or []),
        *_component_faults(after.get("components") or []),
        *_attachment_faults(data, uploads, before),
        *(poll_faults(data["poll"]) if data.get("poll") else ()),
    ]
    if faults:
        prefix = f"{at}." if at else ""
        raise invalid_form(FieldError(prefix + one.path, one.code, one.message) for one in faults)
    kept = data.get("attachments", before["attachments"] if before else [])
    said = (after.get("content") or "").strip()
    if not any((said, *map(after.get, ("embeds", "components", "poll")), uploads, kept)):
        raise RefusedError(400, 50006, "Cannot send an empty message")


def check_choices(choices: Sequence[Json | None], option_type: int) -> None:
    """Refuse autocomplete choices whose values do not fit the option that is being typed."""
    faults: list[FieldError] = []
    fitting: dict[int, tuple[type, ...]] = {3: (str,), 4: (int,), 10: (int, float)}
    for index, choice in enumerate(choices):
        path, value = f"data.choices.{index}.value", (choice or {}).get("value")
        if choice is not None and not isinstance(value, fitting.get(option_type, (object,))):
            faults.append(FieldError(path, "BASE_TYPE_INVALID", "The value has another type"))
        elif isinstance(value, str) and utf16_length(value) > CHOICE_VALUE:
            text = f"Must be {CHOICE_VALUE} or fewer in length."
            faults.append(FieldError(path, "BASE_TYPE_MAX_LENGTH", text))
    if faults:
        raise invalid_form(faults)


def _legacy_faults(message: Json) -> Iterator[FieldError]:
    rows = message.get("components") or []
    if len(rows) > ROWS:
        text = f"Must be between 1 and {ROWS} in length."
        yield FieldError("components", "BASE_TYPE_BAD_LENGTH", text)
    for index, row in enumerate(rows):
        if row["type"] != ROW:
            text = 'Value of field "type" must be one of (1,).'
            yield FieldError(f"components.{index}.type", "UNION_TYPE_CHOICES", text)


def _v2_faults(message: Json) -> Iterator[FieldError]:
    for key in ("content", "embeds", "poll"):
        if message.get(key):
            text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield FieldError(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    everything = list(walk(message.get("components") or []))
    if len(everything) > COMPONENTS:
        text = f"Must be between 1 and {COMPONENTS} in length."
        yield FieldError("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", text)
    texts = [one["content"] for one in everything if one["type"] == TEXT_DISPLAY]
    if sum(map(utf16_length, texts)) > V2_TEXT:
        text = f"The text of all components exceeds the maximum length of {V2_TEXT}"
        yield FieldError("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)
    elif sum(len(one.encode()) + V2_BYTES_PER_TEXT for one in texts) > V2_BYTES:
        raise RefusedError(500, 0, "500: Internal Server Error")


def _embed_faults(embeds: Sequence[Json]) -> Iterator[FieldError]:
    if sum(map(_embed_size, embeds)) > EMBEDS_TOGETHER:
        text = f"Embed size exceeds maximum size of {EMBEDS_TOGETHER}"
        yield FieldError("embeds", "MAX_EMBED_SIZE_EXCEEDED", text)
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        if not any(embed.get(key) for key in embed if key not in {"type", "flags", "color"}):
            yield FieldError(f"{path}.description", *REQUIRED)
        for number, field in enumerate(embed.get("fields") or []):
            for key in ("name", "value"):
                if not field[key].strip():
                    yield FieldError(f"{path}.fields.{number}.{key}", *REQUIRED)


def _embed_size(embed: Json) -> int:
    texts: list[Any] = [embed.get("title"), embed.get("description")]
    texts.append((embed.get("footer") or {}).get("text"))
    texts.append((embed.get("author") or {}).get("name"))
    texts += [field[key] for field in embed.get("fields") or [] for key in ("name", "value")]
    return sum(utf16_length(text) for text in texts if text)


def _component_faults(components: Sequence[Json]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for path, component in _with_paths(components, "components"):
        custom_id = component.get("custom_id")
        if custom_id in seen:
            text = "Component custom id cannot be duplicated"
            yield FieldError(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        seen |= {custom_id} if custom_id else set()
        if component["type"] == BUTTON:
            yield from _button_faults(path, component)
        elif component["type"] == ROW:
            yield from _row_faults(path, component)
        elif component["type"] in SELECTS:
            yield from _select_faults(path, component)


def _with_paths(components: Sequence[Json], path: str) -> Iterator[tuple[str, Json]]:
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        yield here, component
        yield from _with_paths(component.get("components") or [], f"{here}.components")
        if component.get("accessory"):
            yield f"{here}.accessory", component["accessory"]


def _button_faults(path: str, button: Json) -> Iterator[FieldError]:
    style = button["style"]
    if style == LINK:
        if not button.get("url"):
            yield FieldError(f"{path}.url", "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        if button.get("custom_id"):
            text = "A custom id and url cannot both be specified"
            code = "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"
            yield FieldError(f"{path}.custom_id", code, text)
    elif style != PREMIUM and not button.get("custom_id"):
        text = "A custom id is required"
        yield FieldError(f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", text)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        text = "A label or emoji is required"
        yield FieldError(path, "BUTTON_COMPONENT_INVALID_LABEL", text)


def _row_faults(path: str, row: Json) -> Iterator[FieldError]:
    wide = [one["type"] in SELECTS for one in row["components"]]
    for index, (before, after) in enumerate(pairwise(wide), start=1):
        if before or after:
            text = "The specified component exceeds the maximum width"
            yield FieldError(f"{path}.components.{index}", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)


def _select_faults(path: str, select: Json) -> Iterator[FieldError]:
    values: set[str] = set()
    for index, option in enumerate(select.get("options") or []):
        if option["value"] in values:
            text = "The specified option value is already used"
            where = f"{path}.options.{index}"
            yield FieldError(where, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        values.add(option["value"])


def _attachment_faults(
    data: Json, uploads: Sequence[Upload], before: Json | None
) -> Iterator[FieldError]:
    there = {str(upload.index) for upload in uploads}
    there |= {one["id"] for one in (before or {}).get("attachments", [])}
    for index, one in enumerate(data.get("attachments") or []):
        if str(one["id"]) not in there:
            text = f"Attachment data for this attachment (#{one['id']}) was not sent"
            yield FieldError(f"attachments.{index}", "ATTACHMENT_NOT_FOUND", text)
