from dataclasses import replace

from bot.about.present import about_embed, about_lines, help_embed, help_lines
from bot.text import utf16_length
from model.artifact import Manifest
from model.recommender import Recommender

COMMANDS = [("/recommend <artist>", "Find artists"), ("/about", "What *this* is")]


def manifest_of(recommender: Recommender, **dataset: object) -> Manifest:
    manifest = recommender.manifest
    return replace(manifest, dataset={**manifest.dataset, **dataset})


def test_about_names_data_model_and_quality(recommender: Recommender) -> None:
    manifest = manifest_of(recommender, name="lastfm-hetrec-2011", listeners=1892, plays=92834)
    text = "\n".join(about_lines(manifest))
    assert "1,892 listeners" in text
    assert "92,834 pairs" in text
    assert f"{manifest.dataset['artists']:,} artists" in text
    assert f"default, d=24, version {manifest.version}" in text
    assert "NDCG@20 0.307" in text
    assert "popular scores 0.081" in text
    assert "Last.fm" in text
    assert "non-commercial" in text
    assert "DEMO" not in text


def test_about_is_loud_about_the_demo(recommender: Recommender) -> None:
    text = "\n".join(about_lines(recommender.manifest))
    assert "DEMO CATALOGUE" in text
    assert "non-commercial" not in text


def test_a_model_without_an_evaluation_says_nothing_about_quality(
    recommender: Recommender,
) -> None:
    manifest = replace(recommender.manifest, metrics={})
    assert "NDCG" not in "\n".join(about_lines(manifest))


def test_the_embed_holds_the_same_lines_escaped(recommender: Recommender) -> None:
    manifest = manifest_of(recommender, name="my *own* data")
    description = about_embed(manifest).description or ""
    assert "my \\*own\\* data" in description
    assert len(description.splitlines()) == len(about_lines(manifest))


def test_help_lists_every_command() -> None:
    assert help_lines(COMMANDS) == ["/recommend <artist>: Find artists", "/about: What *this* is"]
    assert help_embed(COMMANDS).description == (
        "**/recommend \\<artist\\>**\nFind artists\n**/about**\nWhat \\*this\\* is"
    )


def test_help_fits_however_many_commands_there_are() -> None:
    many = [(f"/command{number}", "x" * 100) for number in range(100)]
    assert utf16_length(help_embed(many).description or "") <= 4096
