"""The settings of one deployment: one model, built once at start, never read at import.

The settings of a platform are not here but in its adapter's folder; `environment.py` puts them together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

from dotenv import dotenv_values
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.chat.language import country_of_zone, locale_of
from bot.chat.platform_settings import PlatformSettings
from bot.chat.time.zones import zone as known_zone
from bot.settings.courses import CourseSettings
from bot.settings.retention import RetentionSettings
from bot.settings.web import MonitoringSettings, WebhookSettings, WebSettings

PREFIX = "TILTH_"
"""What the name of every environment variable begins with."""
SECRET = 32
"""The fewest characters of the secret that every key is derived from."""
SLUG = r"^[a-z0-9][a-z0-9-]{0,40}$"


class StoreSettings(BaseModel):
    """Where everything is kept."""

    model_config = {"extra": "forbid"}

    url: SecretStr = Field(
        SecretStr("sqlite:///var/tilth.db"),
        description="The database: sqlite:///path for one process, postgresql+psycopg://user:password@host/name for many",
    )
    journal: Literal["auto", "truncate", "wal"] = Field(
        "auto", description="SQLite only; auto: wal where library and disk are safe for it, else truncate"
    )
    folder: Path = Field(
        Path("var"),
        description="Folder for what must outlive a restored backup: the secret, and the list of erased people",
    )

    @field_validator("url")
    @classmethod
    def _is_database(cls, url: SecretStr) -> SecretStr:
        if not re.match(r"(sqlite|postgres(ql)?)(\+\w+)?://", url.get_secret_value()):
            raise ValueError(
                "it is no database that Tilth can use. Write sqlite:///var/tilth.db or "
                "postgresql+psycopg://user:password@host/name"
            )
        return url


class CommunitySettings(BaseModel):
    """A community that this deployment serves; its spaces see nothing of another's."""

    model_config = {"extra": "forbid"}

    slug: str = Field("home", pattern=SLUG, description="Short name; never changes")
    name: str = Field("Our community", description="What members read")
    zone: str = Field("America/Chicago", description="IANA time zone of the community")
    language: Literal["en", "es"] = Field(
        "en", description="Language of what is said to everybody; each member reads the rest in their own"
    )
    country: str = Field(
        "",
        pattern=r"^([A-Z]{2})?$",
        description="Two letters: how days and times are written, and whose public holidays count where no calendar is set; "
        "empty: the country the zone lies in",
    )
    alerts: str = Field(
        "",
        pattern=r"^(\S+:\S+)?$",
        description="Where moderators hear of trouble, as <space>:<channel id>; empty: what they chose in chat, else by "
        "direct message",
    )

    danger_text: str = Field(
        "",
        max_length=1500,
        description="Who to call, told at once to whoever writes of somebody in danger, as Markdown; empty: 911, 988, "
        "Childhelp and the district's mandated-reporter line",
    )
    danger_contact: bool = Field(
        False,
        description="Whether somebody who writes of danger can ask a moderator to contact them; moderators are told who "
        "asks, never what was written",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return str(known_zone(zone))

    @property
    def home_country(self) -> str:
        """The country as it was set, else the one the zone lies in."""
        return self.country or country_of_zone(self.zone)

    @property
    def locale(self) -> str:
        """The locale in which everybody is spoken to, like `es_US`."""
        return locale_of(self.language, self.home_country)


class RoleSettings(BaseModel):
    """Who may do more: facts of a platform, each written `<platform>:<fact>` or `<space>:<fact>`."""

    model_config = {"extra": "forbid"}

    admins: frozenset[str] = Field(frozenset({"local:admin"}), description="JSON list of facts")
    moderators: frozenset[str] = Field(frozenset({"local:moderator"}), description="JSON list of facts")


class ReflectionSettings(BaseModel):
    """How prompts behave where a schedule does not say otherwise."""

    model_config = {"extra": "forbid"}

    late_days: int = Field(
        7, ge=0, le=60, description="Days after closing in which a late answer is still stored"
    )
    save_emoji: str = Field(
        "seedling", description="Reaction with which people save their own message as an answer"
    )


class CaptureSettings(BaseModel):
    """How closely open conversations are followed beyond the events that platforms tell."""

    model_config = {"extra": "forbid"}

    beat_minutes: int = Field(
        15,
        ge=1,
        le=1440,
        description="Minutes between two re-readings of an open thread while people write in it, for what no event "
        "told; where it is quiet for a day, every second time, then every fourth and eighth",
    )


class ReminderSettings(BaseModel):
    """How much the bot may remind, whatever members choose."""

    model_config = {"extra": "forbid"}

    per_week: int = Field(
        2, ge=1, le=7, description="Reminders a member gets at most in any seven days, over all features"
    )


class LiteralEnvFile(DotEnvSettingsSource):
    """The file `.env`, in which `${NAME}` stands for itself: a value is the one that was written, as systemd reads it."""

    def _read_env_file(self, file_path: Path) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in dotenv_values(file_path, interpolate=False).items()}


class Settings(BaseSettings):
    """All settings of one deployment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        extra="forbid",
        secrets_dir=None,
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """Where the settings are from, the first that names one decides. `.env` is read by the letter."""
        given = cast("DotEnvSettingsSource", dotenv_settings).env_file
        return init_settings, env_settings, LiteralEnvFile(settings_cls, given), file_secret_settings

    store: StoreSettings = StoreSettings()  # type: ignore[call-arg]
    secret: SecretStr = Field(
        SecretStr(""),
        description="The secret of the database, 32 characters or more, from which every key is derived; empty: the file "
        "secret.key in the store's folder, which the first start makes",
    )
    community: CommunitySettings = CommunitySettings()  # type: ignore[call-arg]
    communities: dict[str, CommunitySettings] = Field(
        default_factory=dict,
        description="Further communities, as JSON or TILTH_COMMUNITIES__NORTH__NAME and so on; the key is the slug",
    )
    roles: RoleSettings = RoleSettings()  # type: ignore[call-arg]
    reflections: ReflectionSettings = ReflectionSettings()  # type: ignore[call-arg]
    retention: RetentionSettings = RetentionSettings()  # type: ignore[call-arg]
    capture: CaptureSettings = CaptureSettings()  # type: ignore[call-arg]
    reminders: ReminderSettings = ReminderSettings()  # type: ignore[call-arg]
    courses: CourseSettings = CourseSettings()
    web: WebSettings = WebSettings()  # type: ignore[call-arg]
    webhooks: WebhookSettings = WebhookSettings()  # type: ignore[call-arg]
    monitoring: MonitoringSettings = MonitoringSettings()  # type: ignore[call-arg]
    content: Path | None = Field(
        None, description="Folder with reflections/ and courses/; empty: the content that came with Tilth"
    )
    log: Literal["debug", "info", "warning"] = Field(
        "info", description="How much is logged; never members' words"
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="How it is logged; auto: text on a terminal, one JSON object per line otherwise"
    )

    @field_validator("content")
    @classmethod
    def _is_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}. Make it, or leave this setting empty")
        return folder

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < SECRET:
            raise ValueError(f"it needs {SECRET} characters or more; `openssl rand -hex 32` makes one")
        return secret

    @model_validator(mode="after")
    def _communities_are_known(self) -> Settings:
        self.communities = {
            slug: one.model_copy(update={"slug": slug}) for slug, one in self.communities.items()
        }
        wanted: dict[str, str] = {}
        for platform in self.by_platform().values():
            platform.check_whole()
            wanted |= platform.communities()
        known = {self.community.slug, *self.communities}
        wanted |= {f"course hook {name}": hook.community for name, hook in self.courses.hooks.items()}
        for what, slug in wanted.items():
            if slug and slug not in known:
                raise ValueError(
                    f"{what} belongs to community {slug}, but I know only {', '.join(sorted(known))}"
                )
        return self

    def all_communities(self) -> tuple[CommunitySettings, ...]:
        """The first community and the further ones."""
        return (self.community, *self.communities.values())

    def by_platform(self) -> dict[str, PlatformSettings]:
        """The settings of each platform by its name."""
        return {name: value for name, value in self if isinstance(value, PlatformSettings)}
