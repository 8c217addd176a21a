"""Commands as they are written without their slash, by the real menu."""

from __future__ import annotations

from functools import cache

from bot.chat.menu import Menu
from bot.playground.bare_app import bare_menu
from bot.settings.environment import load


@cache
def menu() -> Menu:
    return bare_menu(load(_env_file=None))


def is_command(text: str) -> bool:
    from bot.chat.parsing.bare_line import command_line_in

    return command_line_in(menu(), text) != ""
