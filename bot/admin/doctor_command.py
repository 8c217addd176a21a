"""`/tilth doctor`: what `tilth doctor` checks, asked in chat of the bot that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Note, say
from bot.chat.findings import Finding
from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Command
from bot.chat.models import Role
from bot.feature import ButtonHandler, CommandHandler, Request, Waits
from bot.people.tables import Community

AGAIN = "tilth.doctor"
PATIENCE = 12.0
"""Seconds that the checks may take: whoever asked waits, and a platform shows the answer only for so long."""
MOST = 20
"""Findings that are shown; more of them have the same cause."""


@dataclass(frozen=True, slots=True)
class DoctorCommand:
    """The handler of `/tilth doctor`. `examine` makes the checks that one community may see."""

    examine: Callable[[Community], Awaitable[list[Finding]]]

    async def show(self, request: Request) -> Card:
        """What is not well, each with what it costs members and the fix."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.examine(request.community)
        except TimeoutError:
            return say(
                _("The checks take too long"),
                Markdown(_("A platform does not answer. Try again in a few minutes.")),
                _again(),
            )
        return findings_card(found)

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/tilth doctor`."""
        command = Command(
            "tilth", "doctor", N_("What is wrong with Tilth’s setup, and how to fix it"), role=Role.ADMIN,
            examples=("/tilth doctor",), label=N_("Check the setup"),
        )  # fmt: skip
        return (CommandHandler(command, Waits(self.show)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Check again."""
        return (ButtonHandler(AGAIN, Waits(self.show), Role.ADMIN),)


def _again() -> Buttons:
    return Buttons((Button(_("Check again"), does=AGAIN),))


def findings_card(found: Sequence[Finding]) -> Card:
    """What is not well, errors first; how much is well is a number."""
    wrong = sorted((one for one in found if one[0] != "ok"), key=lambda one: one[0] == "warning")
    well = len(found) - len(wrong)
    title = _("Everything is well") if not wrong else _("What is wrong, and how to fix it")
    count = ngettext("{count} check is well.", "{count} checks are well.", well)
    blocks: list[Block] = [Heading(title)]
    if wrong:
        marks = {"error": _("Error"), "warning": _("Warning")}
        blocks.append(
            Facts(tuple((marks[level], f"{what} {fix}".strip()) for level, what, fix in wrong[:MOST]))
        )
    blocks += [Markdown(count), _again()]
    if wrong:
        blocks.append(Note(_("Whoever runs Tilth sees the same with the command tilth doctor, in English.")))
    return Card(title, tuple(blocks), replaces=True)


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    well: Finding = ("ok", "A socket can be opened.", "")
    away: Finding = (
        "error",
        _(
            "Slack app {app} is not in {channel}: its prompts are not posted.",
            app="main",
            channel="#staffroom",
        ),
        _("Invite the bot there: /invite @Tilth."),
    )
    late: Finding = (
        "warning",
        _(
            "No time zone is set for {names}: days and times are those of {zone}.",
            names="Home",
            zone="America/Chicago",
        ),
        _("Set TILTH_COMMUNITY__ZONE, like America/New_York."),
    )
    return findings_card([well, late, away]), findings_card([well] * 12)
