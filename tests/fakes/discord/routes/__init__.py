"""The REST API, one module per subject. Each lists its routes as method, path and function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
Answer = Json | list[Any] | None
"""What a route gives back: JSON, or None for 204."""
Handler = Callable[["Rig", "Call"], Answer]
Routes = dict[str, Handler]
