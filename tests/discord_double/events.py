"""The event that a bot receives when a member does something."""

from __future__ import annotations

import secrets

from tests.discord_double import world as things
from tests.discord_double.kinds import Kind
from tests.discord_double.records import Channel, Guild, Json, User
from tests.discord_double.world import World


def interaction_event(
    world: World,
    kind: Kind,
    data: Json,
    *,
    user: User,
    place: Guild | None,
    channel: Channel,
) -> Json:
    """Return what INTERACTION_CREATE says of something that a member does."""
    event: Json = {
        "id": str(world.new_id()),
        "application_id": str(world.application_id),
        "type": int(kind),
        "token": f"interaction-{secrets.token_urlsafe(48)}",
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "channel": things.channel_payload(channel, place) | {"permissions": "3072"},
        "app_permissions": str(things.BOT_PERMISSIONS),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": things.FILE_LIMIT,
    }
    if place is None:
        owners = {"1": str(user.id)}
        return event | {
            "user": things.user_payload(user),
            "context": 1,
            "authorizing_integration_owners": owners,
        }
    return event | {
        "member": things.member_payload(user),
        "guild_id": str(place.id),
        "guild": {"id": str(place.id), "locale": place.locale, "features": []},
        "guild_locale": place.locale,
        "context": 0,
        "authorizing_integration_owners": {"0": str(place.id)},
    }
