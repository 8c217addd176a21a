"""How long each kind of data is kept, as the operator sets it."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, Field

FAR = 36_500
"""The most days that a setting may say."""


class RetentionSettings(BaseModel):
    """How many days each kind of data is kept; members are told so with their first answer."""

    model_config = {"extra": "forbid"}

    answers: int = Field(
        400, ge=0, le=FAR, description="Days that an answer is stored, with its text; 0: until deleted"
    )
    replies: int = Field(
        400,
        ge=0,
        le=FAR,
        description="Days that a private reply is stored; 0: until one of the two people is erased",
    )
    suggestions: int = Field(
        400,
        ge=0,
        le=FAR,
        description="Days that a suggested prompt is stored after moderators decided; 0: until deleted",
    )
    events: int = Field(
        400,
        ge=30,
        le=FAR,
        description="Days after a conversation is over that Tilth stores which messages it read there (ids and "
        "times); after that, it no longer follows edits and deletions",
    )
    messages: int = Field(
        30,
        ge=7,
        le=FAR,
        description="Days that Tilth stores that it said something; what it said is deleted at once",
    )
    reminders: int = Field(
        400, ge=90, le=FAR, description="Days that Tilth stores that somebody was reminded"
    )
    meetings: int = Field(30, ge=1, le=FAR, description="Days after a meeting that Tilth stores who came")
    audit: int = Field(730, ge=30, le=FAR, description="Days that Tilth stores who changed which setting")
    alerts: int = Field(
        90, ge=7, le=FAR, description="Days that Tilth stores what moderators were alerted to"
    )
    left: int = Field(
        400,
        ge=1,
        le=FAR,
        description="Days after which somebody who left every space is erased, with everything of theirs",
    )
    spaces: int = Field(
        30, ge=1, le=FAR, description="Days after which a space that the bot was removed from is erased"
    )

    def ages(self) -> dict[str, timedelta | None]:
        """How long each kind is kept; None: until somebody removes it."""
        return {name: timedelta(days=days) if days else None for name, days in self}
