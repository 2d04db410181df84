"""The page of the exploration: whole by itself, in words too, safe whatever a tag holds."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from model.explore import ColumnSummary, Exploration, TableSummary, TagCount
from model.explore_figures import Picture, pictures
from model.explore_page import page

HOSTILE = '$\\frac{$<script>alert("x")</script>& \u202eevil metal'
ELEMENTS = re.compile(r"<(script|link|iframe|object|embed|base|form|video|audio)\b", re.IGNORECASE)


class Reader(HTMLParser):
    """Collects the attributes of every tag, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def explored() -> Exploration:
    """A small exploration with a hostile tag, a hostile column and a hostile name."""
    names = ("mean", "sd", "min", "25%", "50%", "75%", "max")
    numbers = {name: float(number) for number, name in enumerate(names)}
    return Exploration(
        name="<b>data</b>",
        fingerprint="0123456789abcdef",
        tables=(
            TableSummary("plays", 1234, (ColumnSummary("a<b>", "int64", 5, 77, numbers),)),
            TableSummary("tags", 12, (ColumnSummary("name", "text", 3, 9, {}),)),
        ),
        friends=np.array([0, 1, 1, 4]),
        tags=(TagCount(HOSTILE, 31, 30), TagCount("rock", 7, 7), TagCount("nu metal", 0, 0)),
        plays=np.array([5200, 40, 3, 1, 1]),
        listeners=np.array([4, 2, 1, 1, 1]),
        months=np.array(["2009-12", "2010-01"], "datetime64[M]"),
        taggings=np.array([30, 8]),
        misdated=2,
        unknown=1,
    )


@pytest.fixture(scope="module")
def drawn(explored: Exploration) -> list[Picture]:
    return list(pictures(explored))


def test_the_page_needs_nothing_but_itself(explored: Exploration, drawn: list[Picture]) -> None:
    text = page(explored, drawn)
    assert not ELEMENTS.search(text)
    assert "url(" not in text
    assert "@import" not in text
    for _, attributes in Reader(text).found:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in {"src", "href"}:
                assert (value or "").startswith(("data:image/png;base64,", "#"))


def test_every_picture_is_in_the_page_with_words_for_who_cannot_see_it(
    explored: Exploration, drawn: list[Picture]
) -> None:
    images = [attributes for tag, attributes in Reader(page(explored, drawn)).found if tag == "img"]
    assert [base64.b64decode((image["src"] or "").split(",")[1]) for image in images] == [
        picture.png for picture in drawn
    ]
    assert all(len(image["alt"] or "") > 40 for image in images)
    assert all(picture.png.startswith(b"\x89PNG") for picture in drawn)


def test_what_the_data_says_is_text_and_never_markup(
    explored: Exploration, drawn: list[Picture]
) -> None:
    reader = Reader(page(explored, drawn))
    assert '$\\frac{$<script>alert("x")</script>& \ufffdevil metal' in reader.text
    assert "What <b>data</b> holds" in reader.text
    assert "a<b>" in reader.text
    assert "\u202e" not in reader.text
    assert "b" not in {tag for tag, _ in reader.found}


def test_the_tables_show_types_nulls_and_statistics(explored: Exploration) -> None:
    text = page(explored, ())
    assert "plays: 1,234 rows" in text
    cells = ("int64", "5", "77", *"0123456")
    assert "".join(f"<td>{cell}</td>" for cell in cells) in text
    assert "<td>text</td><td>3</td><td>9</td><td>–</td>" in text


def test_counts_that_include_what_training_leaves_out_say_so(
    explored: Exploration, drawn: list[Picture]
) -> None:
    (tags,) = (picture for picture in drawn if picture.name == "top-tags")
    assert tags.caption.endswith(
        "1 of them are on artists that the artist table lacks and take no part in training, "
        f"without which {HOSTILE} counts 30."
    )
    whole = replace(explored, unknown=0)
    (tags,) = (picture for picture in pictures(whole) if picture.name == "top-tags")
    assert "training" not in tags.caption


def test_captions_tell_the_numbers(drawn: list[Picture]) -> None:
    captions = {picture.name: picture.caption for picture in drawn}
    assert "the maximum 4" in captions["friends"]
    assert "2 tags end in “metal”; they were applied 31 times" in captions["metal-tags"]
    assert "1 of them stand in the tag table but were never applied" in captions["metal-tags"]
    assert "1,049.0 plays on average, 3.0 in the median and 5,200 at most" in captions["plays"]
    assert "1 of 5, has 99.1% of all 5,245 plays" in captions["plays-by-rank"]
    assert "3 of 5 artists (60.0%) have one listener" in captions["long-tail"]
    assert "most in 2009-12 (30). 2 tag assignments" in captions["tagging-over-time"]


def test_what_the_data_has_nothing_of_is_left_out(explored: Exploration) -> None:
    bare = replace(
        explored,
        friends=np.zeros(4, np.int64),
        tags=(),
        months=explored.months[:0],
        taggings=explored.taggings[:0],
    )
    shown = list(pictures(bare))
    assert [picture.name for picture in shown] == ["plays", "plays-by-rank", "long-tail"]
    assert "#friends" not in page(bare, shown)
