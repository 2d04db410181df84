"""The routes by which a bot answers interactions: the callback and the followup webhook."""

from __future__ import annotations

from typing import Any

from tests.discord_double.call import Call
from tests.discord_double.errors import DoubleError, RefusedError, invalid_form, unknown_message
from tests.discord_double.interactions import Answer, Interactions
from tests.discord_double.kinds import EPHEMERAL, LOADING, Kind, Reply, StoredMessage
from tests.discord_double.messages import MessageStore
from tests.discord_double.modal_rules import check_modal
from tests.discord_double.records import FieldError, Json
from tests.discord_double.rules import check_choices, check_message

# Which first responses each kind of interaction may get.
FITTING = {
    Kind.COMMAND: {Reply.MESSAGE, Reply.DEFERRED_MESSAGE, Reply.MODAL},
    Kind.COMPONENT: {
        Reply.MESSAGE,
        Reply.DEFERRED_MESSAGE,
        Reply.DEFERRED_UPDATE,
        Reply.UPDATE,
        Reply.MODAL,
    },
    Kind.AUTOCOMPLETE: {Reply.CHOICES},
    Kind.MODAL: {
        Reply.MESSAGE,
        Reply.DEFERRED_MESSAGE,
        Reply.DEFERRED_UPDATE,
        Reply.UPDATE,
    },
}


class Answers:
    """Takes what the bot sends, checks it, and lets the messages and the waiting test know."""

    def __init__(self, interactions: Interactions, messages: MessageStore) -> None:
        self._interactions = interactions
        self._messages = messages

    async def respond(self, call: Call) -> tuple[Any, int]:
        """POST the initial response of an interaction."""
        token = call.param("interaction_token")
        answer = self._interactions.to_acknowledge(call.param("interaction_id"), token)
        reply = Reply(call.body["type"])
        if reply not in FITTING[answer.kind] or (
            reply in {Reply.UPDATE, Reply.DEFERRED_UPDATE} and answer.source is None
        ):
            choices = ", ".join(str(int(one)) for one in sorted(FITTING[answer.kind]))
            raise invalid_form(
                [FieldError("type", "BASE_TYPE_CHOICES", f"Value must be one of ({choices}).")]
            )
        stored = self._first_message(answer, reply, call)
        answer.initial = call.body
        answer.latency = self._interactions.now() - answer.began
        if stored is not None:
            answer.original = stored
            answer.keep(stored)
        if not call.flag("with_response"):
            return None, 204
        return _callback_response(answer, reply, stored), 200

    def _first_message(self, answer: Answer, reply: Reply, call: Call) -> StoredMessage | None:
        data: Json = call.body.get("data") or {}
        flags = data.get("flags") or 0
        if reply is Reply.CHOICES:
            check_choices(data.get("choices") or [], _focused_type(answer.interaction["data"]))
        if reply is Reply.MODAL:
            check_modal(data)
        if reply is Reply.MESSAGE:
            check_message(data, uploads=call.uploads, at="data")
            return self._messages.create(answer, data, call.uploads, flags=flags)
        if reply is Reply.DEFERRED_MESSAGE:
            return self._messages.create(answer, {}, (), flags=flags & EPHEMERAL | LOADING)
        if reply is Reply.UPDATE and answer.source is not None:
            check_message(data, uploads=call.uploads, at="data", before=answer.source.payload)
            self._messages.edit(answer.source, data, call.uploads)
        return answer.source if reply in {Reply.UPDATE, Reply.DEFERRED_UPDATE} else None

    async def follow_up(self, call: Call) -> tuple[Any, int]:
        """POST a further message; the first one after a deferral takes the deferral's place."""
        answer = self._answer(call)
        data: Json = call.body
        original = answer.original
        if original is not None and original.loading and not original.deleted:
            check_message(data, uploads=call.uploads)
            self._messages.edit(original, data, call.uploads)
            answer.keep(original)
            return original.payload, 200
        if answer.reply in {Reply.MODAL, Reply.CHOICES}:
            raise RefusedError(404, 10015, "Unknown Webhook")
        check_message(data, uploads=call.uploads)
        flags = data.get("flags") or 0
        stored = self._messages.create(answer, data, call.uploads, flags=flags, after=original)
        answer.followup_messages.append(stored)
        answer.touched = True
        answer.keep(stored)
        return stored.payload, 200

    async def read_message(self, call: Call) -> tuple[Any, int]:
        """GET the original response or a followup."""
        return self._message(call, self._answer(call)).payload, 200

    async def edit_message(self, call: Call) -> tuple[Any, int]:
        """PATCH the original response or a followup."""
        answer = self._answer(call)
        stored = self._message(call, answer)
        check_message(call.body, uploads=call.uploads, before=stored.payload)
        self._messages.edit(stored, call.body, call.uploads)
        answer.touched = True
        answer.keep(stored)
        return stored.payload, 200

    async def delete_message(self, call: Call) -> tuple[Any, int]:
        """DELETE the original response or a followup."""
        answer = self._answer(call)
        stored = self._message(call, answer)
        stored.deleted = True
        answer.keep(stored)
        return None, 204

    def _answer(self, call: Call) -> Answer:
        return self._interactions.of_webhook(call.param("webhook_id"), call.param("webhook_token"))

    def _message(self, call: Call, answer: Answer) -> StoredMessage:
        name = call.request.match_info.get("message_id", "@original")
        own = [answer.original] if answer.original is not None else []
        for stored in [*own, *answer.followup_messages]:
            if not stored.deleted and name in {stored.payload["id"], "@original"}:
                return stored
        raise unknown_message()


def _focused_type(data: Json) -> int:
    for option in data["options"]:
        if option.get("focused"):
            return option["type"]
        if "options" in option:
            return _focused_type(option)
    raise DoubleError("an autocomplete without a focused option was sent")


def _callback_response(answer: Answer, reply: Reply, stored: StoredMessage | None) -> Json:
    interaction: Json = {"id": answer.interaction["id"], "type": int(answer.kind)}
    response: Json = {"interaction": interaction}
    if stored is None:
        return response
    interaction |= {
        "response_message_id": stored.payload["id"],
        "response_message_loading": stored.loading,
        "response_message_ephemeral": bool(stored.payload["flags"] & EPHEMERAL),
        "channel_id": stored.payload["channel_id"],
    }
    if answer.place is not None:
        interaction["guild_id"] = str(answer.place.id)
    if reply in {Reply.MESSAGE, Reply.DEFERRED_MESSAGE, Reply.UPDATE}:
        kind = Reply.UPDATE if reply is Reply.UPDATE else Reply.MESSAGE
        response["resource"] = {"type": int(kind), "message": stored.payload}
    return response
