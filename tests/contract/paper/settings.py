"""The settings of the paper platform: where its notice board hangs."""

from __future__ import annotations

from pydantic import Field

from bot.chat.platform_settings import PlatformSettings


class PaperSettings(PlatformSettings):
    """Paper: one notice board."""

    board: str = Field("", description="Name of the notice board")

    @property
    def is_set_up(self) -> bool:
        return bool(self.board)
