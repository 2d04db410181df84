"""What follows ``/recommend`` in a line of a terminal: names and options."""

import re
from dataclasses import dataclass
from functools import cache

from bot.errors import MemberError
from bot.language import language, lazy_gettext
from bot.recommend.dial import DIAL, step_named
from bot.recommend.records import Terms
from bot.translator import option_called

# Phones and word processors turn straight quotes into curly ones.
_STRAIGHT = str.maketrans("“”„", '"""')
_QUOTED = r"""(?:artist[1-5]?:\s*)?("[^"]*"|'[^']*')"""
_SEVERAL = re.compile(rf"{_QUOTED}(?:\s+{_QUOTED})*")
_EACH = re.compile(_QUOTED)


@dataclass(frozen=True)
class Asked:
    """A line that was understood.

    Attributes:
        names: at least one, perhaps empty.
        terms: dial and number of results; the usual ones where none were given.
    """

    names: tuple[str, ...]
    terms: Terms


def parse(line: str) -> Asked:
    """The names and options of a line such as ``"Johnny Cash" "Nick Cave" dial:adventurous``.

    A name alone needs no quotes; several do. Options may be named in English or in the current
    language.

    Raises:
        MemberError: an option has no such value.
    """
    terms = Terms()

    def take(option: re.Match[str]) -> str:
        nonlocal terms
        if (dial := option["dial"]) is not None:
            terms = Terms(step_named(dial.strip('"')), terms.results)
        elif (results := option["results"]) is not None:
            terms = Terms(terms.step, _number(results))
        else:
            return option[0]
        return ""

    rest = _options(language()).sub(take, line.translate(_STRAIGHT)).strip()
    if _SEVERAL.fullmatch(rest):
        return Asked(tuple(name[1:-1] for name in _EACH.findall(rest)), terms)
    return Asked((rest.removeprefix("artist:").strip(),), terms)


@cache
def _options(_language: str) -> re.Pattern[str]:
    """Finds options as they are called in English and in the current language."""
    steps = "|".join(re.escape(name.spoken()).replace(r"\ ", r"\s+") for name, _ in DIAL)
    dial, results = re.escape(option_called("dial")), re.escape(option_called("results"))
    # A name in quotes is passed over, so that what looks like an option stays in it.
    return re.compile(
        r"""(?P<name>"[^"]*")"""
        rf"""|(?<!\S)(?:(?:dial|{dial}):\s*(?P<dial>"[^"]*"|very\s+\S+|(?:{steps})(?!\S)|\S+)"""
        rf"""|(?:results|{results}):\s*(?P<results>\S+))""",
        re.IGNORECASE,
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise MemberError(
            lazy_gettext("results: needs a number"), mend=lazy_gettext("for example results:5")
        )
    return int(text)
