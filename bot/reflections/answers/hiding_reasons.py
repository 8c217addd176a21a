"""Why a moderator hides an answer or a member reports one: one of a few reasons, so that no words are stored with it."""

from __future__ import annotations

from enum import StrEnum

from bot.chat.language import N_


class HidingReason(StrEnum):
    """What is wrong with an answer."""

    NAMES = "names"
    PRIVATE = "private"
    UNKIND = "unkind"
    OTHER = "other"


REASONS = {
    HidingReason.NAMES: N_("It names a student, a family or a colleague"),
    HidingReason.PRIVATE: N_("It tells something private about somebody"),
    HidingReason.UNKIND: N_("It is unkind to somebody"),
    HidingReason.OTHER: N_("Another reason"),
}
