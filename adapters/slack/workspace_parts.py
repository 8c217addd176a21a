"""The parts of one connected workspace, as those who listen and answer in it need them."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack import hear
from adapters.slack.api import Voice
from adapters.slack.background import Errands
from adapters.slack.hear import Here
from adapters.slack.history import Past
from adapters.slack.home import Homes
from adapters.slack.people import People
from adapters.slack.replies import Replies
from adapters.slack.socket_watchdog import Silence
from adapters.slack.web_client import Wire
from bot.chat.menu import Call
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import understand
from bot.chat.port import Door


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace that accepted our token, and everything we have for it."""

    here: Here
    name: str
    door: Door
    wire: Wire
    people: People
    voice: Voice
    replies: Replies
    past: Past
    silence: Silence
    errands: Errands
    homes: Homes

    def understand(self, noun: str, line: str) -> Call:
        """The command that somebody wrote. Raises `Refusal`."""
        return understand(self.door.menu, noun, line, self.people)


def is_command(door: Door, here: Here, people: People, raw: str, *, direct: bool) -> bool:
    """Whether a message is a command to us and nothing else: it begins with our name, and it can be understood.

    A message that only begins with our name may be somebody's answer, so it stays a message.
    """
    line = hear.spoken(raw, here.user, direct=direct)
    if line is None:
        return False
    try:
        understand(door.menu, "", line, people)
    except Refusal:
        return direct
    return True
