import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text import clean, cut, escape, link, utf16_length

ANYTHING = st.text(st.characters(exclude_categories=()))
WHOLE = st.text(st.characters(codec="utf-8"))
# Pieces that mean something to Discord, glued together in every order.
TELLING = st.lists(
    st.sampled_from(
        [
            *(
                "**",
                "__",
                "~~",
                "||",
                "`",
                "```",
                "> ",
                ">>> ",
                "# ",
                "-# ",
                "- ",
                "+ ",
                "1. ",
                "*",
            ),
            *("[a]", "(b)", "[a](https://b.example)", "<@17>", "<@&17>", "<#17>", "</go:17>"),
            *("@everyone", "@here", "<https://c.example>", "http://", "HTTPS://d.example", "\\"),
            *("discord.gg/", "discord.gg/abc", "https://", "www.", "discord.com/invite/", "x_y"),
            *("DiscordApp.com/Invite/Qw-3", "dsc.gg/", "dis", "cord.gg/", "\n", " ", "a", "7", "."),
        ]
    ),
    max_size=12,
).map("".join)
_SHOWN_AS_WRITTEN = re.compile(r"\\[\W_]")
_INVITE = re.compile(r"(discord\.gg|discord(app)?\.com/invite|dsc\.gg)/\w", re.IGNORECASE)


@given(WHOLE, st.integers(0, 40))
def test_a_cut_text_fits_and_is_the_beginning_of_the_whole(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert utf16_length(shown) <= limit
    # An emoji cut in half could not be encoded.
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert shown == text or text.startswith(shown.removesuffix("…"))


@given(WHOLE, st.integers(0, 40))
def test_a_text_is_cut_only_when_it_must_be(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert (shown == text) == (utf16_length(text) <= limit)
    if shown != text and limit > 0:
        assert shown.endswith("…")
        lost = text[len(shown) - 1 :]
        # What is missing is white space before the ellipsis, or would not have fitted.
        first = len(lost) - len(lost.lstrip()) + 1
        assert utf16_length(shown) - 1 + utf16_length(lost[:first]) > limit - 1


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("🎸", 2), ("🎸a", 3)])
def test_length_is_counted_as_discord_does(text: str, length: int) -> None:
    assert utf16_length(text) == length


def test_a_cut_before_an_emoji_leaves_it_out() -> None:
    assert cut("ab🎸cd", 4) == "ab…"
    assert cut("ab🎸cd", 5) == "ab🎸…"


@given(ANYTHING, st.booleans())
def test_nothing_invisible_is_left_but_joiners(text: str, lines: bool) -> None:
    shown = clean(text, lines=lines)
    for character in shown.replace("\n", "") if lines else shown:
        category = unicodedata.category(character)
        assert category not in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert category != "Cf" or character in "\u200c\u200d"
    assert shown.encode("utf-8") == shown.encode("utf-8", "replace")


@given(ANYTHING)
def test_one_line_has_single_spaces_and_none_around(text: str) -> None:
    assert clean(text) == " ".join(clean(text).split())


@given(st.text("a\u0301\u0332\u20dd", max_size=60))
def test_marks_do_not_pile_up(text: str) -> None:
    assert not re.search("[\u0301\u0332\u20dd]{5}", clean(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Johnny \t Cash\n", "Johnny Cash"),
        ("\u202egnihton\u202c", "gnihton"),
        ("\ufeffCash\u200b", "Cash"),
        ("e\u0301", "é"),
        ("👩\u200d🎤", "👩\u200d🎤"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Z\u0351\u036b\u0357\u036a\u0302\u036b\u033da", "Z\u0351\u036b\u0357\u036aa"),
        ("a\x00b", "a b"),
        ("\ud83c broken", "broken"),
        ("\u3164\u2800", ""),
        ("\u200d\u200c", ""),
    ],
)
def test_clean_by_example(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert clean(" one \r\n\r\n two\u2028three\r", lines=True) == "one\n\ntwo\nthree"


@example("dsc.gg/\\__")
@given(st.one_of(TELLING, ANYTHING))
def test_an_escaped_text_is_dead(text: str) -> None:
    shown = escape(text)
    bare = _SHOWN_AS_WRITTEN.sub("", shown)
    assert not re.search(r"[*_~`|\[\]()<>]", bare), "markdown"
    assert not re.search(r"@(?!\u200b)", shown), "a mention"
    assert not re.search(r"[a-z]://", shown, re.IGNORECASE), "a link"
    assert not _INVITE.search(shown), "an invite"
    assert not _INVITE.search(shown.replace("\\", "")), "an invite behind backslashes"
    for line in shown.split("\n"):
        assert not re.match(r"\s*(#{1,3} |-# |[-+*] |\d+[.)] |>)", line), "a block"


@given(st.text("abc äöü🎸,!?'\"&/", max_size=30))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@given(st.one_of(TELLING, WHOLE), st.one_of(TELLING, WHOLE).map(lambda path: f"https://x.y/{path}"))
def test_nobody_breaks_out_of_a_link(label: str, url: str) -> None:
    shown = link(label, url)
    if shown == escape(label):
        return
    whole = re.fullmatch(
        r"\[(?P<label>(?:\\.|[^\\\[\]])*)\]\((?P<url>https?://[^\s()<>]+)\)", shown, re.DOTALL
    )
    assert whole is not None
    assert whole["label"] == escape(label)


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "", "x", "/path", "https://a b", "https://a\n.b", "https://a>b"),
        *("https://a/\x07", f"https://a/{'b' * 600}"),
    ],
)
def test_what_is_no_sane_web_link_is_shown_as_text(url: str) -> None:
    assert link("*Cash*", url) == "\\*Cash\\*"


def test_a_link_keeps_its_address() -> None:
    url = "https://www.last.fm/music/Sunn+O)))"
    assert link("Sunn O)))", url) == (
        "[Sunn O\\)\\)\\)](https://www.last.fm/music/Sunn+O%29%29%29)"
    )
