"""Direct messages that are listened to, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from bot.capture.tables import WATCH, watched
from bot.intents.intent import NOTHING_INVITED, Invited

_c = watched.c
_OLDER = (
    update(watched)
    .where(_c.space == bindparam("in_space"), _c.channel.in_(bindparam("theirs", expanding=True)))
    # What waits to be read again is found by its time: the rows of all the prompts of the past are not looked at.
    .where(_c.ref < bindparam("this"), _c.scan_at > bindparam("began"))
    .values(scan_at=None)
)


def watch_directs(
    conn: Connection, community_id: int, space: str, whose: Sequence[tuple[str, str]], subject: str, ref: int, until: datetime,
    since: datetime, scan_at: datetime, *, invited: Invited = NOTHING_INVITED,
) -> None:  # fmt: skip
    """Listen to many direct messages at once, each a person and its channel, as `watch_place` does to one."""
    if not whose:
        return
    common = {
        "community_id": community_id, "space": space, "thread": "", "private": True, "subject": subject, "ref": ref,
        "since": since, "until": until, "scan_at": scan_at, "invited": int(invited),
    }  # fmt: skip
    rows = [{"person": person, "channel": channel, **common} for person, channel in whose]
    conn.execute(WATCH.on_conflict_do_nothing(), rows)
    theirs = [channel for _person, channel in whose]
    conn.execute(_OLDER, {"in_space": space, "theirs": theirs, "this": ref, "began": since})
