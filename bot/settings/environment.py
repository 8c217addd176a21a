"""The settings as read from the environment, with those of every platform; a wrong one is named with its fix.

Every setting has an environment variable `TILTH_<NAME>`, nested ones with two underscores (`TILTH_STORE__URL`).
Secrets may also be files of that name in `/run/secrets`.
"""

from __future__ import annotations

import difflib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, create_model, field_validator

from bot.chat.platform import AnyPlatform
from bot.settings.env_file import read_file
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
    person = next((fact for one in roles for fact in one.known if ":id:" in fact), "local:admin")
    heads = frozenset(
        {"local", *(fact.partition(":")[0] for fact in (*known.split(", "), *spaces.split(", ")))} - {""}
    )
    return create_model(
        "PlatformRoleSettings", __base__=RoleSettings, __validators__=_check_facts(heads, f'"{person}"'),
        admins=(frozenset[str], Field(
            own["admins"].union(*(one.admins for one in roles)),
            description=f"JSON list; facts are {known}" + (f"; one space: {spaces}" if spaces else ""),
            examples=[f'["{person}"]'],
        )),
        moderators=(frozenset[str], Field(
            own["moderators"].union(*(one.moderators for one in roles)),
            description=f"JSON list of the same facts, for example [{examples}]",
            examples=[f'["{person}"]'],
        )),
    )  # fmt: skip


def _check_facts(heads: frozenset[str], example: str) -> dict[str, Any]:
    """Validators of the lists of facts: each begins with a platform (`heads`), or nobody would ever have the role."""

    def check(facts: frozenset[str]) -> frozenset[str]:
        wrong = sorted(
            one for one in facts if one.partition(":")[0] not in heads or one.endswith(":") or ":" not in one
        )
        if wrong:
            raise ValueError(f"“{wrong[0]}” names nobody. Write each as <platform>:<fact>, like [{example}]")
        return facts

    return {"check": field_validator("admins", "moderators")(check)}


def load(platforms: tuple[AnyPlatform, ...] = (), **overrides: Any) -> Settings:
    """Read the settings from the environment, `.env` and `/run/secrets`; raises `SettingsError`."""
    secrets = Path("/run/secrets")
    model = compose_settings(platforms)
    try:
        return model(_secrets_dir=secrets if secrets.is_dir() else None, **overrides)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_explain(error, model)) from None
    except ValueError:
        # pydantic-settings names only the group of a value that is no JSON, and its error quotes the value.
        raise SettingsError(_explain_json(model, overrides.get("_env_file", ".env"))) from None


def _explain_json(model: type[Settings], file: Path | str | None) -> str:
    """Which variables should hold JSON and do not; what they hold may be a secret, and is not quoted."""
    given = read_file(Path(file)) if file else {}
    given |= {name.upper(): value for name, value in os.environ.items()}
    wrong = [one for one in list_variables(model) if one.example and not _is_json(given.get(one.name, "{}"))]
    lines = [f"{one.name} is wrong: it is not JSON. Write it like {one.example}." for one in wrong]
    return "\n".join(lines) or "A setting that needs JSON does not hold JSON. See .env.example."


def _is_json(text: str) -> bool:
    try:
        json.loads(text or "{}")
    except ValueError:
        return False
    return True


def _explain(error: ValidationError, model: type[Settings]) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in problem["loc"]]
        variable = PREFIX + "__".join(path).upper().removeprefix(
            PREFIX
        )  # a stranger in .env keeps its prefix
        if not path:
            lines.append(problem["msg"].removeprefix("Value error, ") + ".")
        elif problem["type"] == "extra_forbidden":
            lines.append(f"{variable} is no setting I know.{_suggest(variable, model)}")
        else:
            reason = _REASONS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
            lines.append(f"{variable} is wrong: {reason.rstrip('.?')}{'?' if reason.endswith('?') else '.'}")
    return "\n".join(lines)


_REASONS = {
    "int_parsing": "it has to be a whole number, like 8420",
    "bool_parsing": "it has to be true or false",
    "path_type": "it has to be the name of a file or folder",
}
"""What a value should have been, where the library's own words do not say what to write."""


def _suggest(variable: str, model: type[Settings]) -> str:
    known = sorted(one.name for one in list_variables(model))
    close = difflib.get_close_matches(variable, known, n=1)
    return f" Did you mean {close[0]}?" if close else " See .env.example."


def unknown_variables(settings: Settings) -> dict[str, str]:
    """`TILTH_…` variables in the environment that mean nothing, most likely typing mistakes, each with what was meant."""
    known = list_variables(type(settings))
    names = {one.name for one in known}
    groups = tuple(f"{one.name}__" for one in known if one.several)
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX) and name.upper() not in names and not name.upper().startswith(groups)
    )
    return {name: _suggest(name, type(settings)).strip() for name in unknown}


def content_root(settings: Settings) -> Path:
    """Where the content files are: the setting, else inside the installed package, else beside it."""
    if settings.content is not None:
        return settings.content
    packaged = Path(__file__).parents[1] / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "prompts"
