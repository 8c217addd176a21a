"""Why a moderator hides an answer or a member reports one: one of a few reasons, so that no words are stored with it."""

from __future__ import annotations

from enum import StrEnum


class HidingReason(StrEnum):
    """What is wrong with an answer."""

    NAMES = "names"
    PRIVATE = "private"
    UNKIND = "unkind"
    OTHER = "other"


REASONS = {
    HidingReason.NAMES: "It names a student, a family or a colleague",
    HidingReason.PRIVATE: "It tells something private about somebody",
    HidingReason.UNKIND: "It is unkind to somebody",
    HidingReason.OTHER: "Another reason",
}
