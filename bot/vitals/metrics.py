"""The page of `/metrics`: the tally of this process and the figures of the database, in Prometheus' own text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.store.pieces import WriterTimes
from bot.vitals.figures import Figures
from bot.vitals.tally import BOUNDS, CallTally


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that one page shows. `figures` is None while the database does not answer.

    `beats`: how overdue each job is. `platforms`: whether events of each can arrive. `well`: whether the sign of life goes on.
    """

    tally: CallTally
    times: WriterTimes
    figures: Figures | None
    version: str
    beats: Mapping[str, timedelta] = field(default_factory=dict)
    platforms: Mapping[str, bool] = field(default_factory=dict)
    well: bool = True


def render_page(snapshot: Snapshot) -> bytes:
    """The page, and with it what the operating system says of this process. Each call has a registry of its own, so that
    several bots in one process, and tests, never meet."""
    registry = CollectorRegistry()
    registry.register(_Numbers(snapshot))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Numbers(Collector):
    """Our own numbers of one moment."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._now = snapshot

    def collect(self) -> Iterator[Metric]:
        now = self._now
        yield InfoMetricFamily("tilth", "The version that runs.", value={"version": now.version})
        yield _gauge("well", "1 while posts go out and every job is on time, else 0.", float(now.well))
        yield _gauge("database_up", "1 if the database answered, else 0.", float(now.figures is not None))
        yield from _of_process(now)
        if now.figures is not None:
            yield from _of_database(now.figures)


def _of_process(now: Snapshot) -> Iterator[Metric]:
    """What this process has done since it started."""
    tally, times = now.tally, now.times
    yield _counter(
        "posts",
        "Calls to the platforms, by how they ended.",
        ("platform", "verb", "outcome"),
        tally.calls.items(),
    )
    yield _counter(
        "rate_limited", "Calls that were told to wait.", ("platform", "call"), tally.rate_limited.items()
    )
    yield _counter(
        "scans",
        "Conversations that were re-read, or could not be.",
        ("platform", "outcome"),
        tally.scans.items(),
    )
    yield _lateness(tally)
    longest = GaugeMetricFamily(
        "tilth_writer_longest_seconds",
        "The longest that one piece of work held the writer.",
        labels=["piece"],
    )
    longest.add_metric([times.longest.name], times.longest.seconds)
    yield longest
    slow = "Pieces of work that held the writer for more than a quarter of a second."
    yield _counter("writer_slow_pieces", slow, (), [((), times.slow)])
    yield _labeled(
        "beat_overdue_seconds", "How overdue each job is.", "beat",
        {name: age.total_seconds() for name, age in now.beats.items()},
    )  # fmt: skip
    up = {name: float(ready) for name, ready in now.platforms.items()}
    yield _labeled("platform_ready", "1 if the platform's events can arrive, else 0.", "platform", up)


def _lateness(tally: CallTally) -> Metric:
    """How late posts were, in Prometheus' own form: each bucket counts those before it as well."""
    late = HistogramMetricFamily(
        "tilth_post_lateness_seconds", "How long after its time a message was said.", labels=["platform"]
    )
    for platform, one in sorted(tally.lateness.items()):
        bounds = [*map(str, BOUNDS), "+Inf"]
        late.add_metric([platform], list(zip(bounds, accumulate(one.counts), strict=True)), one.seconds)
    return late


def _of_database(now: Figures) -> Iterator[Metric]:
    """What all processes have done together."""
    yield _labeled("outbox", "Messages in the outbox, by state.", "state", now.outbox)
    yield _gauge(
        "duplicates_removed", "Copies of our own messages that were removed.", now.duplicates_removed
    )
    yield _gauge("overdue_posts", "Messages whose time has come and that are not out.", now.overdue_posts)
    yield _gauge("oldest_overdue_seconds", "How long the oldest of them has been due.", now.overdue_for)
    yield _gauge(
        "oldest_unplanned_seconds",
        "How long a scheduled post has been due that nothing prepares.",
        now.unplanned_for,
    )
    yield _gauge(
        "oldest_doubt_seconds", "How long it has been unknown whether a message was said.", now.doubt_for
    )
    yield _gauge("failed_posts_last_day", "Messages that were given up within a day.", now.failed)
    last = 0.0 if now.last_sent_at is None else now.last_sent_at.timestamp()
    yield _gauge(
        "last_post_timestamp_seconds", "When a message was last said, 0: none that is still stored.", last
    )
    yield _gauge("refusing_spaces", "Workspaces and servers that refuse our token.", now.refusing_spaces)
    yield _gauge(
        "refusing_channels", "Channels that refused a message within the hour.", now.refusing_channels
    )
    yield _gauge("answers_last_hour", "Named answers that were stored within an hour.", now.answers_hour)
    yield _gauge("answers_last_day", "Named answers that were stored within a day.", now.answers_day)
    yield _gauge("reminders_last_day", "Reminders that were sent within a day.", now.reminders_day)
    yield _gauge("muted_members", "Members who have turned reminders off.", now.muted_members)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"tilth_{name}", about, value=value)


def _labeled(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(f"tilth_{name}", about, labels=[label])
    for key, value in sorted(values.items()):
        made.add_metric([key], value)
    return made


def _counter(
    name: str, about: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> Metric:
    made = CounterMetricFamily(f"tilth_{name}", about, labels=list(labels))
    for key, value in sorted(values):
        made.add_metric(list(key), value)
    return made
