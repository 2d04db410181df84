"""The artist table: what goes in comes out, and stored columns that contradict are refused."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.catalogue import Artist, Catalogue, TextColumn
from model.errors import ArtifactDamagedError

Array = NDArray[np.generic]
NAMES = ["Ada Brook", "", "夜の灯台", "🎸"]


@pytest.fixture
def catalogue() -> Catalogue:
    """Four artists and three tags."""
    return Catalogue(
        ids=np.array([3, 17, 18, 2**40], np.int64),
        listeners=np.array([5, 0, 120, 1], np.int64),
        names=TextColumn.of(NAMES),
        source_ids=TextColumn.of(["3", "mbid-b", "18", "x"]),
        urls=TextColumn.of(["https://a.example", "", "https://c.example/ü", "d"]),
        tag_names=TextColumn.of(["rock", "chanson française", "60's"]),
        top_tags=np.array(
            [[2, 0, -1, -1, -1], [-1] * 5, [1, -1, -1, -1, -1], [0, 1, 2, -1, -1]], np.int32
        ),
        positions=np.array([[0, 1], [0.5, -1], [2, 3], [-4, 0.25]], np.float32),
    )


def test_a_row_is_one_artist(catalogue: Catalogue) -> None:
    assert len(catalogue) == 4
    assert catalogue.artist(0) == Artist(
        0, 3, "3", "Ada Brook", 5, ("60's", "rock"), "https://a.example"
    )
    assert catalogue.artist(1) == Artist(1, 17, "mbid-b", "", 0, (), "")
    assert catalogue.artist(3).tags == ("rock", "chanson française", "60's")
    assert type(catalogue.artist(3).id) is type(catalogue.artist(3).listeners) is int


@pytest.mark.parametrize("row", [-1, 4, 99])
def test_a_row_that_is_none_raises_instead_of_naming_somebody_else(
    catalogue: Catalogue, row: int
) -> None:
    with pytest.raises(IndexError):
        catalogue.artist(row)
    with pytest.raises(IndexError):
        catalogue.names[row]


def test_the_columns_are_plain_arrays_of_the_documented_types(catalogue: Catalogue) -> None:
    columns = catalogue.columns()
    texts = ("name", "source_id", "url", "tag_name")
    assert {name: str(column.dtype) for name, column in columns.items()} == {
        "id": "int64",
        "listeners": "int64",
        "top_tags": "int32",
        "positions": "float32",
        **{f"{text}.data": "uint8" for text in texts},
        **{f"{text}.offsets": "int64" for text in texts},
    }
    assert columns["name.offsets"].tolist() == [0, 9, 9, 21, 25]


def test_stored_columns_give_the_same_catalogue(catalogue: Catalogue) -> None:
    again = Catalogue.from_columns(catalogue.columns(), "there")
    assert [again.artist(row) for row in range(4)] == [catalogue.artist(row) for row in range(4)]
    assert again.tag_names.texts() == ["rock", "chanson française", "60's"]
    np.testing.assert_array_equal(again.positions, catalogue.positions)


def test_artists_without_a_map_have_no_positions(catalogue: Catalogue) -> None:
    columns = replace(catalogue, positions=np.zeros((0, 2), np.float32)).columns()
    again = Catalogue.from_columns(columns, "there")
    assert again.positions.shape == (0, 2)
    assert again.artist(3) == catalogue.artist(3)


def test_an_empty_catalogue_and_one_without_tags_survive() -> None:
    nothing = TextColumn.of([])
    none = np.empty(0, np.int64)
    empty = Catalogue(none, none, nothing, nothing, nothing, nothing, np.empty((0, 5), np.int32))
    assert len(Catalogue.from_columns(empty.columns(), "there")) == 0


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=9), max_size=12))
def test_any_texts_come_back_with_lone_surrogates_replaced(texts: list[str]) -> None:
    column = TextColumn.of(texts)
    assert len(column) == len(texts)
    for text, found in zip(texts, column.texts(), strict=True):
        assert found == text.encode("utf-8", "replace").decode("utf-8")


def test_bytes_that_are_no_utf8_are_shown_replaced() -> None:
    column = TextColumn(np.array([0x41, 0xFF, 0x42], np.uint8), np.array([0, 2, 3], np.int64))
    assert column.texts() == ["A�", "B"]


Change = Callable[[Array], Array]


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("id", lambda ids: ids[:-1], "columns differ in length"),
        ("id", lambda ids: ids.astype(np.float64), "id is float64 [4]"),
        ("id", lambda ids: ids[None], "id is int64 [1, 4]"),
        ("id", lambda ids: ids[[1, 0, 2, 3]], "ids do not ascend"),
        ("id", lambda ids: ids[[0, 0, 2, 3]], "ids do not ascend"),
        ("listeners", lambda counts: counts[:-1], "columns differ in length"),
        ("listeners", lambda counts: counts.astype(np.int32), "listeners is int32 [4]"),
        ("listeners", lambda counts: counts - 1, "listeners are negative"),
        ("top_tags", lambda tags: tags[:, 0], "top_tags is int32 [4]"),
        ("top_tags", lambda tags: tags.T, "columns differ in length"),
        ("top_tags", lambda tags: tags.astype(np.float32), "top_tags is float32 [4, 5]"),
        ("top_tags", lambda tags: tags + 1, "top_tags points past tag_names"),
        ("name.data", lambda data: data[:-1], "name.offsets does not fit name.data"),
        ("name.data", lambda data: data.astype(np.uint16), "name.data is uint16 [25]"),
        ("name.offsets", lambda at: at[1:], "name.offsets does not fit name.data"),
        ("name.offsets", lambda at: at[[0, 1, 1, 4]], "columns differ in length"),
        ("name.offsets", lambda at: at[[0, 3, 2, 1, 4]], "name.offsets does not fit name.data"),
        ("name.offsets", lambda at: at[:0], "name.offsets does not fit name.data"),
        ("url.offsets", lambda at: at[:1].reshape(()), "url.offsets is int64 []"),
        ("positions", lambda at: at[:-1], "positions are those of other artists"),
        ("positions", lambda at: at[:, :1], "holds positions that does not belong"),
        ("positions", lambda at: at * np.float32(np.nan), "holds positions that are no finite"),
        ("positions", lambda at: at.astype(np.float64), "holds positions that are no finite"),
        ("tag_name.offsets", lambda at: at[[0, 3]], "top_tags points past tag_names"),
    ],
)
def test_a_column_that_contradicts_the_others_is_named(
    catalogue: Catalogue, name: str, change: Change, problem: str
) -> None:
    columns = catalogue.columns()
    columns[name] = change(columns[name])
    with pytest.raises(ArtifactDamagedError) as caught:
        Catalogue.from_columns(columns, "store/catalogue.safetensors")
    line = str(caught.value)
    assert line.startswith("store/catalogue.safetensors: is no whole catalogue (")
    assert problem in line
    assert line.endswith("; train again with scripts/train.py")


@pytest.mark.parametrize(
    "name", ["id", "listeners", "top_tags", "positions", "url.data", "source_id.offsets"]
)
def test_a_missing_column_is_named(catalogue: Catalogue, name: str) -> None:
    columns = catalogue.columns()
    del columns[name]
    with pytest.raises(ArtifactDamagedError, match=f"'{name}'"):
        Catalogue.from_columns(columns, "there")


def test_a_column_that_nobody_knows_is_left_alone(catalogue: Catalogue) -> None:
    columns = catalogue.columns() | {"founded": np.zeros((4, 2), np.float32)}
    assert Catalogue.from_columns(columns, "there").artist(2).name == "夜の灯台"
