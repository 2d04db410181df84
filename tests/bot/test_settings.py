import errno
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

TOKEN = "MTEwMDAw.Gabcde.secret-part-that-nobody-may-see"  # noqa: S105  nobody's token
GIVEN = {
    "DISCORD_TOKEN": (TOKEN, TOKEN),
    "ARTIFACTS": ("store/of mine", Path("store/of mine")),
    "SYNC_GUILD": ("75000000000", 75_000_000_000),
    "SHARD_IDS": ("1, 2", (1, 2)),
    "SHARD_COUNT": ("5", 5),
    "LYRICS_ORDER": ("LRCLIB,genius", ("lrclib", "genius")),
    "GENIUS_TOKEN": ("genius-secret-9", "genius-secret-9"),
    "LRCLIB_URL": ("http://127.0.0.1:8080/base/", "http://127.0.0.1:8080/base"),
    "GENIUS_API_URL": ("https://proxy.example/api", "https://proxy.example/api"),
    "GENIUS_WEB_URL": ("https://proxy.example/web/", "https://proxy.example/web"),
    "DATASET_URL": ("https://mirror.example/data.zip", "https://mirror.example/data.zip"),
    "DATABASE_URL": (
        "postgresql://me:pass@127.0.0.1/music",
        "postgresql://me:pass@127.0.0.1/music",
    ),
    "LOOK_UP_UNKNOWN": ("false", False),
    "LASTFM_API_KEY": ("b25b959554ed76058ac220b7b2e0a026", "b25b959554ed76058ac220b7b2e0a026"),
    "LISTENBRAINZ_TOKEN": ("8dc9a8ed-e9a9", "8dc9a8ed-e9a9"),
    "LISTENBRAINZ_URL": ("http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
    "LISTENBRAINZ_LABS_URL": ("http://127.0.0.1:8082/", "http://127.0.0.1:8082"),
    "MUSICBRAINZ_URL": ("http://127.0.0.1:8083/", "http://127.0.0.1:8083"),
    "LASTFM_URL": ("http://127.0.0.1:8084/", "http://127.0.0.1:8084"),
    "DEEZER_URL": ("http://127.0.0.1:8085/", "http://127.0.0.1:8085"),
    "LOCALE": ("de-DE", "de"),
    "HEALTH_PORT": ("9100", 9100),
    "LOG_FORMAT": ("JSON", "json"),
    "LOG_LEVEL": ("debug", "DEBUG"),
}


def value_of(settings: Settings, variable: str) -> object:
    value = getattr(settings, variable.lower())
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def write_env(folder: Path, given: dict[str, str]) -> None:
    text = "".join(f'{name}="{value}"\n' for name, value in given.items())
    (folder / ".env").write_text(text, "utf-8")


def set_environment(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def test_every_variable_is_tried_here() -> None:
    assert {name.upper() for name in Settings.model_fields} == set(GIVEN)


@pytest.mark.parametrize("source", ["environment", ".env"])
def test_every_variable_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str
) -> None:
    given = {name: text for name, (text, _) in GIVEN.items()}
    if source == ".env":
        write_env(tmp_path, given)
    else:
        set_environment(monkeypatch, given)
    settings = load_settings()
    assert {name: value_of(settings, name) for name in GIVEN} == {
        name: expected for name, (_, expected) in GIVEN.items()
    }


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_env(tmp_path, {"ARTIFACTS": "from-file", "SYNC_GUILD": "7"})
    monkeypatch.setenv("ARTIFACTS", "from-environment")
    settings = load_settings()
    assert (settings.artifacts, settings.sync_guild) == (Path("from-environment"), 7)


@pytest.mark.parametrize("blank", ["", "   "])
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_blank_is_unset(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, blank: str
) -> None:
    given = dict.fromkeys(GIVEN, blank)
    if source == ".env":
        write_env(tmp_path, given)
    else:
        set_environment(monkeypatch, given)
    assert load_settings() == Settings()


def test_a_foreign_variable_in_the_file_is_nobodys_business(tmp_path: Path) -> None:
    write_env(tmp_path, {"COMPOSE_PROJECT_NAME": "music", "ARTIFACTS": "mine"})
    assert load_settings().artifacts == Path("mine")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ARTIFACTS=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"^\.env: is not UTF-8 text; save it as UTF-8$"):
        load_settings()


def test_a_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("bot.settings.Settings", refuse)
    line = r"^\.env: cannot be read \(Permission denied\); allow this user to read it$"
    with pytest.raises(SettingsError, match=line):
        load_settings()


@pytest.mark.parametrize("variable", ["LOG_LEVEL", "LOG_FORMAT"])
def test_white_space_around_a_word_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    text, expected = GIVEN[variable]
    monkeypatch.setenv(variable, f" {text} ")
    assert value_of(load_settings(), variable) == expected


@pytest.mark.parametrize(
    ("given", "variable", "mend"),
    [
        ({"DISCORD_TOKEN": "Bot abc"}, "DISCORD_TOKEN", "discord.com/developers/applications"),
        ({"DISCORD_TOKEN": "'abc"}, "DISCORD_TOKEN", "Reset Token"),
        ({"DISCORD_TOKEN": 'abc"'}, "DISCORD_TOKEN", "Reset Token"),
        ({"DISCORD_TOKEN": "abc\ndef"}, "DISCORD_TOKEN", "Reset Token"),
        ({"GENIUS_TOKEN": "two words"}, "GENIUS_TOKEN", "genius.com/api-clients"),
        ({"SYNC_GUILD": "My Server"}, "SYNC_GUILD", "Copy Server ID"),
        ({"SYNC_GUILD": "-4"}, "SYNC_GUILD", "Copy Server ID"),
        ({"SYNC_GUILD": "9" * 25}, "SYNC_GUILD", "Copy Server ID"),
        ({"DISCORD_TOKEN": "abc\x01def"}, "DISCORD_TOKEN", "Reset Token"),
        ({"DISCORD_TOKEN": "abc\u200bdef"}, "DISCORD_TOKEN", "Reset Token"),
        ({"GENIUS_TOKEN": "caf\u00e9"}, "GENIUS_TOKEN", "genius.com/api-clients"),
        ({"LYRICS_ORDER": " , "}, "LYRICS_ORDER", "at least one value"),
        ({"LRCLIB_URL": "https://lrclib.net/?x=1"}, "LRCLIB_URL", "no ? and no #"),
        ({"GENIUS_API_URL": "https://x.example/#api"}, "GENIUS_API_URL", "no ? and no #"),
        ({"SHARD_IDS": "1"}, "SHARD_IDS", "needs SHARD_COUNT"),
        ({"SHARD_IDS": "1,2"}, "SHARD_IDS", "needs SHARD_COUNT"),
        ({"SHARD_IDS": ",", "SHARD_COUNT": "2"}, "SHARD_IDS", "at least one value"),
        ({"SHARD_IDS": "0,2", "SHARD_COUNT": "2"}, "SHARD_IDS", "between 0 and SHARD_COUNT - 1"),
        ({"SHARD_IDS": "-1,0", "SHARD_COUNT": "2"}, "SHARD_IDS", "between 0"),
        ({"SHARD_IDS": "0,0", "SHARD_COUNT": "2"}, "SHARD_IDS", "given twice"),
        ({"SHARD_IDS": "one", "SHARD_COUNT": "2"}, "SHARD_IDS", "numbers separated by commas"),
        ({"SHARD_COUNT": "0"}, "SHARD_COUNT", ".env"),
        ({"LYRICS_ORDER": "lrclib,azlyrics"}, "LYRICS_ORDER", "genius, lrclib or both"),
        ({"LYRICS_ORDER": "lrclib,LRCLIB"}, "LYRICS_ORDER", "given twice"),
        ({"LRCLIB_URL": "lrclib.net"}, "LRCLIB_URL", ".env"),
        ({"GENIUS_API_URL": "ftp://genius.com"}, "GENIUS_API_URL", "'http' or 'https'"),
        ({"GENIUS_WEB_URL": "https://"}, "GENIUS_WEB_URL", ".env"),
        ({"DATASET_URL": "somewhere"}, "DATASET_URL", ".env"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT", "text or json"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_mistyped_value_gets_one_line_with_its_variable_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], variable: str, mend: str
) -> None:
    set_environment(monkeypatch, given)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith(f"{variable}: ")
    assert "\n" not in line
    assert mend in line
    assert caught.value.__suppress_context__, "the cause would print the value"


@pytest.mark.parametrize(
    ("ids", "count", "expected"),
    [("0", "1", (0,)), ("3", "4", (3,)), (" 2 ,0,", "3", (2, 0)), ("", "3", None)],
)
def test_shards_that_fit_are_taken(
    monkeypatch: pytest.MonkeyPatch, ids: str, count: str, expected: tuple[int, ...] | None
) -> None:
    set_environment(monkeypatch, {"SHARD_IDS": ids, "SHARD_COUNT": count})
    settings = load_settings()
    assert (settings.shard_ids, settings.shard_count) == (expected, int(count))


def test_a_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings().require_token()
    line = str(caught.value)
    assert line.startswith("DISCORD_TOKEN: not set; ")
    assert "https://discord.com/developers/applications" in line
    assert line.endswith("or start with --console")


def test_a_token_may_be_surrounded_by_white_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f" {TOKEN}\r\n")
    assert load_settings().require_token() == TOKEN


def test_a_token_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_environment(monkeypatch, {"DISCORD_TOKEN": TOKEN, "GENIUS_TOKEN": "genius-secret-9"})
    settings = load_settings()
    shown = [repr(settings), str(settings), f"{settings.model_dump()}", settings.model_dump_json()]
    assert not [text for text in shown if "secret" in text]


def test_a_refused_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f"Bot {TOKEN}")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "secret" not in f"{caught.value!r} {caught.value.__dict__}"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().sync_guild = 4
