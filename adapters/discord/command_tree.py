"""Discord's command tree, made from the menu: a noun is a group, a verb a typed subcommand.

Discord has no command for a bare noun that also has verbs, so a noun's home is its subcommand `home`. What Discord
has a type for comes typed; times, days, rhythms and lengths come as text and are read by the same grammar as
everywhere, and `@time` of Discord's own input is understood as well. Descriptions are told in every language of the
catalog; names, which are typed, are the same in all.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

import discord
from discord import app_commands

from adapters.discord.forms import role_word
from adapters.discord.given_options import Given
from adapters.discord.markdown import clip_text, size
from bot.chat.language import DEFAULT, LANGUAGES, _, known_language, speaking
from bot.chat.menu import Command, Menu, Option, OptionKind, Shortcut
from bot.chat.parsing.values import EXAMPLES
from bot.chat.time.zones import nearest_zones

Answer = Callable[[discord.Interaction, Command, Given], Awaitable[None]]
Complete = Callable[[discord.Interaction, Command, Option, str], Awaitable[tuple[tuple[str, str], ...]]]
Use = Callable[[discord.Interaction, Shortcut], Awaitable[None]]
Tree = app_commands.CommandTree[Any]
T = TypeVar("T")

HOME = "home"
MESSAGE_MENUS = 5
"""Context menus of one type that discord.py allows; Discord itself has room for 15."""
NOUNS, VERBS, OPTIONS, CHOICES, WORDS, SIZE = 100, 25, 25, 25, 100, 8000
# Names are the same in all of Discord's 34 languages, so discord.py need not ask for them: that was most of what it asked.
_make_group = partial(app_commands.Group, auto_locale_strings=False)
_make_command = partial(app_commands.Command, auto_locale_strings=False)
_NAME = re.compile(r"[-_'\w]{1,32}")
_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=False)
_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class _PersonId(app_commands.Transformer):
    """A member picked in Discord's own list, as an id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.user

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> str:  # noqa: ARG002
        return str(value.id)


class _ChannelId(_PersonId):
    """A channel in which something can be posted, as an id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return _CHANNELS


class _RoleId(_PersonId):
    """A role, as an id; the one that everybody has as a word that no schedule may call."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.role

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> str:
        return role_word(str(value.id), str(interaction.guild_id))


_ANNOTATIONS: dict[OptionKind, Any] = {
    OptionKind.NUMBER: int,
    OptionKind.YES_NO: bool,
    OptionKind.MEMBER: app_commands.Transform[str, _PersonId],
    OptionKind.CHANNEL: app_commands.Transform[str, _ChannelId],
    OptionKind.GROUP: app_commands.Transform[str, _RoleId],
}


def add_commands(tree: Tree, menu: Menu, answer: Answer, complete: Complete, use: Use) -> str:
    """Fill the tree from the menu; its fingerprint. Raises `ValueError` that names what is over a limit of Discord's."""
    _hold("the menu", "nouns", len(menu.nouns), NOUNS)
    for noun, about in menu.nouns.items():
        commands = menu.of(noun)
        if not commands:
            continue
        if len(commands) == 1 and not commands[0].verb:
            tree.add_command(_leaf(commands[0], noun, answer, complete))
            continue
        tree.add_command(_group(noun, about, commands, answer, complete))
    shown = [one for one in menu.shortcuts if one.on == "message"]
    _hold("the menu", "shortcuts on messages", len(shown), MESSAGE_MENUS)
    for shortcut in shown:
        tree.add_command(_menu(shortcut, use))
    for made in (payload := sync_payload(tree)):
        _hold(f"/{made['name']}", "characters", _size(made), SIZE)
    return _fingerprint(payload)


def make_tree(client: discord.Client) -> Tree:
    """An empty tree whose commands are there in servers and in direct messages with the bot."""
    return app_commands.CommandTree(client, allowed_contexts=_CONTEXTS, allowed_installs=_INSTALLS)


def sync_payload(tree: Tree) -> list[dict[str, Any]]:
    """What a sync sends."""
    return [_finished(command.get_translated_payload(tree, TRANSLATOR)) for command in tree.get_commands()]


def _fingerprint(payload: list[dict[str, Any]]) -> str:
    """The same for the same commands: Discord is told of them only when this changes."""
    whole = sorted(payload, key=lambda one: (one.get("type", 1), one["name"]))
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def path_of(command: Command, commands: tuple[Command, ...]) -> tuple[str, ...]:
    """The subcommand of a verb below its noun; `data export` is the subcommand `export` of the group `data`.

    The noun's home is called `home`, or `show` where a verb has that name; a noun without verbs is a command by itself.
    """
    verbs = {one.verb for one in commands}
    if verbs == {""}:
        return ()
    if not command.verb:
        return ("show" if HOME in verbs else HOME,)
    first, *rest = command.verb.split()
    # Discord allows one level of groups, and nothing is both a group and a command.
    return (first, "-".join(rest)) if rest and first not in verbs else ("-".join([first, *rest]),)


def complete_zone(text: str) -> tuple[tuple[str, str], ...]:
    """Zones that look like what has been typed."""
    return tuple((name, name) for name in nearest_zones(text, CHOICES))


# ── one command ───────────────────────────────────────────────────────────────


def _group(
    noun: str, about: str, commands: tuple[Command, ...], answer: Answer, complete: Complete
) -> app_commands.Group:
    repeated = [command for command in commands if command.repeats][: max(0, len(commands) - VERBS)]
    commands = tuple(command for command in commands if command not in repeated)
    paths = {path_of(command, commands): command for command in commands}
    _hold(f"/{noun}", "verbs", len({path[0] for path in paths}), VERBS)
    group = _make_group(name=_named(noun), description=_described(lambda: _(about)))
    inner: dict[str, app_commands.Group] = {}
    for path, command in paths.items():
        leaf = _leaf(command, path[-1], answer, complete)
        if len(path) == 1:
            group.add_command(leaf)
            continue
        if path[0] not in inner:
            verbs = ", ".join(other[1] for other in paths if len(other) == 2 and other[0] == path[0])
            about = _about(verbs.capitalize())
            inner[path[0]] = _make_group(name=_named(path[0]), description=about, parent=group)
        inner[path[0]].add_command(leaf)
    return group


def _leaf(
    command: Command, name: str, answer: Answer, complete: Complete
) -> app_commands.Command[Any, ..., Any]:
    _hold(f"/{command.path}", "options", len(command.options), OPTIONS)
    # An option may be called `from`, which is no name in Python: parameters are numbered and renamed.
    numbered = {f"o{number}": option for number, option in enumerate(command.options)}

    async def called(interaction: discord.Interaction, **values: object) -> None:
        await answer(interaction, command, {numbered[key].name: value for key, value in values.items()})

    called.__signature__ = _signature(numbered)  # type: ignore[attr-defined]
    for key, option in numbered.items():
        app_commands.describe(**{key: _described(partial(_summary, option))})(called)
        app_commands.rename(**{key: _named(option.name)})(called)
        if option.choices:
            _hold(f"/{command.path} {option.name}", "choices", len(option.choices), CHOICES)
            choices = [app_commands.Choice(name=clip_text(one, WORDS), value=one) for one in option.choices]
            app_commands.choices(**{key: choices})(called)
    leaf: app_commands.Command[Any, ..., Any] = _make_command(
        name=_named(name), description=_described(lambda: _(command.summary)), callback=called
    )
    for key, option in numbered.items():
        if (option.completes or option.kind is OptionKind.ZONE) and not option.choices:
            leaf.autocomplete(key)(_completer(command, option, complete))
    return leaf


def _completer(command: Command, option: Option, complete: Complete) -> Any:
    async def completed(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = await complete(interaction, command, option, str(current))
        return [
            app_commands.Choice(name=clip_text(label, WORDS) or value, value=value[:WORDS])
            for value, label in found[:CHOICES]
        ]

    return completed


def _signature(numbered: Mapping[str, Option]) -> inspect.Signature:
    """What discord.py reads the options from. Nothing is required: what is missing is asked for."""
    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for key, option in numbered.items():
        kind = _ANNOTATIONS.get(option.kind, str)
        parameters.append(
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        )
    return inspect.Signature(parameters)


def _menu(shortcut: Shortcut, use: Use) -> app_commands.ContextMenu:
    async def used(interaction: discord.Interaction, message: discord.Message) -> None:  # noqa: ARG001
        await use(interaction, shortcut)

    used.__annotations__ = {"interaction": discord.Interaction, "message": discord.Message}
    return app_commands.ContextMenu(name=shortcut.label, callback=used)


# ── words and limits ──────────────────────────────────────────────────────────


def _hold(what: str, of: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"{what} has {count} {of}; Discord takes {most}")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name) or name != name.lower():
        raise ValueError(f"{name!r} cannot be the name of a command or option on Discord")
    return name


def _about(text: str) -> str:
    return clip_text(text, WORDS) or "…"


def _summary(option: Option) -> str:
    """What an option is, with an example for those that Discord has no type for."""
    example = EXAMPLES.get(option.kind) if option.kind not in (*_ANNOTATIONS, OptionKind.WORD) else None
    short = _(option.summary)
    longer = _("{about}, like {example}", about=short.rstrip("."), example=example) if example else short
    return longer if size(longer) <= WORDS else short


def _described(say: Callable[[], str]) -> app_commands.locale_str:
    """A description in English, and in each other language of the catalog in which it is another one."""
    with speaking(DEFAULT):
        english = _about(say())
    others = {}
    for language in LANGUAGES[1:]:
        with speaking(language):
            others[language] = _about(say())
    return app_commands.locale_str(english, others=others)


class _Translator(app_commands.Translator):
    """Tells discord.py what a description is in a language of Discord's."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002
    ) -> str | None:
        others: Mapping[str | None, str] = string.extras.get("others", {})
        return said if (said := others.get(known_language(locale.value))) != string.message else None


TRANSLATOR = _Translator()


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise RuntimeError("a translation waits for something")


def _size(made: Mapping[str, Any]) -> int:
    """Characters that count toward the limit of one command: names, descriptions in the longest language, and values."""
    described = [made.get("description"), *(made.get("description_localizations") or {}).values()]
    texts = [made.get("name"), made.get("value"), max(filter(None, described), key=size, default="")]
    inner = [*(made.get("options") or ()), *(made.get("choices") or ())]
    return sum(size(text) for text in texts if isinstance(text, str)) + sum(map(_size, inner))
