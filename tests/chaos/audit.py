"""The audit after a storm: what was planned against what stands in the channels and in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlalchemy import select

from adapters.slack.say import marker_of
from bot.delivery import outbox
from bot.delivery.facts import OutboxState
from bot.delivery.tables import outbox as rows
from bot.reflections.answers.tables import part
from bot.store import Store
from tests.fakes.slack import FakeSlack


@dataclass(frozen=True, slots=True)
class Audit:
    """One row of the table. `disagreeing` counts posts and answers of which channel and database differ."""

    database: str
    planned: int
    posted: int
    lost: int
    doubled: int
    disagreeing: int
    said: int
    kept: int

    @property
    def clean(self) -> bool:
        """Whether everything is there, once, and both sides say the same."""
        wrong = self.lost + self.doubled + self.disagreeing
        return not wrong and self.posted == self.planned and self.kept == self.said


def table_of(audits: Mapping[str, Audit]) -> str:
    """Audits as a table with a name before each."""
    names = [one.name for one in fields(Audit)]
    lines = [
        ["", *names],
        *([name, *(str(getattr(one, of)) for of in names)] for name, one in audits.items()),
    ]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def take_audit(slack: FakeSlack, store: Store, channels: list[str]) -> Audit:
    """Count. Each of the channels was to hear one prompt; whatever else the outbox said is looked for as well."""
    prompts = [len(_ours(slack, channel)) for channel in channels]
    said = _said(slack)
    kept = _kept(store)
    wrong = sum(kept.get(source) != text for source, text in said.items()) + len(kept.keys() - said.keys())
    return Audit(
        store.dialect,
        planned=len(channels),
        posted=sum(number > 0 for number in prompts),
        lost=sum(number == 0 for number in prompts),
        doubled=sum(max(0, number - 1) for number in prompts),
        disagreeing=wrong + _posts_that_differ(slack, store),
        said=len(said),
        kept=sum(kept.get(source) == text for source, text in said.items()),
    )


def count_unsettled(store: Store) -> int:
    """How many rows of the outbox are not at their end yet, or are still to be swept."""
    unsettled = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN)
    states = store.read_now(outbox.count_states)
    return sum(states[state.value] for state in unsettled)


def _ours(slack: FakeSlack, channel: str) -> list[str]:
    """What the bot says in a channel itself, by `ts`."""
    return [str(one["ts"]) for one in slack.messages(channel) if one.get("bot_id")]


def _said(slack: FakeSlack) -> dict[str, str]:
    """Every reply that stands in a thread, by the source under which it is kept."""
    found: dict[str, str] = {}
    for channel in slack.world.channels.values():
        for one in channel.messages.values():
            in_thread = one.get("thread_ts", one["ts"]) != one["ts"]
            if in_thread and not one.get("bot_id") and one.get("subtype") != "tombstone":
                found[f"slack:{slack.team}/{channel.id}/{one['ts']}"] = str(one["text"])
    return found


def _kept(store: Store) -> dict[str, str]:
    query = select(part.c.source, part.c.text).where(part.c.via == "thread")
    return {row.source: row.text for row in store.read_now(lambda conn: conn.execute(query).all())}


def _posts_that_differ(slack: FakeSlack, store: Store) -> int:
    """How many rows of the outbox that say something do not name the one message that carries their marker."""
    where: dict[str, list[str]] = {}
    for channel in slack.world.channels.values():
        for message in channel.messages.values():
            if (marker := marker_of(message)) is not None:
                where.setdefault(marker, []).append(str(message["ts"]))
    query = select(rows.c.marker, rows.c.external_id, rows.c.state).where(rows.c.verb.in_(("post", "direct")))
    told = store.read_now(lambda conn: conn.execute(query).all())
    broken = store.read_now(
        lambda conn: [name for name, query in outbox.invariants() if conn.execute(query).all()]
    )
    return len(broken) + sum(
        row.state is not OutboxState.SENT or where.get(row.marker) != [row.external_id] for row in told
    )
