"""The parts of one connected workspace, as those who listen and answer in it need them."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack import hear
from adapters.slack.errands import Errands
from adapters.slack.hear import Here
from adapters.slack.home import Homes
from adapters.slack.past import Past
from adapters.slack.people import People
from adapters.slack.replying import Replies
from adapters.slack.silence import Silence
from adapters.slack.voice import Voice
from adapters.slack.wire import Wire
from bot.chat.grammar import understand
from bot.chat.menu import Call
from bot.chat.port import Door
from bot.chat.words import Refusal


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
