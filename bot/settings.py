"""Settings from the environment or ``.env``, validated once at start."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.language import SOURCE, language_of, languages

PORTAL = "https://discord.com/developers/applications"

# Where an admin gets the value of a setting; the rest explain themselves.
_WHERE_TO_GET = {
    "DISCORD_TOKEN": f"copy it from {PORTAL} → your application → Bot → Reset Token into .env",
    "GENIUS_TOKEN": "create a client access token at https://genius.com/api-clients",
    "SYNC_GUILD": "right-click the server in Discord's developer mode → Copy Server ID",
    "LYRICS_ORDER": "give genius, lrclib or both, separated by commas",
    "LASTFM_API_KEY": "create one at https://www.last.fm/api/account/create",
    "LISTENBRAINZ_TOKEN": "copy it from https://listenbrainz.org/settings",
    "DATABASE_URL": "give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
    "HEALTH_PORT": "give a free port between 1 and 65535",
    "SHARD_IDS": "give numbers separated by commas, with SHARD_COUNT",
    "LOG_LEVEL": "give DEBUG, INFO, WARNING or ERROR",
    "LOG_FORMAT": "give text or json",
    "LOCALE": f"give one of: {', '.join(languages())}",
}

_HTTP_URL = TypeAdapter(AnyHttpUrl)


def _http_address(value: str) -> str:
    _HTTP_URL.validate_python(value)
    return value.rstrip("/")


def _base_address(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("a base address has no ? and no #, because paths are put behind it")
    return _http_address(value)


BaseAddress = Annotated[str, AfterValidator(_base_address)]
LyricsSource = Literal["genius", "lrclib"]


class Settings(BaseSettings):
    """Everything an admin can choose, one attribute a variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
    )

    discord_token: SecretStr | None = None
    """The bot's token; without one only the terminal front end can start."""
    artifacts: Path = Path("artifacts")
    """The store folder that ``scripts/train.py`` writes."""
    database_url: SecretStr = SecretStr("sqlite:///data/crossfade.sqlite3")
    """Where what members and admins choose is kept; it can hold a password."""
    sync_guild: int | None = Field(default=None, gt=0, lt=2**63)
    """The id of the one server in which the commands appear, at once; everywhere when unset."""
    shard_ids: Annotated[tuple[int, ...] | None, NoDecode] = None
    """The shards that this process serves; all of them when unset."""
    shard_count: int | None = Field(default=None, ge=1, le=100_000)
    """How many shards there are in all; Discord's own advice when unset."""

    lyrics_order: Annotated[tuple[LyricsSource, ...], NoDecode] = ("genius", "lrclib")
    """The providers to ask, in this order; Genius takes part only with a token."""
    genius_token: SecretStr | None = None
    """A Genius client access token."""
    lrclib_url: BaseAddress = "https://lrclib.net"
    """Base address of LRCLIB."""
    genius_api_url: BaseAddress = "https://api.genius.com"
    """Base address of the Genius API."""
    genius_web_url: BaseAddress = "https://genius.com"
    """Base address of the Genius pages that hold the lyrics."""
    look_up_unknown: bool = True
    """Whether the name of an artist that the model does not know is sent to the services below."""
    lastfm_api_key: SecretStr | None = None
    """A Last.fm API key, for the neighbours of artists that the model does not know."""
    listenbrainz_token: SecretStr | None = None
    """A ListenBrainz user token; what is asked there works without one."""
    listenbrainz_url: BaseAddress = "https://api.listenbrainz.org"
    """Base address of ListenBrainz."""
    listenbrainz_labs_url: BaseAddress = "https://labs.api.listenbrainz.org"
    """Base address of ListenBrainz's experimental data sets, similar artists among them."""
    musicbrainz_url: BaseAddress = "https://musicbrainz.org"
    """Base address of MusicBrainz."""
    lastfm_url: BaseAddress = "https://ws.audioscrobbler.com"
    """Base address of the Last.fm API."""
    deezer_url: BaseAddress = "https://api.deezer.com"
    """Base address of the Deezer API, for previews."""
    dataset_url: Annotated[str, AfterValidator(_http_address)] = (
        "https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"
    )
    """Where ``scripts/download.py`` gets the published data."""

    locale: str = SOURCE
    """The language of the terminal, and of members whose own one the bot does not speak."""
    health_port: int | None = Field(default=None, ge=1, le=65_535)
    """A port of this machine alone for /healthz, /readyz and /metrics; none when unset."""
    log_format: Literal["text", "json"] = "text"
    """How log lines are written to standard error."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least severe level that is logged."""

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if not (isinstance(value, str) and not value.strip())
        }

    @field_validator("discord_token", "genius_token", "lastfm_api_key", "listenbrainz_token")
    @classmethod
    def _token_is_one_word(cls, token: SecretStr | None) -> SecretStr | None:
        word = token.get_secret_value() if token is not None else ""
        if any(not "!" <= mark <= "~" or mark in "'\"" for mark in word):
            raise ValueError(
                "a token is plain letters, digits and signs without spaces or quotes; "
                "paste it alone, without 'Bot '"
            )
        return token

    @field_validator("lyrics_order", "shard_ids", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip().lower() for part in value.split(",") if part.strip()]
        if not parts:
            raise ValueError("at least one value is needed, or leave it empty")
        if len(set(parts)) != len(parts):
            raise ValueError("a value is given twice")
        return tuple(parts)

    @field_validator("locale")
    @classmethod
    def _is_spoken(cls, locale: str) -> str:
        language = language_of(locale)
        if language is None:
            raise ValueError("is a language that the bot does not speak")
        return language

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _ignore_case(cls, value: Any, info: Any) -> Any:
        if not isinstance(value, str):
            return value
        word = value.strip()
        return word.upper() if info.field_name == "log_level" else word.lower()

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if self.shard_ids is None:
            return self
        if self.shard_count is None:
            raise ValueError("needs SHARD_COUNT beside it")
        if min(self.shard_ids) < 0 or max(self.shard_ids) >= self.shard_count:
            raise ValueError("shards lie between 0 and SHARD_COUNT - 1")
        return self

    @property
    def has_other_processes(self) -> bool:
        """Whether there are shards that this process does not serve."""
        return (
            self.shard_ids is not None
            and self.shard_count is not None
            and len(self.shard_ids) < self.shard_count
        )

    def require_token(self) -> str:
        """The Discord token.

        Raises:
            SettingsError: it is not set.
        """
        if self.discord_token is None:
            raise SettingsError(
                "not set",
                where="DISCORD_TOKEN",
                mend=f"{_WHERE_TO_GET['DISCORD_TOKEN']}, or start with --console",
            )
        return self.discord_token.get_secret_value()


def load_settings(**overrides: Any) -> Settings:
    """Read and validate the settings.

    Raises:
        SettingsError: a value is mistyped; names the first such variable.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        variable = str(first["loc"][0]).upper() if first["loc"] else "SHARD_IDS"
        problem = first["msg"].removeprefix("Value error, ")
        mend = _WHERE_TO_GET.get(variable, "mend it in the environment or in .env")
        raise SettingsError(problem, where=variable, mend=mend) from None
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8 text", where=".env", mend="save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(
            f"cannot be read ({error.strerror})", where=".env", mend="allow this user to read it"
        ) from None
