"""The settings as read from the environment, with those of every platform; a wrong one is named with its fix.

Every setting has an environment variable `TILTH_<NAME>`, nested ones with two underscores (`TILTH_STORE__URL`).
Secrets may also be files of that name in `/run/secrets`.
"""

from __future__ import annotations

import difflib
import os
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, create_model

from bot.chat.platform import AnyPlatform
from bot.settings.model import PREFIX, RoleSettings, Settings
from bot.settings.variables import list_variables


class SettingsError(Exception):
    """A setting is wrong: names the variable and the fix. `tilth` exits with code 78 (EX_CONFIG)."""


@cache
def compose_settings(platforms: tuple[AnyPlatform, ...]) -> type[Settings]:
    """The model of all settings: the core's, and a group for each platform."""
    fields: dict[str, Any] = {}
    if platforms:
        roles = _compose_roles(platforms)
        fields["roles"] = (roles, Field(default_factory=roles))
    for one in platforms:
        model = one.settings_model()
        fields[one.name] = (model, Field(default_factory=model))
    return create_model("DeploymentSettings", __base__=Settings, __doc__=Settings.__doc__, **fields)


def _compose_roles(platforms: tuple[AnyPlatform, ...]) -> type[RoleSettings]:
    """Who may do more, with each platform's own facts as defaults and in the descriptions."""
    roles = [one.roles for one in platforms]
    own = {name: field.default for name, field in RoleSettings.model_fields.items()}
    known = ", ".join(fact for one in roles for fact in one.known)
    spaces = ", ".join(one.of_one_space for one in roles if one.of_one_space)
    examples = ", ".join(f'"{one.example}"' for one in roles)
    return create_model(
        "PlatformRoleSettings", __base__=RoleSettings,
        admins=(frozenset[str], Field(
            own["admins"].union(*(one.admins for one in roles)),
            description=f"JSON list; facts are {known}" + (f"; one space: {spaces}" if spaces else ""),
        )),
        moderators=(frozenset[str], Field(
            own["moderators"].union(*(one.moderators for one in roles)),
            description=f"JSON list of the same facts, for example [{examples}]",
        )),
    )  # fmt: skip


def load(platforms: tuple[AnyPlatform, ...] = (), **overrides: Any) -> Settings:
    """Read the settings from the environment, `.env` and `/run/secrets`; raises `SettingsError`."""
    secrets = Path("/run/secrets")
    model = compose_settings(platforms)
    try:
        return model(_secrets_dir=secrets if secrets.is_dir() else None, **overrides)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_explain(error, model)) from None
    except ValueError as error:
        # pydantic-settings raises its own error for JSON it cannot read, and it quotes the variable's value.
        raise SettingsError(
            f"A setting that needs JSON does not hold JSON ({str(error).splitlines()[0]}). "
            'Write a list like ["local:admin"].'
        ) from None


def _explain(error: ValidationError, model: type[Settings]) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in problem["loc"]]
        variable = PREFIX + "__".join(path).upper()
        if not path:
            lines.append(problem["msg"].removeprefix("Value error, ") + ".")
        elif problem["type"] == "extra_forbidden":
            lines.append(f"{variable} is no setting I know.{_suggest(variable, model)}")
        else:
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{variable} is wrong: {reason.rstrip('.?')}{'?' if reason.endswith('?') else '.'}")
    return "\n".join(lines)


def _suggest(variable: str, model: type[Settings]) -> str:
    known = sorted(one.name for one in list_variables(model))
    close = difflib.get_close_matches(variable, known, n=1)
    return f" Did you mean {close[0]}?" if close else " See .env.example."


def unknown_variables(settings: Settings) -> list[str]:
    """`TILTH_…` variables in the environment that mean nothing: most likely typing mistakes."""
    known = list_variables(type(settings))
    names = {one.name for one in known}
    groups = tuple(f"{one.name}__" for one in known if one.several)
    return sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX) and name.upper() not in names and not name.upper().startswith(groups)
    )


def content_root(settings: Settings) -> Path:
    """Where the content files are: the setting, else inside the installed package, else beside it."""
    if settings.content is not None:
        return settings.content
    packaged = Path(__file__).parents[1] / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "prompts"
