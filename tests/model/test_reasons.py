"""Reasons recomputed from the raw files, by code that shares nothing with the model."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.catalogue import TextColumn
from model.dataset import interactions
from model.demo import demo_tables
from model.lastfm import read_tables
from model.publishing import publish, training_lock
from model.reasons import Explainer, NearestAsked, SharedListeners, SharedTags
from model.recommender import Recommendation, Recommender
from model.tables import Tables
from tests import artifacts, lastfm_double
from tests.artifact_by_hand import PROFILES, TOGETHER, artifact_by_hand
from tests.small_trainings import LASTFM, needs_lastfm, training_by_chance

MOST = 0.08
"""The share of the tagged artists that a tag may be on to distinguish any."""


class RawFiles:
    """What the published files say, line by line, about artists that somebody plays."""

    def __init__(self, folder: Path) -> None:
        self.players: dict[int, set[int]] = defaultdict(set)
        for listener, artist, _ in self._rows(folder / "user_artists.dat"):
            self.players[int(artist)].add(int(listener))
        names = {int(tag): name for tag, name in self._rows(folder / "tags.dat", "latin-1")}
        self.tags: dict[int, set[str]] = defaultdict(set)
        for _, artist, tag, *_ in self._rows(folder / "user_taggedartists.dat"):
            if int(artist) in self.players and int(tag) in names:
                self.tags[int(artist)].add(names[int(tag)])
        self.names = {int(row[0]): row[1] for row in self._rows(folder / "artists.dat")}
        self.spread: dict[str, int] = defaultdict(int)
        for tags in self.tags.values():
            for name in tags:
                self.spread[name] += 1

    @staticmethod
    def _rows(path: Path, encoding: str = "utf-8") -> Iterable[list[str]]:
        for line in path.read_bytes().decode(encoding).replace("\r", "").split("\n")[1:]:
            if line:
                yield line.split("\t")

    def telling(self, one: int, other: int) -> set[str]:
        """The tags on both artists (ids) that few others have and that are no artist's name."""
        own = {self.names[artist].casefold() for artist in (one, other)}
        return {
            tag
            for tag in self.tags[one] & self.tags[other]
            if self.spread[tag] <= MOST * len(self.tags) and tag.casefold() not in own
        }

    def require_true(self, item: Recommendation, asked: Sequence[int]) -> int:
        """Fail unless every reason for the answer to ``asked`` (artist ids) holds; how many."""
        for reason in item.reasons:
            match reason:
                case SharedTags(tags):
                    (spoken_of,) = {
                        r.asked.id
                        for r in item.reasons
                        if isinstance(r, SharedListeners | NearestAsked)
                    } or asked
                    assert 1 <= len(set(tags)) == len(tags) <= 5
                    assert set(tags) <= self.telling(item.artist.id, spoken_of)
                case SharedListeners(together, of, other):
                    assert other.id in asked
                    both = self.players[other.id] & self.players[item.artist.id]
                    assert (together, of) == (len(both), len(self.players[other.id]))
                    assert together > 0
                case NearestAsked(other):
                    assert len(asked) > 1
                    assert other.id in asked
        return len(item.reasons)


def write_with_rare_tags(folder: Path) -> Path:
    """The double, larger, with tags that only few artists have beside those that many have."""
    records = lastfm_double.rows(listeners=41, artists=90)
    chance = np.random.default_rng(12)
    artists = np.array([row[0] for row in records["artists.dat"]])
    for tag in range(500, 514):
        records["tags.dat"].append((tag, f"rare {tag}"))
        for artist in chance.choice(artists[:40], 3, replace=False).tolist():
            records["user_taggedartists.dat"].append((2, artist, tag, 1, 4, 2009))
            records["user_taggedartists-timestamps.dat"].append((2, artist, tag, 1238536800000))
    return lastfm_double.write(folder, lastfm_double.encode(records))


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recommender, RawFiles]:
    return both(write_with_rare_tags(tmp_path_factory.mktemp("rare")))


def both(folder: Path) -> tuple[Recommender, RawFiles]:
    tables = read_tables(folder)
    training = training_by_chance(tables, interactions(tables))
    return Recommender(training.artifact()), RawFiles(folder)


def test_every_reason_of_every_answer_is_true(double: tuple[Recommender, RawFiles]) -> None:
    recommender, raw = double
    kinds: dict[type, int] = defaultdict(int)
    for row, artist_id in enumerate(recommender.artist_ids.tolist()):
        for item in recommender.similar([row], 1000):
            raw.require_true(item, [artist_id])
            for reason in item.reasons:
                kinds[type(reason)] += 1
    assert kinds[SharedTags] > 20
    assert kinds[SharedListeners] > 200
    assert kinds[NearestAsked] == 0


def test_no_reason_is_held_back(double: tuple[Recommender, RawFiles]) -> None:
    recommender, raw = double
    for row, asked in enumerate(recommender.artist_ids.tolist()):
        for item in recommender.similar([row], 1000):
            telling = bool(raw.telling(asked, item.artist.id))
            together = bool(raw.players[asked] & raw.players[item.artist.id])
            expected = [SharedTags] * telling + [SharedListeners] * together
            assert [type(reason) for reason in item.reasons] == expected


def test_of_several_artists_the_nearest_has_the_highest_score_of_its_own(
    double: tuple[Recommender, RawFiles],
) -> None:
    recommender, raw = double
    chance = np.random.default_rng(2)
    seen: set[int] = set()
    for _ in range(30):
        asked = np.sort(chance.choice(len(recommender.catalogue), 3, replace=False))
        own = recommender.score_artists(asked)
        for item in recommender.similar(asked.tolist(), 10):
            raw.require_true(item, recommender.artist_ids[asked].tolist())
            nearest = item.reasons[0]
            assert isinstance(nearest, NearestAsked)
            position = asked.tolist().index(nearest.asked.row)
            assert own[position, item.artist.row] == own[:, item.artist.row].max()
            seen.add(position)
    assert seen == {0, 1, 2}


def check_a_thousand(recommender: Recommender, raw: RawFiles) -> None:
    """Fail unless 1,000 reasons hold, of answers to one, two and three artists drawn by chance.

    Which of several is the nearest is the model's to say, so it does not count among the 1,000.
    """
    chance = np.random.default_rng(1)
    kinds: dict[type, int] = defaultdict(int)
    while kinds[SharedTags] + kinds[SharedListeners] < 1_000:
        asked = chance.choice(len(recommender.catalogue), int(chance.integers(1, 4)), replace=False)
        own = recommender.score_artists(asked)
        ids = recommender.artist_ids[asked].tolist()
        for item in recommender.similar(asked.tolist()):
            raw.require_true(item, ids)
            nearest = ids[int(own[:, item.artist.row].argmax())]
            for reason in item.reasons:
                kinds[type(reason)] += 1
                if isinstance(reason, SharedListeners | NearestAsked):
                    assert reason.asked.id == nearest
            tagged = any(isinstance(reason, SharedTags) for reason in item.reasons)
            assert tagged == bool(raw.telling(nearest, item.artist.id))
    assert min(kinds[kind] for kind in (SharedTags, SharedListeners, NearestAsked)) > 100


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recommender, RawFiles]:
    """The demo data written as raw files, and what was published after reading them."""
    folder = tmp_path_factory.mktemp("demo")
    tables = read_tables(write_tables(folder / "raw", demo_tables(seed=3, listeners=240)))
    with training_lock(folder / "store"):
        publish(folder / "store", artifacts.training_of(tables))
    return Recommender.load(folder / "store"), RawFiles(folder / "raw")


def write_tables(folder: Path, tables: Tables) -> Path:
    """Tables in the form of the published files."""
    order = (tables.artists, tables.tags, tables.plays, tables.friends, tables.taggings)
    records = {
        name: list(table.itertuples(index=False, name=None))
        for name, table in zip(lastfm_double.HEADERS, (*order, tables.tagging_times), strict=True)
    }
    return lastfm_double.write(folder, lastfm_double.encode(records))


def test_a_thousand_reasons_on_the_demo_data_are_true(demo: tuple[Recommender, RawFiles]) -> None:
    check_a_thousand(*demo)


def test_every_reason_for_the_ten_best_of_every_demo_artist_is_true(
    demo: tuple[Recommender, RawFiles],
) -> None:
    recommender, raw = demo
    checked = sum(
        raw.require_true(item, [asked])
        for row, asked in enumerate(recommender.artist_ids.tolist())
        for item in recommender.similar([row])
    )
    assert checked > 10_000


@pytest.mark.slow
@needs_lastfm
def test_a_thousand_reasons_on_the_real_data_are_true() -> None:
    check_a_thousand(*both(LASTFM))


@pytest.mark.slow
def test_a_thousand_reasons_of_a_published_model_of_the_real_data_are_true(
    lastfm_store: Path,
) -> None:
    check_a_thousand(Recommender.load(lastfm_store), RawFiles(LASTFM))


def explainer(tag_names: Sequence[str], tags: Sequence[Sequence[int]]) -> Explainer:
    """Over the hand-made artifact, whose artists have these tags and 60 tagged ones follow."""
    artifact = artifact_by_hand()
    filled = [list(own) for own in tags] + [[] for _ in range(13 - len(tags))]
    padded = [*filled, *([len(tag_names)] for _ in range(60))]
    weights = [1 / (1 + k) for own in padded for k in range(len(own))]
    return Explainer(
        catalogue=replace(
            artifact.catalogue,
            tag_names=TextColumn.of([*tag_names, "others"]),
            top_tags=np.full((13, 5), -1, np.int32),
        ),
        profiles=replace(
            PROFILES,
            offsets=np.cumsum([0, *map(len, padded)]),
            tags=np.array([tag for own in padded for tag in own], np.int32),
            weights=np.array(weights, np.float32),
        ),
        together=TOGETHER,
    )


def test_the_most_telling_tag_is_first_and_five_are_enough() -> None:
    names = ("a", "b", "c", "d", "e", "f", "g")
    # The tags of an artist weigh 1, 1/2, 1/3 and so on: e tells 1/3 * 1, c 1/2 * 1/4.
    some = explainer(names, [(0, 2, 4), (4, 6, 1, 2)])
    assert some.shared_tags(0, 1) == ("e", "c")
    every = explainer(names, [range(7), range(7)])
    assert every.shared_tags(0, 1) == ("a", "b", "c", "d", "e")


def test_a_tag_that_is_the_name_of_either_artist_is_no_reason() -> None:
    found = explainer(("folk", "ADA brook", "two clocks", "ember"), [(0, 1, 2, 3)] * 3)
    assert found.shared_tags(0, 2) == ("folk", "ember")


def test_a_tag_on_too_many_artists_is_no_reason() -> None:
    # 61 tagged artists beside those with tag 0: up to 5 of 65 artists are at most 8%.
    few = explainer(("few", "x"), [(0,)] * 5)
    many = explainer(("many", "x"), [(0,)] * 6)
    assert few.shared_tags(0, 1) == ("few",)
    assert many.shared_tags(0, 1) == ()


def test_listeners_are_those_of_the_artist_asked_about() -> None:
    reasons = explainer(("x",), []).reasons
    (forth,) = reasons(12, np.array([0]), 0)
    (back,) = reasons(0, np.array([12]), 12)
    assert isinstance(forth, SharedListeners)
    assert isinstance(back, SharedListeners)
    assert (forth.together, forth.of, forth.asked.name) == (40, 90, "Ada Brook")
    assert (back.together, back.of, back.asked.name) == (40, 120, "Paper Kite")


def test_artists_with_nothing_in_common_have_no_reasons() -> None:
    assert explainer(("x",), []).reasons(4, np.array([6]), 6) == ()
