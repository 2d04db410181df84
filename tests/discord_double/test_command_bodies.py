"""Which definitions of commands the local Discord takes, and what it says of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discord_double.command_cases import ACCEPTED_COMMANDS, REFUSED_COMMANDS, options
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble

RIGHT: Json = {"name": "lyrics", "description": "Words"}


@pytest.fixture
async def raw() -> AsyncIterator[RawClient]:
    async with DiscordDouble(check_itself=True) as double, raw_client(double) as client:
        yield client


@pytest.mark.parametrize("name", ACCEPTED_COMMANDS)
async def test_a_command_at_the_limit_is_accepted(raw: RawClient, name: str) -> None:
    command = RIGHT | ACCEPTED_COMMANDS[name]
    status, body = await raw.call("PUT", raw.commands(), [command])
    assert (status, raw.double.rejections) == (200, [])
    assert [one["name"] for one in body] == [command["name"]]
    assert (await raw.call("POST", raw.commands(), command))[0] == 201


@pytest.mark.parametrize("name", REFUSED_COMMANDS)
async def test_a_wrong_command_is_refused_with_its_path(raw: RawClient, name: str) -> None:
    changes, path, code = REFUSED_COMMANDS[name]
    status, body = await raw.call("PUT", raw.commands(), [RIGHT, RIGHT | {"name": "x"} | changes])
    assert (status, body["code"]) == (400, 50035)
    assert [(one.path.rstrip("."), one.code) for one in raw.double.rejections[0].errors] == [
        (f"1.{path}".rstrip("."), code)
    ]
    assert list(raw.double.commands) == ["recommend"], "a refused sync changes nothing"


async def test_two_commands_of_a_name_are_refused(raw: RawClient) -> None:
    _, body = await raw.call("PUT", raw.commands(), [RIGHT, RIGHT])
    assert body["errors"]["1"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
async def test_a_scope_holds_only_so_many_commands(raw: RawClient, kind: int, most: int) -> None:
    about = "" if kind > 1 else "x"
    many = [{"type": kind, "name": f"c{number}", "description": about} for number in range(most)]
    assert (await raw.call("PUT", raw.commands(), many))[0] == 200
    more = {"type": kind, "name": "more", "description": about}
    for method, body in (("POST", more), ("PUT", [*many, more])):
        status, told = await raw.call(method, raw.commands(), body)
        assert (status, told["code"]) == (400, 30032)
        assert told["message"] == f"Maximum number of application commands reached ({most})"
    assert (await raw.call("POST", raw.commands(), many[3]))[0] == 201, "it replaces one"


async def test_more_than_a_body_may_hold_is_refused_as_such(raw: RawClient) -> None:
    many = [RIGHT | {"name": f"c{number}"} for number in range(131)]
    _, body = await raw.call("PUT", raw.commands(), many)
    assert body["errors"]["_errors"] == [
        {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 130 or fewer in length."}
    ]


async def test_a_choice_twice_is_refused(raw: RawClient) -> None:
    twice = [{"name": "x", "value": "a"}, {"name": "x", "value": "b"}]
    option = {"type": 3, "name": "o", "description": "d", "choices": twice}
    _, body = await raw.call("PUT", raw.commands(), [RIGHT | options(option)])
    assert body["code"] == 50035
    assert [one.path for one in raw.double.rejections[0].errors] == ["0.options.0.choices.1"]
