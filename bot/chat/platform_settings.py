"""The settings of one platform, of which its own model in its adapter's folder is made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from pydantic import BaseModel


class PlatformSettings(BaseModel, ABC):
    """What an operator sets for one platform: `TILTH_<PLATFORM>__<FIELD>`. Defaults mean that it is not set up."""

    model_config = {"extra": "forbid"}

    @property
    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether the platform has been given its tokens."""

    def check_whole(self) -> None:
        """Raise `ValueError`, which names the variables, when only some of what belongs together is set."""

    def communities(self) -> Mapping[str, str]:
        """What belongs to a community, in words for the operator, with the community's slug; empty: the first."""
        return {}
