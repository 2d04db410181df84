"""Where it can be read that Discord answers with a code, or has the limit that the code is for.

The reference does not list the codes inside ``errors``. Where no report of a code was found, its
source is the rule that it stands for, and the code is the one known from Discord's own answers.
"""

from __future__ import annotations

REFERENCE = "https://docs.discord.com/developers/"
DOCUMENT = "https://github.com/discord/discord-api-spec"
ERROR_BODIES = REFERENCE + "reference#error-messages"
COMPONENTS = REFERENCE + "components/reference"
COMMANDS = REFERENCE + "interactions/application-commands"
ISSUES = "https://github.com/discord/discord-api-docs/issues/"

# Faults that follow from the types and limits in Discord's OpenAPI document.
_OF_THE_DOCUMENT = dict.fromkeys(
    (
        *("BASE_TYPE_REQUIRED", "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_BAD_LENGTH"),
        *("BASE_TYPE_CHOICES", "BASE_TYPE_INVALID", "UNION_TYPE_CHOICES"),
        *("STRING_TYPE_CONVERT", "STRING_TYPE_REGEX", "URL_TYPE_INVALID_URL"),
        *("NUMBER_TYPE_MAX", "NUMBER_TYPE_COERCE"),
    ),
    f"{DOCUMENT} and {ERROR_BODIES}",
)

SOURCES: dict[str, str] = _OF_THE_DOCUMENT | {
    "UNKNOWN_KEY": "allowances.py: our strictness, Discord ignores such keys",
    "MAX_EMBED_SIZE_EXCEEDED": REFERENCE + "resources/message#embed-object-embed-limits",
    "COMPONENT_CUSTOM_ID_DUPLICATED": ISSUES + "3673",
    "COMPONENT_LAYOUT_WIDTH_EXCEEDED": ISSUES + "3395",
    "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED": ISSUES.replace("issues", "pull") + "7534",
    "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED": ISSUES + "8554",
    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2": ISSUES.replace("issues", "pull")
    + "7487",
    "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED": (
        "https://github.com/Would-You-Bot/client/issues/304"
    ),
    "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED": COMPONENTS + "#button",
    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE": COMPONENTS + "#button",
    "BUTTON_COMPONENT_URL_REQUIRED": COMPONENTS + "#button",
    "BUTTON_COMPONENT_INVALID_LABEL": COMPONENTS + "#button",
    "ATTACHMENT_NOT_FOUND": REFERENCE + "reference#uploading-files",
    "POLL_TYPE_QUESTION_ALLOWS_TEXT_ONLY": "https://github.com/hikari-py/hikari/pull/2219",
    "APPLICATION_COMMAND_INVALID_NAME": "https://github.com/Garlic-Team/gcommands/issues/295",
    "APPLICATION_COMMAND_TOO_LARGE": "https://github.com/discord-jda/JDA/issues/1799",
    "APPLICATION_COMMAND_INVALID_DESCRIPTION": COMMANDS + "#user-commands",
    "APPLICATION_COMMAND_INVALID_OPTIONS": COMMANDS + "#user-commands",
    "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS": COMMANDS
    + "#application-command-object-application-command-option-structure",
    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID": COMMANDS
    + "#application-command-object-application-command-structure",
    "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE": COMMANDS
    + "#application-command-object-application-command-option-structure",
    "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID": "https://github.com/discordjs/discord.js/issues/7648",
}
