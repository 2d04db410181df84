"""The operator's guide names what there is: metrics, settings, log lines, reasons, exit codes."""

import re
import sys
from typing import get_args

import pytest

from bot.counts import Counts, Kind, Retried
from bot.handled import Outcome
from bot.metrics import Metrics, Sources
from bot.settings import Settings
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")
_ENDS_OF_HISTOGRAMS = re.compile(r"_(?:bucket|sum|count)$")


def table(heading: str) -> list[list[str]]:
    """The rows of the last table below a heading, without its head."""
    section = GUIDE.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    ruled = max(number for number, line in enumerate(lines) if re.match(r"\|-", line))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[ruled + 1 :]]


def told() -> set[str]:
    """The names of what ``/metrics`` tells, before anything has happened."""
    counts = Counts()
    sources = Sources(
        latencies=dict,
        under_way=lambda: 0,
        lag=lambda: 0.0,
        model=dict,
        reloads=lambda: 0,
        failed_reloads=lambda: 0,
        remembered=dict,
        counts=counts,
    )
    return set(re.findall(r"^# TYPE (\S+)", Metrics(sources).text().decode(), re.MULTILINE))


@pytest.mark.skipif(sys.platform != "linux", reason="the process's own numbers come from /proc")
def test_every_metric_is_in_the_table_and_every_metric_of_the_table_exists() -> None:
    assert sorted(row[0].strip("`") for row in table("Metrics")) == sorted(told())


@pytest.mark.skipif(sys.platform != "linux", reason="the process's own numbers come from /proc")
def test_every_metric_that_the_guide_names_exists() -> None:
    named = set(re.findall(r"\b(?:crossfade|process)_[a-z_]+\b", GUIDE))
    assert {name for name in named if _ENDS_OF_HISTOGRAMS.sub("", name) not in told()} == set()


def test_every_metric_has_a_meaning_and_an_alert_or_none() -> None:
    for name, labels, tells, alert in table("Metrics"):
        assert tells, name
        assert alert.startswith("none") or re.search(r"`[^`]* [<>] [\w.]+`|\d", alert), name
        assert labels == labels.lower()


def test_every_setting_is_named_here_or_in_the_readme() -> None:
    documents = GUIDE + (ROOT / "README.md").read_text("utf-8")
    example = (ROOT / ".env.example").read_text("utf-8")
    settings = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    assert len(settings) == len(Settings.model_fields)
    assert {name for name in settings if f"`{name}" not in documents} == set()


def test_every_outcome_kind_and_retry_is_explained() -> None:
    (outcomes,) = [row for row in table("The log") if row[0] == "`outcome`"]
    assert set(re.findall(r"`([a-z-]+)`", outcomes[1])) == {one.value for one in Outcome}
    kinds = {row[0].strip("`") for row in table("Outside services") if row[0]}
    assert kinds == set(get_args(Kind))
    (retries,) = [row for row in table("Metrics") if row[0] == "`crossfade_retries_total`"]
    assert {f"`{what}`" for what in get_args(Retried)} <= set(re.findall(r"`\w+`", retries[2]))


def sources() -> str:
    """The source of the bot and the model, with texts that are joined in it joined."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "model").rglob("*.py")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    return re.sub(r'"\s*f?"', "", text)


# What discord.py, the drivers of the databases or Discord itself say; not ours to look for.
FOREIGN = (
    "Attempting a reconnect for shard ID",
    "database is locked",
    "database or disk is full",
    "file is not a database",
    "[Errno 111]",
)


def quoted() -> list[str]:
    """What the guide says that the bot says: in tables and text, with a space in it."""
    texts = re.findall(r"`([^`\n]+)`", re.sub(r"^ {4}.*$", "", GUIDE, flags=re.MULTILINE))
    programs = ("python", "sqlite3", "pg_dump", "psql", "grep", "handled ")
    expressions = re.compile(r"crossfade_|process_")
    return [
        one
        for one in texts
        if " " in one and not one.startswith(programs) and not expressions.search(one)
    ]


def test_what_the_bot_is_said_to_say_stands_in_its_source() -> None:
    # A setting's name is put in front where the error is shown, and numbers are filled in.
    filled_in = re.compile(
        "|".join([*map(re.escape, FOREIGN), "…", r"\d+", r"\b[A-Z]+_[A-Z]+: ", r"\(HTTP", r"[()]"])
    )
    parts = {part.strip(" :(") for text in quoted() for part in filled_in.split(text)}
    sought = {part for part in parts if len(part) > 5}
    assert len(sought) > 30
    source = sources()
    assert {part for part in sought if part not in source} == set()


def test_the_readme_links_the_guide() -> None:
    assert "](docs/operating.md)" in (ROOT / "README.md").read_text("utf-8")
