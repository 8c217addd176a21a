"""What the next instant of a rule costs, beside APScheduler's CronTrigger in the same run.

Run: `python -m tests.bench.bench_recurrence`. Both sides are asked for the next instant after the same moments in
the same zones; the trigger and the rule are made beforehand. The answers are compared too, and where they differ
the table says how often: CronTrigger doubles the autumn hour and misses weeks after a spring change.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from bot.chat.time.moment_parser import Rule, parse_rule
from bot.schedules.recurrence import next_instant
from tests.bench.findings import Findings, Scale, ratios

ROUNDS = 21
ZONES = tuple(
    map(
        ZoneInfo,
        ("Europe/Dublin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"),
    )
)
AFTERS = tuple(datetime(2026, 1, 1, 7, 30, tzinfo=UTC) + timedelta(hours=91 * n) for n in range(96))
ANCHOR = date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    cron: dict[str, object]


CASES = (
    Case("every mon 09:00", {"day_of_week": "mon", "hour": 9}),
    Case("every sun 02:30", {"day_of_week": "sun", "hour": 2, "minute": 30}),
    Case("every mon, wed 09:00", {"day_of_week": "mon,wed", "hour": 9}),
    Case("every day 08:00", {"hour": 8}),
    Case("every month on 15 08:00", {"day": 15, "hour": 8}),
    Case("last day of month 08:00", {"day": "last", "hour": 8}),
    Case("first mon of month 09:00", {"day": "1st mon", "hour": 9}),
)


def ours(rule: Rule) -> Iterator[datetime | None]:
    for zone in ZONES:
        for after in AFTERS:
            found = next_instant(rule, zone, ANCHOR, after)
            yield found.at if found else None


def theirs(triggers: list[CronTrigger]) -> Iterator[datetime | None]:
    for trigger in triggers:
        for after in AFTERS:
            yield trigger.get_next_fire_time(None, after)


def seconds(answers: Iterator[datetime | None]) -> float:
    """Processor time, so that a busy machine disturbs the ratio less."""
    start = time.process_time()
    deque(answers, maxlen=0)
    return time.process_time() - start


def measure(scale: Scale) -> Findings:
    """G6: rules of one weekday."""
    found, shares = Findings(), []
    for case in CASES[:2]:
        rule, _ = parse_rule(case.text)
        triggers = [CronTrigger(**case.cron, timezone=zone) for zone in ZONES]
        rounds = [(seconds(theirs(triggers)), seconds(ours(rule))) for _ in range(scale.pick(5, ROUNDS))]
        shares.append(ratios(*zip(*rounds, strict=True)))
    worst = min(shares, key=statistics.median)
    found.add("G6", worst, "of two rules the one that is less ahead")
    return found


def main() -> None:
    calls = len(ZONES) * len(AFTERS)
    print(f"{'rule':<26} {'ours µs':>8} {'cron µs':>8} {'ratio':>6}  answers that differ of {calls}")
    ratios = []
    for case in CASES:
        rule, _ = parse_rule(case.text)
        triggers = [CronTrigger(**case.cron, timezone=zone) for zone in ZONES]
        differ = sum(one != other for one, other in zip(ours(rule), theirs(triggers), strict=True))
        rounds = [(seconds(ours(rule)), seconds(theirs(triggers))) for _ in range(ROUNDS)]
        mine, cron = (statistics.median(column) / calls * 1e6 for column in zip(*rounds, strict=True))
        ratio = statistics.median(other / one for one, other in rounds)
        ratios.append(ratio)
        print(f"{case.text:<26} {mine:8.1f} {cron:8.1f} {ratio:6.1f}  {differ}")
    print(f"goal: 8 for a rule of one weekday; least here {min(ratios[:2]):.1f}")
    print(
        "CronTrigger walks field by field, so it is cheap when the next time is near: a daily or monthly rule."
    )


if __name__ == "__main__":
    main()
