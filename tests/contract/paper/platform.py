"""The description of the paper platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import typer

from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.platform import OperatorTools, Platform, RoleFacts
from bot.chat.platform_adapter import PlatformAdapter
from bot.chat.platform_setup import PlatformSetup
from bot.chat.port import AdapterState
from tests.contract.paper.settings import PaperSettings


class PaperPlatform:
    """Paper, which hangs on one notice board."""

    name = "paper"
    title = "Paper"
    asks_for = "pin"
    one_connection = False
    roles = RoleFacts(
        ("paper:admin",),
        ("paper:moderator",),
        "who holds the pins",
        ("paper:admin", "paper:moderator"),
        "paper:moderator",
    )

    def settings_model(self) -> type[PaperSettings]:
        return PaperSettings

    def make_adapter(
        self, settings: PaperSettings, now: Callable[[], datetime], memory: AdapterState
    ) -> PlatformAdapter:
        from tests.contract.paper.adapter import PaperAdapter
        from tests.contract.paper.board import BOARDS

        return PaperAdapter(BOARDS[settings.board])

    def setup(self) -> PlatformSetup:
        raise NotImplementedError("a notice board is set up with a hammer")

    def reasons(self) -> Iterable[tuple[str, str, bool]]:
        return (("red", "Hold what is said.", True),)

    def commands(self, tools: OperatorTools[PaperSettings]) -> typer.Typer:
        commands = typer.Typer(help="What paper needs to know.", no_args_is_help=True)

        @commands.command("board")
        def show_board() -> None:
            """Print where the notice board hangs."""
            typer.echo(tools.settings().board or tools.stop("Set TILTH_PAPER__BOARD."))

        return commands

    def draw(self, card: Card) -> str:
        return plain_text.card_text(card)


PLATFORM: Platform[PaperSettings] = PaperPlatform()
