"""The registry of everything the features offer, looked up by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.events import CommandInvoked, Event, FormSubmitted
from bot.chat.menu import Command, Menu
from bot.chat.models import Role, StaleValue
from bot.chat.parsing.command_line import ROOT
from bot.delivery.facts import Draw
from bot.delivery.hook_call import NO_HOOKS
from bot.feature import ButtonHandler, CommandHandler, Completion, Feature, FormHandler
from bot.people.languages import speaking_to_all
from bot.schedules.planner import DueOccurrence, ScheduleKind


@dataclass(frozen=True, slots=True)
class SpokenKind:
    """A kind of scheduled post that says what it says in the language of its community."""

    kind: ScheduleKind

    @property
    def noun(self) -> str:
        return self.kind.noun

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        with speaking_to_all(conn, due.community_id):
            self.kind.due(conn, due)

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        with speaking_to_all(conn, due.community_id):
            self.kind.ask(conn, due)


def _spoken(draw: Draw) -> Draw:
    """Let a card that is drawn when it is said be in the language of its community."""

    def drawn(conn: Connection, community_id: int, ref: str) -> Card | None:
        with speaking_to_all(conn, community_id):
            return draw(conn, community_id, ref)

    return drawn


class Registry:
    """The handlers of all features, and the one menu made from their commands."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self.listeners = tuple(one for feature in features for one in feature.listeners)
        self.expects = tuple(one for feature in features for one in feature.expects)
        self.reactions = tuple(one for feature in features for one in feature.reactions)
        self.wishes = {wish: do for feature in features for wish, do in feature.wishes.items()}
        self.claims = tuple(one for feature in features for one in feature.claims)
        self.replies = tuple(one for feature in features for one in feature.replies)
        self._commands = {one.command.path: one for feature in features for one in feature.commands}
        self._buttons = {one.id: one for feature in features for one in feature.buttons}
        self._forms = {one.id: one for feature in features for one in feature.forms}
        self._completions = {(c.path, c.option): c for feature in features for c in feature.completions}
        self._owners = {door: next(iter(one.nouns), ROOT) for one in features for door in _doors(one)}
        self._subscribers = tuple(one for feature in features for one in feature.facts)
        self.draws = {kind: _spoken(draw) for feature in features for kind, draw in feature.draws.items()}
        self.hooks = next((one.hooks for one in features if one.hooks is not NO_HOOKS), NO_HOOKS)
        self.canvases = {kind: one for feature in features for kind, one in feature.canvases.items()}
        self.kinds = {kind: SpokenKind(one) for feature in features for kind, one in feature.kinds.items()}
        nouns = {noun: text for feature in features for noun, text in feature.nouns.items()}
        shortcuts = tuple(one for feature in features for one in feature.shortcuts)
        self.menu = Menu(tuple(one.command for one in self._commands.values()), nouns, shortcuts)

    def command(self, path: str) -> CommandHandler:
        """Return the handler of a command of the menu."""
        return self._commands[path]

    def button(self, button_id: str) -> ButtonHandler:
        """Return the handler of a button, select or shortcut; raises `StaleValue` for one that no longer exists."""
        if button_id not in self._buttons:
            raise StaleValue
        return self._buttons[button_id]

    def form(self, form_id: str) -> FormHandler:
        """Return the handler of a form; raises `StaleValue` for one that no longer exists."""
        if form_id not in self._forms:
            raise StaleValue
        return self._forms[form_id]

    def home_of(self, door: str) -> Command | None:
        """Return the home of the noun that a button or form belongs to, by its id; else that of all nouns."""
        nouns = (door.partition(".")[0], self._owners.get(door, ROOT))
        homes = (self.menu.find(noun, "") for noun in (*nouns, ROOT))
        return next((home for home in homes if home is not None), None)

    def role_for(self, event: Event) -> Role:
        """Return the role that what somebody does is declared for."""
        if isinstance(event, CommandInvoked):
            return event.call.command.role
        if isinstance(event, FormSubmitted) and event.id in self._forms:
            return self._forms[event.id].role
        return Role.MEMBER

    def completion(self, path: str, option: str) -> Completion | None:
        """Return what completes an option of a command, if anything does."""
        return self._completions.get((path, option))

    def publish(self, conn: Connection, fact: object) -> None:
        """Tell a fact to every feature that subscribed to it, in the transaction in which it became true."""
        for kind, subscriber in self._subscribers:
            if isinstance(fact, kind):
                subscriber(conn, fact)


def _doors(feature: Feature) -> frozenset[str]:
    """The ids of a feature's buttons and forms."""
    return frozenset(one.id for one in feature.buttons) | frozenset(one.id for one in feature.forms)
