"""Where discord.py and Discord's OpenAPI document differ although Discord takes what it is sent.

Everything else that the document does not list is refused, also keys that Discord would ignore:
a misspelt key must fail a test. (The document forbids no extra keys; that is our strictness.)
"""

from __future__ import annotations

from tests.discord_double.records import Json

INTEGER: Json = {"type": ["integer", "null"]}
BOOLEAN: Json = {"type": ["boolean", "null"]}

# Schema -> keys it lacks that discord.py 2.7 sends. Who sends them is named at the right.
EXTRA_KEYS: dict[str, dict[str, Json]] = {
    "RichEmbed": {"flags": INTEGER},  # Embed.to_dict
    "ApplicationCommandCreateRequest": {"nsfw": BOOLEAN},  # Command.to_dict
    "ApplicationCommandUpdateRequest": {"nsfw": BOOLEAN},  # Command.to_dict
    "IncomingWebhookUpdateRequestPartial": {"tts": BOOLEAN},  # handle_message_parameters
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {
        "tts": BOOLEAN  # interaction_message_response_params
    },
    "ComponentEmojiForRequest": {"animated": BOOLEAN},  # PartialEmoji.to_dict
}

# Schema -> ids that the document types as strings and discord.py sends as integers.
INTEGER_IDS: dict[str, tuple[str, ...]] = {
    "MessageAttachmentRequest": ("id",),  # File.to_dict: the index of files[n]
    "MessageAllowedMentionsRequest": ("users", "roles"),  # AllowedMentions.to_dict
}
