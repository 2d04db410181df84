"""Which request bodies the local Discord takes, and what it says of those it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discord_double.body_cases import (
    ACCEPTED_MESSAGES,
    CHOICE_CASES,
    REFUSED_MESSAGES,
    V2,
    text,
)
from tests.discord_double.command_cases import ACCEPTED_COMMANDS, REFUSED_COMMANDS
from tests.discord_double.layout_cases import ACCEPTED_LAYOUTS, REFUSED_LAYOUTS
from tests.discord_double.modal_cases import ACCEPTED_MODALS, REFUSED_MODALS
from tests.discord_double.raw_client import RawClient, raw_client
from tests.discord_double.records import Json
from tests.discord_double.server import DiscordDouble
from tests.discord_double.sources import SOURCES

ACCEPTED = ACCEPTED_MESSAGES | ACCEPTED_LAYOUTS
REFUSED = REFUSED_MESSAGES | REFUSED_LAYOUTS


@pytest.fixture
async def raw() -> AsyncIterator[RawClient]:
    async with DiscordDouble(check_itself=True) as double, raw_client(double) as client:
        yield client


def errors_at(answer: Json, path: str) -> list[str]:
    node = answer["errors"]
    for step in path.split("."):
        node = node[step]
    return [one["code"] for one in node["_errors"]]


@pytest.mark.parametrize("name", ACCEPTED)
async def test_a_body_at_the_limit_is_accepted(raw: RawClient, name: str) -> None:
    data = ACCEPTED[name]
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, body = await raw.respond(answer, {"type": 4, "data": data}, query="?with_response=1")
    assert (status, raw.double.rejections) == (200, [])
    assert body["resource"]["message"]["content"] == data.get("content", "")
    assert answer.message is not None
    assert len(answer.message["embeds"]) == len(data.get("embeds", []))


@pytest.mark.parametrize("name", REFUSED)
async def test_a_body_beyond_the_limit_is_refused_with_its_path(raw: RawClient, name: str) -> None:
    data, path, code = REFUSED[name]
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, body = await raw.respond(answer, {"type": 4, "data": data})
    assert (status, body["code"], body["message"]) == (400, 50035, "Invalid Form Body")
    assert errors_at(body, path) == [code]
    assert [(one.path, one.code) for one in raw.double.rejections[0].errors] == [(path, code)]
    assert answer.initial is None, "a refused response leaves the interaction open"
    status, _ = await raw.respond(answer, {"type": 4, "data": {"content": "sorry"}})
    assert status == 204


@pytest.mark.parametrize("data", [{}, {"content": "  "}, {"embeds": []}, {"components": []}])
async def test_an_empty_message_is_refused(raw: RawClient, data: Json) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, body = await raw.respond(answer, {"type": 4, "data": data})
    assert (status, body["code"]) == (400, 50006)


async def test_v2_text_of_more_than_about_10_kb_breaks_discord(raw: RawClient) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    data = {"flags": V2, "components": [text("歌" * 3_390)]}
    status, _ = await raw.respond(answer, {"type": 4, "data": data})
    assert status == 500


@pytest.mark.parametrize("name", CHOICE_CASES)
async def test_autocomplete_choices(raw: RawClient, name: str) -> None:
    choices, path, code = CHOICE_CASES[name]
    answer = await raw.double.begin_autocomplete("recommend", {"artist": "x"}, focused="artist")
    status, body = await raw.respond(answer, {"type": 8, "data": {"choices": choices}})
    if path is None:
        assert (status, answer.choices) == (204, choices)
    else:
        assert (status, errors_at(body, path)) == (400, [code])


@pytest.mark.parametrize("name", ACCEPTED_MODALS)
async def test_a_modal_at_the_limit_is_accepted(raw: RawClient, name: str) -> None:
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, _ = await raw.respond(answer, {"type": 9, "data": ACCEPTED_MODALS[name]})
    assert (status, raw.double.rejections) == (204, [])
    assert answer.modal == ACCEPTED_MODALS[name]


@pytest.mark.parametrize("name", REFUSED_MODALS)
async def test_a_modal_beyond_the_limit_is_refused_with_its_path(raw: RawClient, name: str) -> None:
    data, path, code = REFUSED_MODALS[name]
    answer = await raw.double.slash("recommend", {}, wait=False)
    status, body = await raw.respond(answer, {"type": 9, "data": data})
    assert (status, body["code"]) == (400, 50035)
    assert [(one.path, one.code) for one in raw.double.rejections[0].errors] == [(path, code)]
    assert answer.modal is None


def test_every_refusal_has_a_source_and_there_are_many() -> None:
    cases = [*REFUSED.values(), *REFUSED_MODALS.values(), *REFUSED_COMMANDS.values()]
    cases += [one for one in CHOICE_CASES.values() if one[1] is not None]
    accepted = len(ACCEPTED) + len(ACCEPTED_MODALS) + len(ACCEPTED_COMMANDS)
    assert {code for _, _, code in cases} <= set(SOURCES)
    assert len(cases) >= 60
    assert accepted >= 60
