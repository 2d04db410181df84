"""The application, its guilds and people, as the payloads that Discord sends about them.

Ids of people, guilds and channels are the same in every run; ids of interactions and messages
carry the time, as discord.py reads it from them.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from typing import Any

from tests.discord_double.records import EPOCH_MS, Channel, Guild, Json, User

APPLICATION_ID = 1_100_000_000_000_000_001
JOINED = "2024-02-03T04:05:06.000000+00:00"
FILE_LIMIT = 10 * 2**20

JUNE = User(210_000_000_000_000_017, "june", "June Carter")
OTIS = User(210_000_000_000_000_029, "otis", "Otis")
NINA = User(210_000_000_000_000_037, "nina", "Nina", locale="de")
OWNER = User(210_000_000_000_000_031, "owner", "The Owner", permissions=0x8)

# What the application may do in the channels of its guilds: send, embed, attach, read.
BOT_PERMISSIONS = 0x800 | 0x4000 | 0x8000 | 0x400 | 0x10000


def default_token() -> str:
    """Return a token of the usual three-part shape, which belongs to nobody."""
    first = base64.b64encode(str(APPLICATION_ID).encode()).decode().rstrip("=")
    return f"{first}.double.{'local-' * 5}end"


def guild(index: int = 0, name: str | None = None) -> Guild:
    """Return the ``index``-th deterministic guild; neighbours fall on different shards."""
    base = (75_000_000_000 + index) << 22
    channels = (Channel(base + 1, "music"), Channel(base + 2, "off-topic"))
    return Guild(base, name or f"Listening Room {index}", channels)


def user_payload(user: User) -> Json:
    """Return a person as Discord's user object."""
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.display_name,
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def member_payload(user: User) -> Json:
    """Return a person as a guild's member, with the permissions an interaction carries."""
    return {
        "user": user_payload(user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": JOINED,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "permissions": str(user.permissions),
    }


def channel_payload(channel: Channel, place: Guild | None) -> Json:
    """Return a channel as it appears in GUILD_CREATE and INTERACTION_CREATE."""
    if place is None:
        return {"id": str(channel.id), "type": 1, "last_message_id": None, "flags": 0}
    return {
        "id": str(channel.id),
        "guild_id": str(place.id),
        "name": channel.name,
        "type": channel.type,
        "position": place.channels.index(channel),
        "topic": None,
        "nsfw": False,
        "flags": 0,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [],
    }


class World:
    """Everything that is there before the bot logs in."""

    def __init__(self, guilds: Sequence[Guild], token: str) -> None:
        self.guilds = {place.id: place for place in guilds}
        self.token = token
        self.application_id = APPLICATION_ID
        self._last_id = 0

    def new_id(self) -> int:
        """Return a fresh snowflake of this moment; later ones are always greater."""
        now = (int(time.time() * 1000) - EPOCH_MS) << 22
        self._last_id = max(now, self._last_id + 1)
        return self._last_id

    def bot_user(self) -> Json:
        """Return the bot's own user object."""
        bot = user_payload(User(self.application_id, "Crossfade"))
        return bot | {"bot": True}

    def me(self) -> Json:
        """Return what GET /users/@me says of the bot."""
        return self.bot_user() | {
            "mfa_enabled": False,
            "locale": "en-US",
            "premium_type": 0,
            "email": None,
            "verified": True,
            "bio": "",
        }

    def application(self) -> Json:
        """Return what GET /oauth2/applications/@me says of the application."""
        return {
            "id": str(self.application_id),
            "name": "Crossfade",
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.bot_user(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "eligible_oauth2_scopes": [],
            "tags": [],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": user_payload(OWNER),
            "approximate_guild_count": len(self.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "integration_types_config": {"0": {}},
        }

    def my_guilds(self) -> list[Json]:
        """Return what GET /users/@me/guilds lists."""
        return [
            {
                "id": str(place.id),
                "name": place.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(BOT_PERMISSIONS),
                "features": [],
            }
            for place in sorted(self.guilds.values(), key=lambda place: place.id)
        ]

    def ready(self, session: str, shard: tuple[int, int], resume_url: str) -> Json:
        """Return the READY event of one shard."""
        return {
            "v": 10,
            "user": self.me(),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in self.on_shard(shard)],
            "session_id": session,
            "resume_gateway_url": resume_url,
            "session_type": "normal",
            "shard": list(shard),
            "application": {"id": str(self.application_id), "flags": 0},
            "private_channels": [],
            "presences": [],
            "_trace": ["the local Discord"],
        }

    def on_shard(self, shard: tuple[int, int]) -> list[Guild]:
        """Return the guilds whose events go to this (id, count)."""
        number, count = shard
        return [place for place in self.guilds.values() if place.shard(count) == number]

    def guild_create(self, place: Guild) -> Json:
        """Return the GUILD_CREATE event; without the members intent only the bot is a member."""
        everyone: dict[str, Any] = {
            "id": str(place.id),
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": 0,
            "permissions": str(BOT_PERMISSIONS),
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        bot = member_payload(OWNER) | {"user": self.bot_user()}
        bot.pop("permissions")
        return {
            "id": str(place.id),
            "name": place.name,
            "icon": None,
            "splash": None,
            "banner": None,
            "description": None,
            "owner_id": str(OWNER.id),
            "preferred_locale": place.locale,
            "features": [],
            "roles": [everyone],
            "emojis": [],
            "stickers": [],
            "channels": [channel_payload(channel, place) for channel in place.channels],
            "threads": [],
            "members": [bot],
            "member_count": 4,
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "large": False,
            "unavailable": False,
            "joined_at": JOINED,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "vanity_url_code": None,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "max_members": 500_000,
        }
