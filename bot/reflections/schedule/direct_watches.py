"""Direct messages that are listened to for a prompt in a channel: whoever wrote to the bot before may answer there.

What they write is taken in at once in any case; a conversation that is listened to is also re-read, so that nothing is lost
which they write while the bot is down. The first conversations are listened to with the prompt, the many of a large
community a little later, in slices.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select, update

from bot.capture.watched_directs import watch_directs
from bot.feature import PeriodicJob
from bot.people import accounts
from bot.reflections.answers.intake import AT_EASE, SUBJECT
from bot.reflections.schedule.asked_prompts import AskedPrompt, asked_in, asking, find_asked_prompt
from bot.store.next_due import earliest
from bot.store.slices import Slice, work_in_slices
from bot.store.store import Store

AT_ONCE = 20
"""Conversations that are listened to in the transaction in which a prompt goes out."""
MOST = 250
"""Conversations in one slice."""

_UNFINISHED = asked_in.c.listen_after.is_not(None)
next_due = earliest(
    asking.c.opened_at,
    _UNFINISHED,
    source=asked_in.join(asking, asking.c.occurrence_id == asked_in.c.occurrence_id),
)
"""When the direct messages of a prompt are still to be listened to."""


class DirectWatches:
    """Listens to the direct messages of a space for a prompt; an answer is taken until `late` after closing."""

    def __init__(self, store: Store, late: timedelta) -> None:
        self._store, self._late = store, late

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: the conversations that were too many to begin with."""
        return (PeriodicJob("listening to direct messages", 5, self.listen_on, next_due),)

    def listen(self, conn: Connection, here: AskedPrompt, space: str, channel: str) -> None:
        """Listen to the first direct messages; where there are more, the job goes on behind the last of these."""
        self._listen_to_some(conn, here, space, channel, "", AT_ONCE)

    async def listen_on(self) -> int:
        """Listen to more of them, wherever that is unfinished; how many."""
        return await work_in_slices(self._store, self._go_on, first=AT_ONCE, most=MOST)

    def _go_on(self, conn: Connection, piece: Slice) -> None:
        unfinished = select(asked_in).where(_UNFINISHED).order_by(asked_in.c.occurrence_id).limit(1)
        row = conn.execute(unfinished.with_for_update(skip_locked=True)).one_or_none()
        here = None if row is None else find_asked_prompt(conn, row.community_id, row.occurrence_id)
        if row is not None and here is not None:
            self._listen_to_some(conn, here, row.space, row.channel, row.listen_after, piece.limit)
            piece.done = piece.limit  # there may be another one

    def _listen_to_some(
        self, conn: Connection, here: AskedPrompt, space: str, channel: str, after: str, limit: int
    ) -> None:
        """Listen to as many direct messages behind that person, and store how far that came; null: to all of them."""
        known = accounts.direct_channels(conn, here.community_id, space, after, limit)
        until, at = here.closes_at + self._late, here.opened_at
        watch_directs(
            conn,
            here.community_id,
            space,
            known,
            SUBJECT,
            here.id,
            until,
            at,
            at + AT_EASE,
            invited=here.invited,
        )
        last = known[-1][0] if len(known) == limit else None
        if last is not None or after:
            c = asked_in.c
            ours = (c.occurrence_id == here.id) & (c.space == space) & (c.channel == channel)
            conn.execute(update(asked_in).where(ours).values(listen_after=last))
