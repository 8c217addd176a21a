"""What an operator can set: one model, built once at start, never read at import.

Every setting has an environment variable `TILTH_<NAME>`, nested ones with two underscores
(`TILTH_STORE__URL`). Secrets may also be files of that name in `/run/secrets`. `.env.example` is made from this
model by `tilth settings --example`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.time.zones import zone as known_zone
from bot.settings.platforms import PREFIX, DiscordSettings, SlackSettings

SEVERAL = ("_COMMUNITIES", "__APPS", "__SERVERS", "__HOOKS")
"""Settings that hold several things by name."""
SLUG = r"^[a-z0-9][a-z0-9-]{0,40}$"


class SettingsError(Exception):
    """A setting is wrong: names the variable and the fix. `tilth` exits with code 78 (EX_CONFIG)."""


class StoreSettings(BaseModel):
    """Where everything is kept."""

    model_config = {"extra": "forbid"}

    url: SecretStr = Field(
        SecretStr("sqlite:///var/tilth.db"),
        description="The database: sqlite:///path for one process, postgresql+psycopg://user:password@host/name for many",
    )
    journal: Literal["truncate", "wal"] = Field(
        "truncate", description="SQLite only; wal needs SQLite 3.51.3 and a local disk"
    )
    folder: Path = Field(
        Path("var"),
        description="Folder for what must outlive a restored backup: the list of erased people, and its key",
    )


class CommunitySettings(BaseModel):
    """A community that this deployment serves; its spaces see nothing of another's."""

    model_config = {"extra": "forbid"}

    slug: str = Field("home", pattern=SLUG, description="Short name; never changes")
    name: str = Field("Our community", description="What members read")
    zone: str = Field("Europe/Dublin", description="IANA time zone of the community")
    alerts: str = Field(
        "",
        pattern=r"^(\S+:\S+)?$",
        description="Where moderators hear of trouble, as <space>:<channel id>; empty: what they chose in chat, else by "
        "direct message",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return str(known_zone(zone))


class RoleSettings(BaseModel):
    """Who may do more: facts of a platform, each written `<platform>:<fact>` or `<space>:<fact>`."""

    model_config = {"extra": "forbid"}

    admins: frozenset[str] = Field(
        frozenset({"local:admin", "slack:admin", "discord:administrator"}),
        description="JSON list; facts are slack:admin, slack:owner, slack:group:S123, slack:id:U123, "
        "discord:administrator, discord:manage-server, discord:role:123, discord:id:123; one space: slack:T123:id:U123",
    )
    moderators: frozenset[str] = Field(
        frozenset({"local:moderator", "discord:manage-server"}),
        description='JSON list of the same facts, for example ["slack:group:S123", "discord:role:123"]',
    )


class ReflectionSettings(BaseModel):
    """How prompts behave where a schedule does not say otherwise."""

    model_config = {"extra": "forbid"}

    late_days: int = Field(
        7, ge=0, le=60, description="Days after closing in which a late answer is still kept"
    )
    keep_days: int = Field(
        400, ge=0, le=36_500, description="Days after which the text of an answer is removed; 0: never"
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
        description="Minutes between two re-readings of an open thread, for what no event told",
    )


class ReminderSettings(BaseModel):
    """How much the bot may remind, whatever members choose."""

    model_config = {"extra": "forbid"}

    per_week: int = Field(
        2, ge=1, le=7, description="Reminders a member gets at most in any seven days, over all features"
    )


class HookSettings(BaseModel):
    """A place where courses are hosted, which tells of progress by HTTP."""

    model_config = {"extra": "forbid"}

    secret: SecretStr = Field(min_length=16, description="The secret it sends, at least 16 characters")
    community: str = Field("", description="Slug of the community it tells of; empty: the first")


class CourseSettings(BaseModel):
    """Courses."""

    model_config = {"extra": "forbid"}

    hooks: dict[str, HookSettings] = Field(
        default_factory=dict,
        description="Places that tell of progress, by name: TILTH_COURSES__HOOKS__SCHOOL__SECRET lets it "
        "POST to /hooks/courses/school",
    )


class WebSettings(BaseModel):
    """The playground's page, events by HTTP, and the health check."""

    model_config = {"extra": "forbid"}

    host: str = Field(
        "127.0.0.1", description="Address to listen on; anything but loopback needs the page's token"
    )
    port: int = Field(8420, ge=0, le=65535, description="Port of the page")


class Settings(BaseSettings):
    """All settings of one deployment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        extra="forbid",
        secrets_dir=None,
    )

    store: StoreSettings = StoreSettings()  # type: ignore[call-arg]
    community: CommunitySettings = CommunitySettings()  # type: ignore[call-arg]
    communities: dict[str, CommunitySettings] = Field(
        default_factory=dict,
        description="Further communities, as JSON or TILTH_COMMUNITIES__NORTH__NAME and so on; the key is the slug",
    )
    roles: RoleSettings = RoleSettings()  # type: ignore[call-arg]
    reflections: ReflectionSettings = ReflectionSettings()  # type: ignore[call-arg]
    capture: CaptureSettings = CaptureSettings()  # type: ignore[call-arg]
    reminders: ReminderSettings = ReminderSettings()  # type: ignore[call-arg]
    courses: CourseSettings = CourseSettings()
    web: WebSettings = WebSettings()  # type: ignore[call-arg]
    slack: SlackSettings = SlackSettings()  # type: ignore[call-arg]
    discord: DiscordSettings = DiscordSettings()  # type: ignore[call-arg]
    content: Path | None = Field(
        None, description="Folder with reflections/ and courses/; empty: the content that came with Tilth"
    )
    log: Literal["debug", "info", "warning"] = Field(
        "info", description="How much is logged; never members' words"
    )

    @model_validator(mode="after")
    def _communities_are_known(self) -> Settings:
        self.communities = {
            slug: one.model_copy(update={"slug": slug}) for slug, one in self.communities.items()
        }
        for name, app in {"main": self.slack, **self.slack.apps}.items():
            app.check_whole("" if app is self.slack else f"APPS__{name.upper()}__")
        known = {self.community.slug, *self.communities}
        wanted = {f"slack app {name}": app.community for name, app in self.slack.everyone().items()}
        wanted |= {f"discord server {server}": slug for server, slug in self.discord.servers.items()}
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


def load(**overrides: Any) -> Settings:
    """Read the settings from the environment, `.env` and `/run/secrets`; raises `SettingsError`."""
    secrets = Path("/run/secrets")
    try:
        return Settings(_secrets_dir=secrets if secrets.is_dir() else None, **overrides)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except ValueError as error:
        # pydantic-settings raises its own error for JSON it cannot read, and it quotes the variable's value.
        raise SettingsError(
            f"A setting that needs JSON does not hold JSON ({str(error).splitlines()[0]}). "
            'Write a list like ["local:admin"].'
        ) from None


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in problem["loc"]]
        variable = PREFIX + "__".join(path).upper()
        known = {name for name, _, _ in variables()}
        if not path:
            lines.append(problem["msg"].removeprefix("Value error, ") + ".")
        elif problem["type"] == "extra_forbidden":
            lines.append(f"{variable} is no setting I know.{_nearest(variable, known)}")
        else:
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{variable} is wrong: {reason.rstrip('.?')}{'?' if reason.endswith('?') else '.'}")
    return "\n".join(lines)


def _nearest(variable: str, known: set[str]) -> str:
    import difflib  # only on the way out

    close = difflib.get_close_matches(variable, sorted(known), n=1)
    return f" Did you mean {close[0]}?" if close else " See .env.example."


def variables() -> list[tuple[str, str, str]]:
    """(variable, default, description) of every setting, in order."""
    found: list[tuple[str, str, str]] = []
    for name, part in Settings.model_fields.items():
        kind = part.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner, info in kind.model_fields.items():
                found.append(
                    (
                        f"{PREFIX}{name}__{inner}".upper(),
                        _default(info.get_default(call_default_factory=True)),
                        info.description or "",
                    )
                )
        else:
            default = part.get_default(call_default_factory=True)
            found.append((f"{PREFIX}{name}".upper(), _default(default), part.description or ""))
    return found


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, frozenset):
        import json  # only for the example file

        return json.dumps(sorted(value))
    return "" if value is None or value == {} else str(value)


def example() -> str:
    """The text of `.env.example`."""
    lines = ["# Every setting of Tilth with its default. Copy to .env and change what you need.", ""]
    for variable, default, description in variables():
        lines += [f"# {description}", f"#{variable}={default}", ""]
    return "\n".join(lines)


def unknown_variables() -> list[str]:
    """`TILTH_…` variables in the environment that mean nothing: most likely typing mistakes."""
    known = {name for name, _, _ in variables()}
    return sorted(
        name for name in os.environ if name.startswith(PREFIX) and not _is_known(name.upper(), known)
    )


def _is_known(name: str, known: set[str]) -> bool:
    """A setting, or something inside one of the settings that hold several by name."""
    inside = any(name.startswith(f"{whole}__") for whole in known if whole.endswith(SEVERAL))
    return name in known or inside
