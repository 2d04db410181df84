"""Whatever members type and press, the handlers answer within Discord's limits and ping nobody."""

import contextlib
import re
from typing import Any
from unittest.mock import AsyncMock, Mock

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.admin.records import ServerSettings
from bot.errors import MemberError
from bot.recommend.cog import RecommendCog
from bot.recommend.question import Action, Question, digest
from bot.recommend.records import Recommended, Terms
from bot.recommend.service import RecommendService
from tests import artifacts
from tests.discord_double.openapi import utf16_length
from tests.discord_double.rules import check_message

ASKER = 7
KNOWN = ["Johnny Cash", "Metallica", "jonny csh", "Johny Cash", *artifacts.STRANGE_NAMES]
HOSTILE = [
    *("", " ", "\u200b\u202e", "🎸" * 3_000, "x" * 6_000, "a\u0301" * 3_000, "\u202eمرحبا\u202c"),
    *("@everyone <@17> <@&18> <#19>", "discord.gg/abcde", "[x](https://evil.example)", "id:-1"),
    *(
        "J\u0338\u0328\u0327\u031bohnny\u0336\u0344\u0351",
        "**`~~||> # - 1. ```",
        "id:999999",
        "\x1b[2J",
    ),
]
TYPED = st.sampled_from([*KNOWN, *HOSTILE]) | st.text(max_size=60)
OPTIONS = st.fixed_dictionaries(
    {"artist": TYPED},
    optional={
        **{f"artist{number}": TYPED for number in range(2, 6)},
        "dial": st.sampled_from(["familiar", "very adventurous", "wild", ""]),
        "results": st.integers(-5, 30),
        "private": st.booleans(),
    },
)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def cog(service: RecommendService) -> RecommendCog:
    return RecommendCog(service=service, map_answer=AsyncMock(), preview_answer=AsyncMock())


@pytest.fixture
def asked() -> Mock:
    return interaction_of(ASKER)


def interaction_of(number: int) -> Mock:
    """An interaction of a member in a channel; quicker to make than with autospec."""
    response = AsyncMock(spec=discord.InteractionResponse, is_done=Mock(return_value=False))
    return Mock(
        spec=discord.Interaction,
        user=Mock(spec=discord.Member, id=number),
        response=response,
        followup=AsyncMock(spec=discord.Webhook),
        command=None,
        extras={},
        message=None,
        guild_id=31,
        channel_id=41,
        channel=None,
    )


async def ask(cog: RecommendCog, interaction: Mock, **options: Any) -> None:
    await cog.recommend.callback(cog, interaction, **options)  # pyright: ignore[reportCallIssue]


def sent(interaction: Mock) -> dict[str, Any]:
    """What the one answer held."""
    calls = [
        *interaction.response.send_message.await_args_list,
        *interaction.response.edit_message.await_args_list,
        *interaction.followup.send.await_args_list,
    ]
    (call,) = calls
    return dict(call.kwargs) | ({"content": call.args[0]} if call.args else {})


def check_limits(shown: dict[str, Any]) -> None:
    """Refuse what Discord refuses, and what mentions or invites."""
    view, embed = shown.get("view"), shown.get("embed")
    body: dict[str, Any] = {"content": shown.get("content", "")}
    if embed is not None:
        body["embeds"] = [embed.to_dict()]
        assert utf16_length(embed.description or "") <= 4096
        assert utf16_length(embed.title or "") <= 256
    if view:
        body["components"] = view.to_components()
    check_message(body, uploads=())
    texts = [body["content"], *([embed.title, embed.description] if embed is not None else [])]
    visible = re.sub(r"\]\(https?://[^\s()<>]+\)", "]", "\n".join(map(str, texts)))
    assert not re.search(r"@(?!\u200b)", visible)
    assert "discord.gg/a" not in visible
    assert "://" not in visible.replace(":\u200b//", "")


@SHARED
@given(options=OPTIONS)
async def test_whatever_is_typed_is_answered(cog: RecommendCog, options: dict[str, Any]) -> None:
    interaction = interaction_of(ASKER)
    try:
        await ask(cog, interaction, **options)
    except MemberError as error:
        shown = {"content": f"{error}."}
    else:
        shown = sent(interaction)
        assert shown["ephemeral"] == options.get("private", False)
    check_limits(shown)


@SHARED
@given(
    custom_id=st.text(max_size=100)
    | st.builds(
        lambda action, ids, step, results, offset: Question(
            tuple(ids), Terms(step, results, offset), ASKER, digest("v")
        ).custom_id(action),
        st.sampled_from(Action),
        st.lists(st.integers(0, 1_100), min_size=1, max_size=5),
        st.integers(0, 4),
        st.integers(1, 20),
        st.integers(0, 200),
    ),
    values=st.lists(st.text(max_size=30) | st.integers(0, 1_100).map(str), max_size=2),
    number=st.sampled_from([ASKER, 8]),
)
async def test_whatever_is_pressed_is_answered(
    cog: RecommendCog, custom_id: str, values: list[str], number: int
) -> None:
    interaction = interaction_of(number)
    await cog._press(interaction, custom_id, values)
    hooked = ":map:" in custom_id or ":hear:" in custom_id
    if not hooked or interaction.response.send_message.await_args_list:
        check_limits(sent(interaction))


@SHARED
@given(typed=TYPED, given_before=st.lists(TYPED, max_size=4))
async def test_whatever_is_typed_into_an_option_gets_choices(
    cog: RecommendCog, typed: str, given_before: list[str]
) -> None:
    interaction = interaction_of(ASKER)
    names = ["artist", *(f"artist{number}" for number in range(2, 6))]
    interaction.namespace = list(zip(names, [*given_before, typed], strict=False))
    choices = await cog.offer_artists(interaction, typed)  # pyright: ignore[reportCallIssue]
    assert len(choices) <= 25
    assert all(1 <= utf16_length(one.name) <= 100 for one in choices)
    assert all(1 <= utf16_length(str(one.value)) <= 100 for one in choices)


@pytest.mark.parametrize("private", [None, True, False])
@pytest.mark.parametrize(
    ("channels", "thread_of", "public"),
    [
        (set(), None, True),
        ({41}, None, True),
        ({42}, None, False),
        ({42}, 42, True),
        ({42}, 43, False),
    ],
)
async def test_channels_decide_who_sees_the_answer_unless_the_member_does(
    service: RecommendService,
    asked: Mock,
    private: bool | None,
    channels: set[int],
    *,
    thread_of: int | None,
    public: bool,
) -> None:
    settings_of = AsyncMock(return_value=ServerSettings(public_channels=frozenset(channels)))
    if thread_of is not None:
        asked.channel = Mock(spec=discord.Thread, parent_id=thread_of)
    cog = RecommendCog(service=service, settings_of=settings_of)
    await ask(cog, asked, artist="Johnny Cash", private=private)
    settings_of.assert_awaited_once_with(31)
    assert sent(asked)["ephemeral"] == (private if private is not None else not public)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [(None, "dial: familiar"), ("very adventurous", "dial: very adventurous"), ("balanced", "")],
)
async def test_the_servers_dial_holds_unless_the_member_gives_one(
    service: RecommendService, asked: Mock, chosen: str | None, shown: str
) -> None:
    settings_of = AsyncMock(return_value=ServerSettings(dial=-0.5))
    cog = RecommendCog(service=service, settings_of=settings_of)
    await ask(cog, asked, artist="Johnny Cash", dial=chosen)
    footer = sent(asked)["embed"].footer.text
    assert footer.endswith(shown)
    assert ("dial" in footer) == bool(shown)


async def test_a_map_and_a_preview_are_asked_of_those_who_make_them(
    service: RecommendService,
) -> None:
    maps, previews = AsyncMock(), AsyncMock()
    cog = RecommendCog(service=service, map_answer=maps, preview_answer=previews)
    answer = service.answer("Metallica", "Johnny Cash")
    assert isinstance(answer, Recommended)
    ids = tuple(artist.id for artist in answer.artists)
    question = Question(ids, Terms(), ASKER, digest(answer.version))
    stranger = interaction_of(8)
    await cog._press(stranger, question.custom_id(Action.MAP), ())
    maps.assert_awaited_once_with(stranger, ids[0])
    await cog._press(stranger, question.custom_id(Action.PREVIEW), ())
    previews.assert_awaited_once_with(stranger, answer.artist)


@pytest.mark.parametrize("action", [Action.MAP, Action.PREVIEW])
async def test_what_was_switched_off_meanwhile_says_so(
    service: RecommendService, asked: Mock, action: Action
) -> None:
    answer = service.answer("Metallica")
    assert isinstance(answer, Recommended)
    question = Question((answer.artist.id,), Terms(), ASKER, digest(answer.version))
    await RecommendCog(service=service)._press(asked, question.custom_id(action), ())
    assert "switched this off" in sent(asked)["content"]


async def test_a_fault_after_a_press_is_a_reference(
    cog: RecommendCog, service: RecommendService, asked: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "again", Mock(side_effect=ZeroDivisionError))
    question = Question((1,), Terms(), ASKER, b"abc")
    with contextlib.suppress(MemberError):
        await cog._press(asked, question.custom_id(Action.MORE), ())
    assert "reference" in sent(asked)["content"]
