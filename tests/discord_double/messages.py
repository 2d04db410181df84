"""Messages: from what a bot sends to what Discord shows, and how edits change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.discord_double.components import complete_components, without_nulls
from tests.discord_double.errors import unknown_message
from tests.discord_double.interactions import Answer
from tests.discord_double.kinds import EPHEMERAL, LOADING, Kind, StoredMessage
from tests.discord_double.polls import shown_poll
from tests.discord_double.records import Json, Upload
from tests.discord_double.world import World, user_payload

# Flags that a bot may set: embeds suppressed, ephemeral, silent, voice, components v2.
SETTABLE = 1 << 2 | EPHEMERAL | 1 << 12 | 1 << 13 | 1 << 15
SLASH_ANSWER, REPLY, DEFAULT = 20, 19, 0
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


class MessageStore:
    """All messages of the local Discord by id."""

    def __init__(self, world: World) -> None:
        self.file_url = ""
        self._world = world
        self._messages: dict[int, StoredMessage] = {}

    def get(self, message_id: int) -> StoredMessage:
        """Return a message that still exists.

        Raises:
            RefusedError: 10008 when there is none.
        """
        stored = self._messages.get(message_id)
        if stored is None or stored.deleted:
            raise unknown_message()
        return stored

    def file(self, message_id: int, name: str) -> Upload | None:
        """Return an attachment's bytes."""
        stored = self._messages.get(message_id)
        return stored.files.get(name) if stored else None

    def create(
        self,
        answer: Answer,
        data: Json,
        uploads: Sequence[Upload],
        *,
        flags: int,
        after: StoredMessage | None = None,
    ) -> StoredMessage:
        """Make a message from a request's body; ``after`` is the message a followup follows."""
        seen_by = answer.user if flags & EPHEMERAL else None
        stored = StoredMessage(
            self._blank(answer, flags, after), answer.place, answer.channel, seen_by
        )
        self._apply(stored, data, uploads)
        self._messages[stored.id] = stored
        return stored

    def edit(self, stored: StoredMessage, data: Json, uploads: Sequence[Upload]) -> None:
        """Change a message as PATCH does: keys that are left out stay as they are."""
        was_loading = stored.loading
        stored.payload["flags"] &= ~LOADING
        if not was_loading:
            stored.payload["edited_timestamp"] = _now()
        self._apply(stored, data, uploads)

    def _blank(self, answer: Answer, flags: int, after: StoredMessage | None) -> Json:
        kind = SLASH_ANSWER if answer.kind is Kind.COMMAND else DEFAULT
        return {
            "id": str(self._world.new_id()),
            "channel_id": str(answer.channel.id),
            "type": kind if after is None else REPLY,
            "author": self._world.bot_user(),
            "content": "",
            "embeds": [],
            "components": [],
            "attachments": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "timestamp": _now(),
            "edited_timestamp": None,
            "flags": flags & (SETTABLE | LOADING),
            "webhook_id": str(self._world.application_id),
            "application_id": str(self._world.application_id),
            "interaction_metadata": _metadata(answer, after),
        }

    def _apply(self, stored: StoredMessage, data: Json, uploads: Sequence[Upload]) -> None:
        payload = stored.payload
        self._attach(stored, data, uploads)
        if "content" in data:
            payload["content"] = (data["content"] or "").strip()
            payload |= _mentions(payload["content"], data.get("allowed_mentions"), stored)
        if "embeds" in data:
            payload["embeds"] = [self._shown_embed(stored, one) for one in data["embeds"] or []]
        if "components" in data:
            payload["components"] = without_nulls(data["components"] or [])
            complete_components(payload["components"], lambda url: self._shown_at(stored, url))
        if data.get("poll"):
            payload["poll"] = shown_poll(data["poll"])
        if data.get("flags"):
            payload["flags"] |= data["flags"] & SETTABLE & ~EPHEMERAL
        payload["tts"] = bool(data.get("tts"))

    def _attach(self, stored: StoredMessage, data: Json, uploads: Sequence[Upload]) -> None:
        described = data.get("attachments")
        shown = {one["id"]: one for one in stored.payload["attachments"]}
        if described is not None:
            kept = {str(one["id"]) for one in described}
            shown = {key: one for key, one in shown.items() if key in kept}
        notes = {str(one["id"]): one for one in described or []}
        for upload in uploads:
            note = notes.get(str(upload.index), {})
            name = note.get("filename") or upload.filename
            stored.files[name] = upload
            attachment_id = str(self._world.new_id())
            url = f"{self.file_url}/{stored.id}/{name}"
            shown[attachment_id] = {
                "id": attachment_id,
                "filename": name,
                "size": len(upload.content),
                "url": url,
                "proxy_url": url,
                "content_type": PICTURES.get(name.rsplit(".", 1)[-1], upload.content_type),
            } | ({"description": note["description"]} if note.get("description") else {})
        stored.payload["attachments"] = list(shown.values())
        names = {one["filename"] for one in shown.values()}
        stored.files = {name: one for name, one in stored.files.items() if name in names}

    def _shown_at(self, stored: StoredMessage, url: str) -> str:
        if not url.startswith("attachment://"):
            return url
        return f"{self.file_url}/{stored.id}/{url.removeprefix('attachment://')}"

    def _shown_embed(self, stored: StoredMessage, embed: Json) -> Json:
        shown = without_nulls(embed)
        shown["type"] = "rich"
        for key in ("image", "thumbnail"):
            url = self._shown_at(stored, shown.get(key, {}).get("url", ""))
            if url:
                shown[key] = {"url": url, "proxy_url": url, "width": 0, "height": 0, "flags": 0}
        for field in shown.get("fields", []):
            field["inline"] = bool(field.get("inline"))
        return shown


def _mentions(content: str, allowed: Json | None, stored: StoredMessage) -> Json:
    parsed = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    named = {str(user) for user in (allowed or {}).get("users") or []}
    found = re.findall(r"<@!?(\d+)>", content)
    mentioned = [one for one in found if "users" in parsed or one in named]
    everyone = "everyone" in parsed and re.search(r"@(everyone|here)\b", content) is not None
    known = [stored.seen_by] if stored.seen_by else []
    people = {str(user.id): user_payload(user) for user in known}
    return {
        "mention_everyone": everyone,
        "mentions": [
            people.get(one, {"id": one, "username": one, "discriminator": "0", "avatar": None})
            for one in dict.fromkeys(mentioned)
        ],
    }


def _metadata(answer: Answer, after: StoredMessage | None) -> Json:
    metadata: Json = {
        "id": answer.interaction["id"],
        "type": int(answer.kind),
        "user": user_payload(answer.user),
        "authorizing_integration_owners": answer.interaction["authorizing_integration_owners"],
    }
    if answer.kind is Kind.COMMAND:
        metadata |= {"name": answer.interaction["data"]["name"], "command_type": 1}
    if answer.trigger is not None:
        metadata["triggering_interaction_metadata"] = _metadata(answer.trigger, None)
    if answer.kind is Kind.COMPONENT and answer.source is not None:
        metadata["interacted_message_id"] = str(answer.source.id)
    if after is not None:
        metadata["original_response_message_id"] = str(after.id)
    return metadata


def _now() -> str:
    return datetime.now(UTC).isoformat()
