"""The rendering shows what Discord would show, and nothing of a text becomes HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.markdown import to_html
from tests.rendering.page import Shot, page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**1.** [Air](https://x.example/a%28b%29)", "<b>1.</b> <a href="),
        (r"\*\*not bold\*\* 1\. \[no\](link)", "**not bold** 1. [no](link)"),
        ("-# small", "<small>small</small>"),
        ("### Head", "<h3>Head</h3>"),
        ("- one", "<li>one</li>"),
        ("<t:1764000000:R>", "<time>24 November 2025 16:00 UTC</time>"),
        ("a\n```\nx **y**\n```\nb", "<pre>x **y**</pre>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_marks_become_what_they_mean(text: str, shown: str) -> None:
    assert shown in to_html(text)


@given(st.text(alphabet="<>&\"'`*_[]()\\\n -#ab"))
def test_no_text_becomes_an_element_of_its_own(text: str) -> None:
    tags = {"<div>", "<b>", "<i>", "<u>", "<s>", "<small>", "<li>", "<pre>", "<code>", "<h1>"}
    tags |= {"<h2>", "<h3>", "<blockquote>"}
    left = to_html(text)
    for tag in tags:
        left = left.replace(tag, "").replace(tag.replace("<", "</"), "")
    assert "<" not in left


def test_a_message_is_shown_with_its_buttons_and_whom_it_is_for() -> None:
    button = {"type": 2, "style": 1, "label": "More", "disabled": True}
    message = {
        "content": "",
        "embeds": [{"title": "Artists", "description": "**1.** Air", "footer": {"text": "2011"}}],
        "attachments": [],
        "components": [{"type": 1, "components": [button]}],
        "flags": 64,
    }
    shown = page([Shot("/recommend", message, {})])
    assert '<span class="button primary disabled">More</span>' in shown
    assert "Only you can see this" in shown
    assert "<b>1.</b> Air" in shown
