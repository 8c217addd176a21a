"""Standing posts: posts that show what others may change or take back later, drawn anew or removed when that happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.chat.models import Place
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb


@dataclass(frozen=True, slots=True)
class StandingPost:
    """A post that follows what it shows. Its words are nowhere: `kind` draws them from `ref` each time it is said.

    `key` is the row of the outbox that says it first, `message` what stands in `place` (None: not known yet), and `turn`
    the number of its latest edit.
    """

    community_id: int
    kind: str
    ref: str
    key: str
    place: Place
    message: str | None = None
    turn: int = 0


def edit_kind(kind: str) -> str:
    """The kind of the edits of a kind of post; it is drawn as the post itself is."""
    return f"{kind}-again"


def queue_post(
    conn: Connection, post: StandingPost, now: datetime, *, not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:  # fmt: skip
    """Say it; false where a row with its key was there already."""
    draft = Draft(
        community_id=post.community_id, space=post.place.space, channel=post.place.channel, drawn=True, key=post.key,
        kind=post.kind, ref=post.ref, priority=1, not_before=not_before, expires_at=expires_at,
    )  # fmt: skip
    return outbox.queue_draft(conn, draft, now)


def redraw_post(conn: Connection, post: StandingPost, now: datetime) -> None:
    """Say it as it is true now, as its edit number `post.turn`, in the place of an edit that was not said yet."""
    outbox.cancel_draft(conn, _edit_key(post, post.turn - 1))
    again = Draft(
        community_id=post.community_id, space=post.place.space, channel=post.place.channel, verb=Verb.UPDATE,
        message=post.message, after=None if post.message else post.key, drawn=True, kind=edit_kind(post.kind),
        key=_edit_key(post, post.turn), ref=post.ref, priority=1,
    )  # fmt: skip
    outbox.queue_draft(conn, again, now)


def remove_post(conn: Connection, post: StandingPost, now: datetime) -> None:
    """Show it no longer, also where it was not said yet."""
    if outbox.cancel_draft(conn, post.key):
        return
    for turn in range(post.turn + 1):
        outbox.cancel_draft(conn, _edit_key(post, turn))
    kind = f"{post.kind}-gone"
    removal = Draft(
        community_id=post.community_id, space=post.place.space, channel=post.place.channel, verb=Verb.DELETE,
        message=post.message, after=None if post.message else post.key, key=f"{kind}:{post.key}", kind=kind, priority=1,
    )  # fmt: skip
    outbox.queue_draft(conn, removal, now)


def _edit_key(post: StandingPost, turn: int) -> str:
    return f"{edit_kind(post.kind)}:{post.ref}:{turn}"
