"""Definitions of commands at and beyond Discord's limits."""

from __future__ import annotations

from typing import Any

from tests.discord_double.body_cases import EMOJI
from tests.discord_double.records import Json


def option(name: str = "o", **changes: Any) -> Json:
    return {"type": 3, "name": name, "description": "d"} | changes


def options(*given: Json) -> Json:
    return {"options": list(given)}


def choices(*values: Any, name: str | None = None) -> list[Json]:
    return [
        {"name": name or f"choice {index}", "value": value} for index, value in enumerate(values)
    ]


def subcommand(name: str, *below: Json, kind: int = 1) -> Json:
    return {"type": kind, "name": name, "description": "d", "options": list(below)}


# What is to be changed of a right command; `type` 2 and 3 are entries of menus.
ACCEPTED_COMMANDS: dict[str, Json] = {
    "a name of 32": {"name": "x" * 32},
    "a name of other scripts": {"name": "歌詞-ลอง_đi"},
    "a description of 100": {"description": "x" * 100},
    "25 options": options(*[option(f"o{index}") for index in range(25)]),
    "required before optional": options(option("a", required=True), option("b")),
    "25 choices": options(option(choices=choices(*[f"v{index}" for index in range(25)]))),
    "a choice at its limits": options(option(choices=choices("v" * 100, name="n" * 100))),
    "autocomplete": options(option(autocomplete=True)),
    "a range of numbers": options(option(type=4, min_value=1, max_value=10)),
    "a range of lengths": options(option(min_length=0, max_length=6_000)),
    "subcommands": options(subcommand("show", option()), subcommand("hide")),
    "a group of subcommands": options(subcommand("taste", subcommand("show"), kind=2)),
    "words in other languages": {
        "name_localizations": {"de": "liedtext"},
        "description_localizations": {"de": "Der Text eines Liedes"},
    },
    "for some members, in some places": {
        "default_member_permissions": 32,
        "contexts": [0, 1],
        "integration_types": [0],
    },
    "a message's menu": {"type": 3, "name": "Look it up", "description": ""},
    "a member's menu": {"type": 2, "name": "Their Taste 🎵", "description": ""},
}

REFUSED_COMMANDS: dict[str, tuple[Json, str, str]] = {
    "capitals": ({"name": "Lyrics"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "a space": ({"name": "my lyrics"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "an emoji": ({"name": EMOJI}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
    "33 letters": ({"name": "x" * 33}, "name", "BASE_TYPE_BAD_LENGTH"),
    "no name": ({"name": ""}, "name", "BASE_TYPE_BAD_LENGTH"),
    "no description": ({"description": ""}, "description", "BASE_TYPE_REQUIRED"),
    "a long description": ({"description": "x" * 101}, "description", "BASE_TYPE_MAX_LENGTH"),
    "a description of 51 astral letters": (
        {"description": EMOJI * 51},
        "description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a long description in another language": (
        {"description_localizations": {"tr": "x" * 101}},
        "description_localizations.tr",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "26 options": (
        options(*[option(f"o{index}") for index in range(26)]),
        "options",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "26 choices": (
        options(option(choices=choices(*[f"v{index}" for index in range(26)]))),
        "options.0.choices",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a choice of 51 astral letters": (
        options(option(choices=choices("a", EMOJI * 51))),
        "options.0.choices.1.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "an option's name": (options(option("Artist")), "options.0.name", "STRING_TYPE_REGEX"),
    "an option without a description": (
        options(option(description="")),
        "options.0.description",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an option twice": (
        options(option(), option()),
        "options.1.name",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    "required after optional": (
        options(option("a"), option("b", required=True)),
        "options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "required after optional in a subcommand": (
        options(subcommand("show", option("a"), option("b", required=True))),
        "options.0.options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "choices and autocomplete": (
        options(option(autocomplete=True, choices=choices("b"))),
        "options.0",
        "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
    ),
    "a subcommand beside an option": (
        options(option("value", type=4), subcommand("summary")),
        "options.1",
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "an unknown type": (options(option(type=77)), "options.0.type", "UNION_TYPE_CHOICES"),
    "an unknown key": ({"descripton": "x"}, "descripton", "UNKNOWN_KEY"),
    "more than 8,000 letters": (
        options(
            *[
                option(f"o{index}", choices=choices(*[f"{number:>90}" for number in range(5)]))
                for index in range(20)
            ]
        ),
        "",
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
    "a menu's entry with a description": (
        {"type": 3, "name": "Look it up", "description": "x"},
        "description",
        "APPLICATION_COMMAND_INVALID_DESCRIPTION",
    ),
    "a menu's entry with options": (
        {"type": 2, "name": "Look it up", "description": "", "options": [option()]},
        "options",
        "APPLICATION_COMMAND_INVALID_OPTIONS",
    ),
    "a menu's entry of 33 letters": (
        {"type": 3, "name": "x" * 33, "description": ""},
        "name",
        "BASE_TYPE_BAD_LENGTH",
    ),
}
