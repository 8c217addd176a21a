"""The platforms beside the playground: a line for each, and the only place in `bot` that names them."""

from __future__ import annotations

from importlib import import_module

from bot.chat.platform import AnyPlatform

FOLDERS = (
    "adapters.slack",
    "adapters.discord",
)


def find_platform(folder: str) -> AnyPlatform:
    """The description that the package of an adapter gives of itself."""
    platform: AnyPlatform = import_module(f"{folder}.platform").PLATFORM
    return platform


PLATFORMS = tuple(find_platform(folder) for folder in FOLDERS)
