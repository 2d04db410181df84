"""What commands and their options are called in the languages of the catalogue."""

from typing import LiteralString

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.language import SOURCE, Phrase, language_of, lazy_gettext, looked_up


def named(kind: LiteralString, name: LiteralString) -> locale_str:
    """The name of a ``command`` (or group of them) or of an ``option``, told apart by ``kind``."""
    return locale_str(name, context=kind)


def described(text: LiteralString, **values: object) -> locale_str:
    """A description, with ``values`` where it names them."""
    return choice_name(lazy_gettext(text, **values))


def choice_name(phrase: Phrase) -> locale_str:
    """What a choice is called."""
    return locale_str(phrase, phrase=phrase)


class CommandTranslator(app_commands.Translator):
    """Gives Discord the names and descriptions of the catalogue, for all its locales at once."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  discord.py gives it
    ) -> str | None:
        """A text in the language of a locale; None where the English one serves."""
        language = language_of(locale.value)
        if language in {None, SOURCE}:
            return None
        phrase = string.extras.get("phrase")
        if isinstance(phrase, Phrase):
            return phrase.spoken(language)
        return looked_up(string.extras.get("context", ""), string.message, language=language)


def command_called(command: str) -> str:
    """What a command such as ``/settings dial`` is called in the current language."""
    words = command.removeprefix("/").split(" ")
    return f"/{' '.join(looked_up('command', word) for word in words)}"


def option_called(option: str) -> str:
    """What an option is called in the current language."""
    return looked_up("option", option)
