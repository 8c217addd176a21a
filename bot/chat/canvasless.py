"""Platforms whose places carry no page of their own: there, a message of ours is the page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.models import Place
from bot.chat.port import CANVAS_GONE, Rejected


class Canvasless:
    """The verbs about canvases, for an adapter of such a platform."""

    async def open_canvas(self, place: Place, lines: Sequence[CanvasLine]) -> str | None:  # noqa: ARG002
        """None: there is nothing of the kind."""
        return None

    async def read_canvas(self, place: Place, canvas: str) -> tuple[CanvasLine, ...]:  # noqa: ARG002
        """Refused: no canvas was ever opened."""
        raise Rejected(CANVAS_GONE)

    async def change_canvas(self, place: Place, canvas: str, change: CanvasChange) -> None:  # noqa: ARG002
        """Refused: no canvas was ever opened."""
        raise Rejected(CANVAS_GONE)
