"""The Slack adapter: several workspaces, each with an app of its own, behind one platform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from adapters.slack import doctor, http
from adapters.slack.app import SlackApp
from adapters.slack.emails import match_emails
from adapters.slack.posts import count_calls
from adapters.slack.timings import SlackTimings
from adapters.slack.web_client import silence_library
from adapters.slack.workspace import Workspace
from adapters.slack.workspace_parts import WorkspaceParts
from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.cards import Card
from bot.chat.command_lines import CommandTexts, WritingCore, rooted
from bot.chat.findings import Finding
from bot.chat.language import N_
from bot.chat.menu import Menu
from bot.chat.models import Person, Place
from bot.chat.port import (
    AdapterState,
    CalendarEvent,
    CannotConnect,
    CorePort,
    History,
    HistoryUnavailable,
    RetryLater,
)
from bot.chat.rate_limits import Pace

__all__ = ["SlackAdapter", "SlackApp"]

log = logging.getLogger(__name__)

API = "https://slack.com/api/"


class SlackAdapter:
    """Implements `bot.chat.port.Adapter` for every workspace whose app is in the settings.

    The key of a space is `slack:<team id>`, a message's id is its `ts`, a thread's id the `ts` of its root.
    """

    platform = "slack"
    pace = Pace()
    form_witness = N_(
        "Slack itself sees who sends this form and what it says. It keeps my receipts in direct messages, for you and for "
        "whoever may export those."
    )

    def __init__(
        self, apps: Sequence[SlackApp], now: Callable[[], datetime], memory: AdapterState, *, api_url: str = API,
        timings: SlackTimings | None = None, single_root: bool = False,
    ) -> None:  # fmt: skip
        """`single_root`: every command is behind `/tilth`, and texts say so."""
        silence_library()
        self._menu: Menu | None = None
        self._texts = CommandTexts(lambda: self._menu, rooted) if single_root else None
        self._api_url = api_url
        self.workspaces = tuple(
            Workspace(app, api_url, now, memory, timings or SlackTimings()) for app in apps
        )

    # ── beginning and end ─────────────────────────────────────────────────────

    async def start(self, core: CorePort) -> None:
        """Connect every app. One that Slack refuses does not stop the others; when it refuses all, `CannotConnect`."""
        self._menu = core.menu
        if self._texts is not None:
            core = WritingCore(core, self._texts)
        ends = await asyncio.gather(*(one.start(core) for one in self.workspaces), return_exceptions=True)
        failures = [end for end in ends if isinstance(end, BaseException)]
        for one, end in zip(self.workspaces, ends, strict=True):
            if isinstance(end, CannotConnect):
                one.why = str(end)
                log.error("%s", end)
            elif isinstance(end, BaseException):
                raise end
        if failures and len(failures) == len(self.workspaces):
            await self.stop()
            raise failures[0]

    async def stop(self) -> None:
        """Stop hearing, let running calls finish, disconnect."""
        await asyncio.gather(*(one.stop() for one in self.workspaces))

    @property
    def ready(self) -> bool:
        """Whether events can arrive from every workspace."""
        return all(one.ready for one in self.workspaces)

    @property
    def why(self) -> str:
        """What is wrong while not ready, a sentence for each app."""
        wrong = [f"Slack app {one.app.name}: {one.problem}" for one in self.workspaces if not one.ready]
        return "; ".join(wrong)

    async def check_credentials(self) -> None:
        """Ask Slack about every bot token: a socket stays open when the app is removed, and tells nothing any more."""
        await asyncio.gather(*(one.check_token() for one in self.workspaces))

    def routes(self) -> Sequence[web.RouteDef]:
        """Where events come in by HTTP, `POST /slack/events/<app>`, for apps with a signing secret."""
        apps = {one.app.name: one for one in self.workspaces if one.takes_http}
        return http.event_routes(lambda name: apps[name].take if name in apps else None) if apps else []

    def community_of(self, space: str) -> str | None:
        """The community of the app that serves a space; None for a workspace whose app we do not run."""
        return next((one.app.community for one in self.workspaces if one.space == space), None)

    async def examine(
        self, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None = None
    ) -> list[Finding]:
        """What Slack says of every app's tokens, scopes and channels (ids by space); of the apps of these `spaces` alone."""
        seen = [one for one in self.workspaces if spaces is None or one.space in spaces]
        some = [await doctor.examine_app(one.app, self._api_url, channels) for one in seen]
        return [finding for found in some for finding in found]

    def _in(self, space: str) -> WorkspaceParts:
        for one in self.workspaces:
            if one.team is not None and one.space == space:
                return one.team
        raise RetryLater("not_connected")

    # ── out ───────────────────────────────────────────────────────────────────

    def count_parts(self, card: Card) -> int:
        """The messages of a card, and one more for its files."""
        return count_calls(self._written(card))

    def _written(self, card: Card) -> Card:
        return card if self._texts is None else self._texts.card(card)

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:
        """Say a part of a card, once."""
        return await self._in(place.space).posts.post(place, self._written(card), marker, part)

    async def update(self, place: Place, message: str, card: Card) -> None:
        """Replace one of our messages; its marker stays."""
        await self._in(place.space).api.update(place, message, self._written(card))

    async def delete(self, place: Place, message: str) -> None:
        """Remove one of our messages; already gone is success."""
        await self._in(place.space).api.delete(place, message)

    async def thread(self, place: Place, message: str, name: str) -> Place:  # noqa: ARG002
        """The thread under a message: on Slack it is there already, and has no name."""
        return Place(place.space, place.channel, place.thread or message, place.private)

    async def direct(self, space: str, person: str) -> Place:
        """The direct message with a person."""
        return Place(space, await self._in(space).api.direct(person), private=True)

    async def private(self, place: Place, person: str, card: Card) -> None:
        """Show a card to one person: ephemerally here, else in their direct message."""
        await self._in(place.space).api.private(place, person, self._written(card))

    # ── recovery ──────────────────────────────────────────────────────────────

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        """Ids of our own messages there that carry the marker, oldest first."""
        return await self._in(place.space).history.find(place, marker, since)

    def platform_time(self) -> datetime | None:
        """The earliest time that any workspace's answers tell."""
        told = [at for one in self.workspaces if (at := one.platform_time()) is not None]
        return min(told, default=None)

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        """What was said in a thread or direct message since then."""
        return await self._in(place.space).history.history(place, after)

    async def link(self, place: Place, message: str) -> str | None:
        """The permalink of a message."""
        return await self._in(place.space).upkeep.link(place, message)

    # ── what moderators need ──────────────────────────────────────────────────

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        """Pin one of our messages, or take the pin away."""
        await self._in(place.space).upkeep.pin(place, message, pinned=pinned)

    async def close(self, place: Place, *, closed: bool) -> None:
        """Nothing: threads cannot be locked on Slack."""

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:  # noqa: ARG002
        """None: Slack has no list of events."""
        return None

    async def cancel_event(self, space: str, event: str) -> None:
        """Nothing: Slack has no list of events."""

    async def open_private(self, place: Place, name: str) -> Place | None:
        """A private channel; None where we lack the scope."""
        return await self._in(place.space).upkeep.open_private(place, name)

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Invite people into a private channel, and remove others."""
        await self._in(place.space).upkeep.admit(place, come, go)

    async def posting_problem(self, place: Place) -> str | None:
        """Why we could not speak there now, in Slack's own word."""
        return await self._in(place.space).upkeep.posting_problem(place)

    async def open_canvas(self, place: Place, lines: Sequence[CanvasLine]) -> str | None:
        """The channel's canvas; None in threads and direct messages."""
        return await self._in(place.space).canvases.open_canvas(place, lines)

    async def read_canvas(self, place: Place, canvas: str) -> tuple[CanvasLine, ...]:
        """Everything that stands on a canvas."""
        return await self._in(place.space).canvases.read_canvas(place, canvas)

    async def change_canvas(self, place: Place, canvas: str, change: CanvasChange) -> None:
        """Make one change of a canvas."""
        await self._in(place.space).canvases.change_canvas(place, canvas, change)

    async def look_up(self, space: str, person: str) -> Person:
        """Somebody as Slack knows them now."""
        return await self._in(space).people.look_up(person)

    async def match_emails(self, space: str, emails: Collection[str]) -> Mapping[str, str] | None:
        """Who in a workspace has these addresses; None without the scope that shows them."""
        for one in self.workspaces:
            if one.space in (space, ""):
                found = await match_emails(one.app, self._api_url, space, emails)
                if one.space or found is not None:
                    return found
        return None
