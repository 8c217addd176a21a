"""The settings of courses, and of the places that tell of progress in them."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr


class HookSettings(BaseModel):
    """A place where courses are hosted, which tells of progress by HTTP."""

    model_config = {"extra": "forbid"}

    secret: SecretStr = Field(min_length=16, description="The secret it sends, at least 16 characters")
    community: str = Field("", description="Slug of the community it tells of; empty: the first")


class CourseSettings(BaseModel):
    """Courses."""

    model_config = {"extra": "forbid"}

    pause_after_weeks: int = Field(default=6, ge=0, le=52, description="Silent weeks until a pause; 0: never")
    hooks: dict[str, HookSettings] = Field(
        default_factory=dict,
        description="Places that tell of progress, by name: TILTH_COURSES__HOOKS__SCHOOL__SECRET lets it "
        "POST to /hooks/courses/school",
    )
