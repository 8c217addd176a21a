"""The parts of one connected workspace."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack import hear
from adapters.slack.api import SlackApi
from adapters.slack.background import BackgroundTasks
from adapters.slack.canvases import SlackCanvases
from adapters.slack.hear import Here
from adapters.slack.history import SlackHistory
from adapters.slack.home import HomePublisher
from adapters.slack.people import SlackPeople
from adapters.slack.posts import SlackPosts
from adapters.slack.replies import Replies
from adapters.slack.socket_watchdog import SocketWatchdog
from adapters.slack.upkeep import ChannelUpkeep
from adapters.slack.web_client import SlackWebClient
from bot.chat.menu import Call
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import parse_call
from bot.chat.port import CorePort


@dataclass(frozen=True, slots=True)
class WorkspaceParts:
    """A workspace that accepted our token, and everything we have for it."""

    here: Here
    name: str
    core: CorePort
    wire: SlackWebClient
    people: SlackPeople
    api: SlackApi
    posts: SlackPosts
    upkeep: ChannelUpkeep
    canvases: SlackCanvases
    replies: Replies
    history: SlackHistory
    watchdog: SocketWatchdog
    background: BackgroundTasks
    homes: HomePublisher

    def understand(self, noun: str, line: str) -> Call:
        """The command that somebody wrote. Raises `Refusal`."""
        return parse_call(self.core.menu, noun, line, self.people)


def is_command(core: CorePort, here: Here, people: SlackPeople, raw: str, *, direct: bool) -> bool:
    """Whether a message is a command to us and nothing else: it begins with our name, and it can be understood.

    A message that only begins with our name may be somebody's answer, so it stays a message.
    """
    line = hear.command_line_in(raw, here.user, direct=direct)
    if line is None:
        return False
    try:
        parse_call(core.menu, "", line, people)
    except Refusal:
        return direct
    return True
