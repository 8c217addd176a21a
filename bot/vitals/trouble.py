"""Trouble that an operator has to do something about: what members notice of it, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.runtime.health import find_late_job
from bot.vitals.figures import Figures

PATIENCE = timedelta(minutes=10)
"""How long something may be overdue before it counts as trouble."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong as members notice it, and the `fix`. `stops`: posts do not go out, so the sign of life ends."""

    what: str
    fix: str
    stops: bool = True


def find_troubles(figures: Figures, beats: Mapping[str, timedelta]) -> list[Trouble]:
    """Everything that is wrong now, the worst first. `beats` are how overdue the jobs of a process are."""
    found = [*_stopped(figures, beats), *_silent(figures)]
    if timedelta(seconds=figures.doubt_for) > PATIENCE:
        found.append(
            Trouble(
                f"Nobody knows whether {count(figures.doubts, 'message')} reached its place; it is not repeated.",
                "Moderators were asked: they press what they see. Or give Tilth the right to read that channel.",
                stops=False,
            )
        )
    if figures.refusing_channels:
        found.append(
            Trouble(
                f"{count(figures.refusing_channels, 'channel')} refused what was posted there; its members do not see it.",
                "Moderators were told which and why; they choose another channel or let Tilth in.",
                stops=False,
            )
        )
    return found


def _stopped(figures: Figures, beats: Mapping[str, timedelta]) -> list[Trouble]:
    """What keeps the bot from working at all."""
    found = []
    late = find_late_job(beats)
    if late is not None:
        found.append(Trouble(f"The bot hangs: {late}.", "Read the end of its log, then restart it."))
    if figures.refusing_spaces:
        who = count(figures.refusing_spaces, "workspace or server refuses", "workspaces or servers refuse")
        found.append(
            Trouble(
                f"{who} the bot's token: members there get no posts and no replies.",
                "`tilth doctor` names the token. Set a new one and restart.",
            )
        )
    return found


def _silent(figures: Figures) -> list[Trouble]:
    """What should have been posted, and was not, though nothing says why."""
    found = []
    if timedelta(seconds=figures.unplanned_for) > PATIENCE:
        late = minutes(figures.unplanned_for)
        found.append(
            Trouble(
                f"A scheduled post has been due for {late}, and nothing prepares it: members wait for it.",
                "See whether a bot is running (`tilth health`), then read its log for `planning`.",
            )
        )
    sent = figures.last_sent_at
    quiet = sent is None or figures.at - sent > PATIENCE
    if timedelta(seconds=figures.overdue_for) > PATIENCE and quiet:
        late = minutes(figures.overdue_for)
        found.append(
            Trouble(
                f"{count(figures.overdue_posts, 'message')} should have gone out, the first {late} ago, and nothing does.",
                "See whether a bot is running (`tilth health`), then `tilth doctor` and its log.",
            )
        )
    return found


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def minutes(seconds: float) -> str:
    """A length of time as an operator says it."""
    if seconds < 5400:
        return count(round(seconds / 60), "minute")
    return (
        count(round(seconds / 3600), "hour") if seconds < 172_800 else count(round(seconds / 86_400), "day")
    )
