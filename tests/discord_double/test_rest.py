"""The routes: commands, callbacks and their deadlines, followups, files, unknown routes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discord_double import world
from tests.discord_double.errors import NoAnswerError
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble

MESSAGE: Json = {"type": 4, "data": {"content": "x"}}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def raw(clock: Clock) -> AsyncIterator[RawClient]:
    double = DiscordDouble(check_itself=True, clock=clock)
    async with double, raw_client(double) as client:
        yield client


async def test_an_answer_after_three_seconds_is_unknown(raw: RawClient, clock: Clock) -> None:
    in_time = await raw.double.slash("recommend", {}, wait=False)
    too_late = await raw.double.slash("recommend", {}, wait=False)
    clock.now += 3.0
    assert (await raw.respond(in_time, MESSAGE))[0] == 204
    assert in_time.latency == 3.0
    clock.now += 0.001
    status, body = await raw.respond(too_late, MESSAGE)
    assert (status, body) == (404, {"message": "Unknown interaction", "code": 10062})
    assert too_late.initial is None
    assert [one.code for one in too_late.rejections] == [10062]


async def test_waiting_for_an_answer_that_was_refused_names_the_refusal(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    await raw.respond(answer, {"type": 4, "data": {"content": "x" * 2_001}})
    with pytest.raises(NoAnswerError, match=r"data\.content: BASE_TYPE_MAX_LENGTH"):
        await answer.responded(timeout=0.01)


async def test_a_second_answer_is_refused(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    await raw.respond(answer, {"type": 5})
    status, body = await raw.respond(answer, MESSAGE)
    assert (status, body["code"]) == (400, 40060)


async def test_a_foreign_token_is_unknown(raw: RawClient) -> None:
    first = await raw.double.slash("recommend", {}, wait=False)
    path = f"/interactions/{int(first.interaction['id']) + 1}/{first.interaction['token']}/callback"
    assert (await raw.call("POST", path, MESSAGE))[1]["code"] == 10062
    path = f"/webhooks/{world.APPLICATION_ID}/made-up"
    assert (await raw.call("POST", path, {"content": "x"}))[1]["code"] == 10015


async def test_the_token_ends_after_15_minutes(raw: RawClient, clock: Clock) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    await raw.respond(answer, MESSAGE)
    clock.now += 900.0
    assert (await raw.call("POST", raw.webhook(answer), {"content": "y"}))[0] == 200
    clock.now += 0.001
    status, body = await raw.call("PATCH", raw.webhook(answer, "/messages/@original"), {})
    assert (status, body["code"]) == (401, 50027)


async def test_a_followup_before_the_answer_is_unknown(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, body = await raw.call("POST", raw.webhook(answer), {"content": "x"})
    assert (status, body["code"]) == (404, 10015)


@pytest.mark.parametrize("kind", [6, 7, 8, 1])
async def test_a_command_cannot_be_answered_like_a_component(raw: RawClient, kind: int) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    data: Json = {"choices": []} if kind == 8 else {"content": "x"}
    body: Json = {"type": kind} | ({} if kind == 1 else {"data": data})
    assert (await raw.respond(answer, body))[1]["code"] == 50035


async def test_what_with_response_gives(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    body = {"type": 5, "data": {"flags": 64}}
    status, given = await raw.respond(answer, body, query="?with_response=1")
    assert status == 200
    interaction = given["interaction"]
    assert interaction["response_message_loading"] is True
    assert interaction["response_message_ephemeral"] is True
    assert given["resource"]["message"]["id"] == interaction["response_message_id"]
    assert given["resource"]["message"]["flags"] == 64 | 128


async def test_messages_can_be_read_edited_and_deleted(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    await raw.respond(answer, MESSAGE)
    original = raw.webhook(answer, "/messages/@original")
    await raw.call("PATCH", original, {"embeds": [{"title": "t"}], "tts": False})
    _, seen = await raw.call("GET", original)
    assert (seen["content"], seen["embeds"]) == ("x", [{"title": "t", "type": "rich"}])
    status, body = await raw.call("PATCH", original, {"content": None, "embeds": None})
    assert (status, body["code"]) == (400, 50006)
    _, note = await raw.call("POST", raw.webhook(answer), {"content": "note"})
    own = raw.webhook(answer, f"/messages/{note['id']}")
    assert note["interaction_metadata"]["original_response_message_id"] == seen["id"]
    await raw.call("PATCH", own, {"content": "note 2"})
    assert [one["content"] for one in answer.followups] == ["note 2"]
    assert (await raw.call("DELETE", own))[0] == 204
    assert (await raw.call("GET", own))[1]["code"] == 10008
    assert (await raw.call("DELETE", original))[0] == 204
    assert answer.message is None


async def test_files_are_kept_by_the_ids_of_an_edit(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    event = answer.interaction
    body = {"type": 4, "data": {"attachments": [{"id": 1, "filename": "b.txt"}, {"id": "0"}]}}
    path = f"/interactions/{event['id']}/{event['token']}/callback"
    await raw.call_with_files("POST", path, body, b"first", b"second")
    assert answer.files == {"file0.txt": b"first", "b.txt": b"second"}
    assert answer.message is not None
    kept = [one["id"] for one in answer.message["attachments"] if one["filename"] == "b.txt"]
    edit: Json = {"attachments": [{"id": kept[0]}, {"id": 0, "filename": "c.txt"}]}
    original = raw.webhook(answer, "/messages/@original")
    await raw.call_with_files("PATCH", original, edit, b"third")
    assert answer.files == {"b.txt": b"second", "c.txt": b"third"}


async def test_a_file_that_is_too_large_is_refused(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    await raw.respond(answer, MESSAGE)
    status, body = await raw.call_with_files(
        "POST", raw.webhook(answer), {"content": "x"}, bytes(world.FILE_LIMIT + 1)
    )
    assert (status, body["code"]) == (413, 40005)


async def test_an_unknown_route_is_noted(raw: RawClient) -> None:
    status, body = await raw.call("GET", "/channels/1/messages?limit=2")
    assert (status, body["code"]) == (404, 0)
    assert raw.double.unknown_routes == ["GET /channels/1/messages"]
    assert raw.double.requests[-1].route is None


async def test_a_wrong_token_is_unauthorised(raw: RawClient) -> None:
    async with raw.session.get(raw.double.rest_url + "/users/@me") as response:
        assert response.status == 401
        assert response.headers["Via"]
    async with raw.session.get(raw.double.rest_url + "/gateway") as response:
        assert response.status == 200
        assert int(response.headers["X-RateLimit-Remaining"]) > 0


async def test_a_command_is_created_read_and_deleted(raw: RawClient) -> None:
    body = {"name": "lyrics", "description": "Words"}
    status, made = await raw.call("POST", raw.commands(), body)
    assert status == 201
    assert (await raw.call("GET", raw.commands(f"/{made['id']}")))[1]["name"] == "lyrics"
    assert [one["name"] for one in (await raw.call("GET", raw.commands()))[1]] == [
        "recommend",
        "lyrics",
    ]
    assert (await raw.call("DELETE", raw.commands(f"/{made['id']}")))[0] == 204
    assert (await raw.call("GET", raw.commands(f"/{made['id']}")))[1]["code"] == 10063
