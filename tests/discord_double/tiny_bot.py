"""A small real discord.py bot, by which the local Discord itself is tested."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from tests.discord_double.server import DiscordDouble

ARTISTS = ["Johnny Cash", "June Carter", "Otis Redding", "Johnny Hallyday"]


class MoreView(discord.ui.View):
    """Two buttons and a menu that change their message, and one that opens a modal."""

    @discord.ui.button(label="More", custom_id="more", emoji="🎵")
    async def more(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.edit_message(content="more artists")

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later artists", view=None)

    @discord.ui.button(label="Tell", custom_id="tell")
    async def tell(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(TellModal())

    @discord.ui.select(
        custom_id="pick",
        placeholder="Pick one",
        options=[discord.SelectOption(label=name) for name in ARTISTS],
    )
    async def pick(self, interaction: discord.Interaction, menu: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"picked {menu.values[0]}", ephemeral=True)


class TellModal(discord.ui.Modal, title="Tell us"):
    """Asks for one line of text."""

    why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Why?", custom_id="why")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"because {self.why.value}")


class Layout(discord.ui.LayoutView):
    """A message of components only."""

    box: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay("**Johnny Cash**"),
        discord.ui.Separator(),
        discord.ui.Section("and others", accessory=discord.ui.Button(label="Go", custom_id="go")),
        accent_colour=discord.Colour.red(),
    )


class TinyBot(commands.AutoShardedBot):
    """Knows one command for each way of answering; syncs them before it connects."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            command_prefix=[],
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
            **options,
        )
        self.seen: asyncio.Queue[str] = asyncio.Queue()
        self.hold = asyncio.Event()

    async def setup_hook(self) -> None:
        for command in (recommend, thinking, held, fine, picture, layout, private, twice):
            self.tree.add_command(command)
        self.tree.add_command(taste)
        self.tree.add_command(quote)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds between shards, as Discord asks for."""

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.seen.put_nowait(guild.name)


@app_commands.command(description="Artists worth hearing")
async def recommend(interaction: discord.Interaction, artist: str, count: int = 3) -> None:
    """Answer at once, with an embed and buttons."""
    embed = discord.Embed(title=artist, description=f"{count} artists @everyone", colour=0x336699)
    embed.add_field(name="Tags", value="country").set_footer(text="Last.fm")
    await interaction.response.send_message(f"for {artist}", embed=embed, view=MoreView())


@recommend.autocomplete("artist")
async def artists(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offer the names that begin as typed."""
    found = [name for name in ARTISTS if name.casefold().startswith(current.casefold())]
    return [app_commands.Choice(name=name, value=name) for name in found]


@app_commands.command(description="Defers, then follows up")
async def thinking(interaction: discord.Interaction) -> None:
    """Defer, fill the deferral by a followup, then send a second one."""
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("found it", ephemeral=True)
    await interaction.followup.send("and something else")


@app_commands.command(description="Defers, then waits")
async def held(interaction: discord.Interaction[TinyBot]) -> None:
    """Defer to the member alone, and edit when the test allows it."""
    await interaction.response.defer(ephemeral=True)
    await interaction.client.hold.wait()
    await interaction.edit_original_response(embed=discord.Embed(description="held"))


@app_commands.command(description="Edits its answer")
async def fine(interaction: discord.Interaction) -> None:
    """Answer, edit, delete a followup."""
    answer = await interaction.response.send_message("first @everyone")
    assert answer.message_id is not None
    await interaction.edit_original_response(content="second")
    note = await interaction.followup.send("note", wait=True)
    await note.edit(content="note, edited")
    await note.delete()
    await (await interaction.original_response()).edit(content="third")


@app_commands.command(description="Sends a file")
async def picture(interaction: discord.Interaction) -> None:
    """Answer with an attachment that the embed shows."""
    file = discord.File(io.BytesIO(b"\x89PNG..."), "map.png", description="a map")
    embed = discord.Embed(title="Map").set_image(url="attachment://map.png")
    await interaction.response.send_message(file=file, embed=embed)


@app_commands.command(description="Components only")
async def layout(interaction: discord.Interaction) -> None:
    """Answer with components v2."""
    await interaction.response.send_message(view=Layout())


@app_commands.command(description="For the member alone")
async def private(interaction: discord.Interaction, to: discord.User | None = None) -> None:
    """Answer ephemerally, with the member's locale."""
    name = to.name if to else "nobody"
    await interaction.response.send_message(f"{interaction.locale} to {name}", ephemeral=True)


@app_commands.command(description="Answers twice")
async def twice(interaction: discord.Interaction) -> None:
    """Answer although another process answered before; report the code in a followup."""
    await interaction.response.send_message("one")
    interaction.response._response_type = None
    try:
        await interaction.response.send_message("two")
    except discord.HTTPException as fault:
        await interaction.followup.send(f"code {fault.code}")


@app_commands.context_menu(name="Quote it")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer the entry of a message's menu."""
    await interaction.response.send_message(f"{message.author.name}: {message.content}")


taste = app_commands.Group(name="taste", description="What you like")


@taste.command(name="show", description="Show it")
@app_commands.describe(deep="how far back")
async def show(interaction: discord.Interaction, deep: app_commands.Range[int, 1, 5]) -> None:
    """Answer a subcommand."""
    await interaction.response.send_message(f"depth {deep}")


@asynccontextmanager
async def running(double: DiscordDouble, **options: Any) -> AsyncIterator[TinyBot]:
    """Log a bot in to the local Discord until the end of the block."""
    bot = TinyBot(**options)
    with double.route_client():
        task = asyncio.create_task(bot.start(double.token))
        try:
            await double.wait_ready(shards=options.get("shard_count", 1))
            yield bot
        finally:
            await bot.close()
            await task
