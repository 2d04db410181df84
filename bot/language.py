"""The language of an answer, and sentences in it.

English sentences in the code are the keys of the catalogue (``bot/locale``). The language is a
context variable: an interaction sets it once for all that its task does, tasks and threads that
it starts included. Sentences are therefore looked up when they are said, never at import. What is
kept for several members, as an error that many of them see, is a ``Phrase``: English for the log,
and in each member's own language for members.

``scripts/translations.py`` finds the sentences by the names of the functions here.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import LiteralString

SOURCE = "en"
"""The language of the sentences in the code."""

DOMAIN = "crossfade"
FOLDER = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default=SOURCE)


class Phrase(str):
    """A sentence that is not said yet; as plain text it is the English one.

    Args:
        singular: the sentence, with ``{name}`` where a value goes.
        plural: the same for several, when ``count`` is given.
        count: how many.
        values: by the names in the sentence; phrases among them are said along with it.
    """

    __slots__ = ("_key", "_values")
    _key: tuple[str, str, int | None]
    _values: dict[str, object]

    def __new__(cls, singular: str, plural: str, count: int | None, values: dict[str, object]):  # noqa: D102
        english = singular if count in {None, 1} else plural
        phrase = super().__new__(cls, english.format(**values) if values else english)
        phrase._key = (singular, plural, count)
        phrase._values = values
        return phrase

    def spoken(self, language: str | None = None) -> str:
        """The sentence in one of ``languages()``, the current one when None."""
        singular, plural, count = self._key
        catalogue = _catalogue(language or _current.get())
        if count is None:
            return _filled(catalogue.gettext(singular), self._values, language)
        return _filled(catalogue.ngettext(singular, plural, count), self._values, language)


def speak(locale: str) -> None:
    """From now on, and in all that this task starts, use the language of a locale.

    Args:
        locale: as Discord names it, for example ``de`` or ``en-GB``; one that the catalogue does
            not have changes nothing.
    """
    known = language_of(locale)
    if known is not None:
        _current.set(known)


def language() -> str:
    """The current language, one of ``languages()``."""
    return _current.get()


def language_of(locale: str) -> str | None:
    """The one of ``languages()`` that a locale asks for."""
    wanted = locale.lower().replace("_", "-").split("-", maxsplit=1)[0]
    return wanted if wanted in languages() else None


@cache
def languages() -> tuple[str, ...]:
    """Those that members can be answered in, by their two-letter codes."""
    translated = (path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return tuple(sorted({SOURCE, *translated}))


def gettext(message: LiteralString, **values: object) -> str:
    """A sentence in the current language, with ``values`` where it names them."""
    return _filled(_catalogue(_current.get()).gettext(message), values)


def pgettext(context: LiteralString, message: LiteralString, **values: object) -> str:
    """The same for words that mean several things; ``context`` tells translators which."""
    return _filled(looked_up(context, message), values)


def ngettext(singular: LiteralString, plural: LiteralString, count: int, **values: object) -> str:
    """A sentence for so many; they are ``{count}`` in it."""
    said = _catalogue(_current.get()).ngettext(singular, plural, count)
    return _filled(said, {"count": number(count), **values})


def lazy_gettext(message: LiteralString, **values: object) -> Phrase:
    """A sentence to be said later, perhaps in several languages."""
    return Phrase(message, message, None, values)


def lazy_ngettext(
    singular: LiteralString, plural: LiteralString, count: int, **values: object
) -> Phrase:
    """The same for so many."""
    return Phrase(singular, plural, count, {"count": count, **values})


def spoken(text: str) -> str:
    """A phrase in the current language; any other text as it is."""
    return text.spoken() if isinstance(text, Phrase) else text


def looked_up(context: str, message: str, *, language: str | None = None) -> str:
    """What ``pgettext`` finds, for a message that is not written where it is looked up.

    Args:
        context: which of its meanings; empty for none.
        message: in English.
        language: one of ``languages()``; the current one when None.
    """
    catalogue = _catalogue(language or _current.get())
    return catalogue.pgettext(context, message) if context else catalogue.gettext(message)


def number(count: int) -> str:
    """A whole number with its thousands apart."""
    return f"{count:,}".replace(",", pgettext("between thousands", ","))


def decimal(value: float, places: int) -> str:
    """A number with so many decimal places."""
    return f"{value:.{places}f}".replace(".", pgettext("decimal point", "."))


def listed(words: Sequence[str]) -> str:
    """``A, B and C``; at least one word is needed."""
    *rest, last = words
    return gettext("{words} and {last}", words=", ".join(rest), last=last) if rest else last


def listed_as_choice(words: Sequence[str]) -> str:
    """``A, B or C``; at least one word is needed."""
    *rest, last = words
    return gettext("{words} or {last}", words=", ".join(rest), last=last) if rest else last


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    return translation(DOMAIN, FOLDER, [language])


def _filled(sentence: str, values: dict[str, object], language: str | None = None) -> str:
    if not values:
        return sentence
    said = {
        name: value.spoken(language) if isinstance(value, Phrase) else value
        for name, value in values.items()
    }
    return sentence.format(**said)
