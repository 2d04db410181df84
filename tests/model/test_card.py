import json
from pathlib import Path
from typing import Any

import pytest

from model.card import card_sections, model_card
from model.recommender import Recommender

LIMIT = "Artists after 2011"


@pytest.fixture
def manifest() -> dict[str, Any]:
    return {
        "version": "20250102T030405Z-default",
        "created": "2025-01-02T03:04:05+00:00",
        "configuration": {
            "preset": "default",
            "dimension": 250,
            "solver": "als",
            "gravity": 10.5,
            "holdout": "per-listener",
            "holdout_share": 0.2,
            "seed": 7,
            "similarity": {"latent_tags": 0.6, "tags": 0.0},
        },
        "dataset": {
            "name": "lastfm-hetrec-2011",
            "fingerprint": "ab12",
            "listeners": 2_000,
            "artists": 10_000,
            "plays": 92_834,
            "dropped": {"rows with an unknown id": 1_234},
        },
        "metrics": {
            "default": {
                "ndcg@20": 0.31,
                "ndcg@20_low": 0.3021,
                "ndcg@20_high": 0.3198,
                "calibration_error": 0.0213,
            },
            "popularity": {"ndcg@20": 0.0812, "recall@20": 0.1},
        },
        "timings": {"fit_s": 12.34, "evaluate_s": 5.0, "peak_memory_mb": 812.0},
        "similarity": {"latent_tags": 0.6, "tags": 0.0, "co_listening": 0.25, "moods": 0.1},
    }


def section(card: str, heading: str) -> str:
    return card.split(f"## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def test_the_card_says_where_the_data_come_from_and_what_they_allow(
    manifest: dict[str, Any],
) -> None:
    text = section(model_card(manifest), "Data and licence")
    assert "`lastfm-hetrec-2011`: 2,000 listeners, 10,000 artists, 92,834 pairs" in text
    assert "non-commercial" in text
    assert "`ab12`" in text
    assert "1,234 of rows with an unknown id" in text
    manifest["dataset"]["name"] = "demo"
    assert "simulated" in section(model_card(manifest), "Data and licence")
    manifest["dataset"]["name"] = "mine"
    assert "that of the source" in section(model_card(manifest), "Data and licence")


def test_the_card_shows_objective_and_every_choice(manifest: dict[str, Any]) -> None:
    text = section(model_card(manifest), "Objective and configuration")
    assert "gravity" in text.splitlines()[1]
    assert "alternating least squares" in text
    for name, value in manifest["configuration"].items():
        assert (f"| `{name}` | {value} |" in text) == (name != "similarity")


def test_the_card_names_what_is_blended_beside_the_factorisation(
    manifest: dict[str, Any],
) -> None:
    text = section(model_card(manifest), "Beside the factorisation")
    assert "- 0.6 · cosine of tag profiles in their latent space" in text
    assert "- 0.25 · shrunk cosine of the artists' listeners" in text
    assert "- 0.1 · moods" in text, "a share that the card has no words for is not hidden"
    assert text.count("\n- ") == 3
    manifest["similarity"] = {"tags": 0.0}
    assert "Nothing" in section(model_card(manifest), "Beside the factorisation")


def test_quality_stands_beside_the_baselines_with_intervals_where_there_are(
    manifest: dict[str, Any],
) -> None:
    text = section(model_card(manifest), "Quality")
    assert "20% of each listener's artists, seed 7" in text
    assert "| model | NDCG@10 | NDCG@20 | recall@20 | hit rate@20 |" in text
    assert "| default | – | 0.3100 [0.3021, 0.3198] | – | – |" in text
    assert "| popularity | – | 0.0812 | 0.1000 | – |" in text
    assert "off by 0.021" in text
    manifest["metrics"] = {}
    assert section(model_card(manifest), "Quality").strip() == "Not measured."


def test_the_card_says_what_the_model_is_bad_at(manifest: dict[str, Any]) -> None:
    text = section(model_card(manifest), "What it is bad at")
    assert LIMIT in text
    assert "Artists with one listener" in text
    manifest["dataset"]["name"] = "demo"
    text = section(model_card(manifest), "What it is bad at")
    assert LIMIT not in text
    assert "Artists with one listener" in text


def test_time_and_memory(manifest: dict[str, Any]) -> None:
    text = section(model_card(manifest), "Time and memory")
    assert "- fit: 12.3 s" in text
    assert "- evaluate: 5.0 s" in text
    assert "- peak memory of the training: 812 MB" in text
    assert "10.0 MB of artists" in text
    assert "2.0 MB of listeners" in text
    del manifest["timings"]["peak_memory_mb"]
    assert "peak" not in model_card(manifest)


def test_the_manifest_stays_as_it_was_and_every_artifact_has_a_card(
    manifest: dict[str, Any], store: Path
) -> None:
    before = json.dumps(manifest)
    assert model_card(manifest) == model_card(manifest)
    assert json.dumps(manifest) == before
    real = json.loads(Recommender.load(store).manifest.to_json())
    card = model_card(real)
    assert card.startswith(f"# Model card: `{real['version']}`\n")
    assert card.endswith("\n")
    assert not card.endswith("\n\n")


def test_a_card_can_be_had_in_sections(manifest: dict[str, Any]) -> None:
    sections = card_sections(manifest)
    assert next(iter(sections)) == "Data and licence"
    for heading, text in sections.items():
        assert section(model_card(manifest), heading).strip() == text.strip()
