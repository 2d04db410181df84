from dataclasses import replace

import pytest

from bot.about.present import about_embed, about_lines, help_embed, help_lines
from bot.about.quality import quality_table
from bot.text import utf16_length
from model.manifest import Manifest
from model.recommender import Recommender

COMMANDS = [("/recommend <artist>", "Find artists"), ("/about", "What *this* is")]
HETREC = "lastfm-hetrec-2011"


def manifest_of(recommender: Recommender, **dataset: object) -> Manifest:
    manifest = recommender.manifest
    return replace(manifest, dataset={**manifest.dataset, **dataset})


def whole(manifest: Manifest) -> str:
    """Everything that the embed shows."""
    embed = about_embed(manifest)
    fields = [text or "" for field in embed.fields for text in (field.name, field.value)]
    return "\n".join((embed.title or "", embed.description or "", *fields, embed.footer.text or ""))


def test_about_names_data_model_and_quality(recommender: Recommender) -> None:
    manifest = manifest_of(recommender, name=HETREC, listeners=1892, plays=92834)
    for text in ("\n".join(about_lines(manifest)), whole(manifest)):
        assert "1,892 listeners" in text
        assert "92,834 pairs" in text
        assert f"{manifest.dataset['artists']:,} artists" in text
        assert "default, d=24" in text
        assert f"Version {manifest.version}" in text
        assert "NDCG@20 0.307" in text
        assert "popular scores 0.081" in text
        assert "Last.fm" in text
        assert "non-commercial" in text
        assert "ends in 2011" in text
        assert "pulls to zero" in text, "the objective in a sentence"
        assert "Artists with one listener" in text, "what it is bad at"
        assert "MIT licence" in text
        assert "DEMO" not in text


@pytest.mark.parametrize(
    "home",
    [
        *("www.last.fm", "grouplens.org", "lrclib.net", "genius.com", "listenbrainz.org"),
        *("musicbrainz.org", "www.deezer.com"),
    ],
)
def test_everybody_whose_data_is_shown_is_credited_with_a_link(
    recommender: Recommender, home: str
) -> None:
    for text in ("\n".join(about_lines(recommender.manifest)), whole(recommender.manifest)):
        assert f"(https://{home}" in text


def test_about_is_loud_about_the_demo(recommender: Recommender) -> None:
    lines = about_lines(recommender.manifest)
    assert lines[1].startswith("DEMO CATALOGUE")
    embed = about_embed(recommender.manifest)
    assert "**⚠ DEMO CATALOGUE" in (embed.description or "")
    assert embed.colour != about_embed(manifest_of(recommender, name=HETREC)).colour
    assert "non-commercial" not in whole(recommender.manifest)


def test_about_says_when_the_model_was_trained(recommender: Recommender) -> None:
    manifest = replace(recommender.manifest, created="2025-03-02T23:04:05+00:00")
    for text in ("\n".join(about_lines(manifest)), whole(manifest)):
        assert text.endswith(f"Version {manifest.version} · trained on 2 March 2025")
    undated = replace(manifest, created="")
    assert whole(undated).endswith(f"Version {manifest.version}")


def test_a_model_without_an_evaluation_says_nothing_about_quality(
    recommender: Recommender,
) -> None:
    text = whole(replace(recommender.manifest, metrics={}))
    assert "NDCG" not in text
    assert "Not measured" in text


def test_the_model_stands_beside_its_baselines_best_first() -> None:
    metrics = {
        "popularity": {"ndcg@20": 0.0812, "recall@20": 0.1},
        "item-knn": {"ndcg@20": 0.26, "recall@20": 0.2501, "hit_rate@20": 0.875},
        "default": {"ndcg@20": 0.25, "recall@20": 0.3, "hit_rate@20": 0.9},
    }
    assert quality_table(metrics, first="default").splitlines() == [
        "model       NDCG@20  recall  hit rate",
        "default       0.250   0.300     0.900",
        "item-knn      0.260   0.250     0.875",
        "popularity    0.081   0.100         –",
    ]


def test_a_table_of_many_models_stays_small_and_inside_its_block() -> None:
    metrics = {f"```model *{number}* {'x' * 40}": {"ndcg@20": number / 90} for number in range(30)}
    lines = quality_table(metrics, first="```model *3* " + "x" * 40).splitlines()
    assert len(lines) == 9
    assert all(len(line) <= 46 for line in lines)
    assert lines[1].startswith("model *3*")
    assert "`" not in "".join(lines)


def test_the_table_keeps_its_columns_in_the_embed(recommender: Recommender) -> None:
    table = quality_table(recommender.manifest.metrics, first="default")
    assert f"```\n{table}\n```" in whole(recommender.manifest)


def test_the_embed_fits_discord_whatever_the_manifest_says(recommender: Recommender) -> None:
    metrics = {f"model {n}": {"ndcg@20": 0.1} for n in range(200)} | {"popularity": {"ndcg@20": 0}}
    configuration = {**recommender.manifest.configuration, "preset": "model 7"}
    manifest = manifest_of(recommender, name="x\u202e🎸" * 3_000)
    manifest = replace(manifest, metrics=metrics, configuration=configuration, version="v" * 3_000)
    embed = about_embed(manifest)
    assert len(embed) <= 6_000
    assert all(0 < utf16_length(field.value or "") <= 1_024 for field in embed.fields)
    assert all(0 < utf16_length(field.name or "") <= 256 for field in embed.fields)
    assert "\u202e" not in whole(manifest)


def test_a_data_set_cannot_format_the_page(recommender: Recommender) -> None:
    text = whole(manifest_of(recommender, name="my *own* `data`"))
    assert "`my *own* data`" in text


def test_help_lists_every_command() -> None:
    assert help_lines(COMMANDS) == ["/recommend <artist>: Find artists", "/about: What *this* is"]
    assert help_embed(COMMANDS).description == (
        "**/recommend \\<artist\\>**\nFind artists\n**/about**\nWhat \\*this\\* is"
    )


def test_help_is_loud_about_the_demo_and_silent_about_real_data() -> None:
    assert "DEMO CATALOGUE" in (help_embed(COMMANDS, demo=True).footer.text or "")
    assert help_embed(COMMANDS).footer.text is None
    *lines, note = help_lines(COMMANDS, demo=True)
    assert lines == help_lines(COMMANDS)
    assert "DEMO CATALOGUE" in note


def test_help_fits_however_many_commands_there_are() -> None:
    many = [(f"/command{number}", "x" * 100) for number in range(100)]
    assert utf16_length(help_embed(many).description or "") <= 4096
