"""The numbers of a bot: true, its own, and without a person, a place or a word in them."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from bot.capture.scanner import Scan
from bot.chat.models import Place
from bot.chat.port import RetryLater
from bot.runtime.clock import SteerableClock
from bot.runtime.health import Heartbeat
from bot.settings.web import MonitoringSettings
from bot.store.pieces import WriterTimes
from bot.vitals.figures import Figures
from bot.vitals.metrics import Snapshot, render_page
from bot.vitals.monitor import TEXT, Monitor
from bot.vitals.tally import OUTCOMES, CallTally, Lateness
from tests.stories.stage import CHANNELS, PEOPLE, SUNDAY, Stage, staged

LABELS = {
    "platform": r"local",
    "verb": r"post|direct|update|delete|thread|pin|unpin|lock|unlock|canvas",
    "outcome": "|".join([*OUTCOMES.values(), "read", "unread"]),
    "call": r"post|read",
    "state": r"pending|sending|unknown|sent|failed|dropped",
    "piece": r"COMMIT|[A-Za-z_.<>]+",
    "beat": r"[a-z ]+",
    "version": r"[0-9.]+",
    "le": r"[0-9.]+|\+Inf",
}
"""Every label there is, and every value it may have: nothing that anybody chose or wrote."""


def monitor_of(stage: Stage, **settings: object) -> Monitor:
    pulse = Heartbeat(stage.folder)
    pulse.beats = lambda: {"sending": timedelta(seconds=3)}
    adapters = tuple(stage.app.adapters.values())
    return Monitor(
        MonitoringSettings(**settings), stage.app.store, stage.app.clock, stage.app.tally, pulse, adapters[:0]
    )


async def numbers(monitor: Monitor) -> dict[str, float]:
    """`name` or `name{label=value,…}` → value, without what the operating system counts."""
    monitor._known = (float("-inf"), None)
    found = {}
    for family in text_string_to_metric_families((await monitor.page()).decode()):
        for one in family.samples:
            inside = ",".join(f"{key}={value}" for key, value in sorted(one.labels.items()))
            found[one.name + (f"{{{inside}}}" if inside else "")] = one.value
    return found


@asynccontextmanager
async def told(stage: Stage):
    """The page as Prometheus gets it."""
    monitor = monitor_of(stage, port=0)
    port = await monitor.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            assert answer.status == 200
            assert answer.headers["Content-Type"] == TEXT
            yield await answer.text()
    finally:
        await monitor.stop()


async def lives_a_week(stage: Stage) -> None:
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:00")
    [prompt] = stage.prompts()
    await stage.says("ada", "The caretaker, with both hands full.", thread=prompt)
    form = await stage.presses("ben", prompt, "Answer or edit")
    await stage.fills_in("ben", form, q0="A bell that rang late.", sharing="everyone")
    await stage.asks("cleo", "/my settings reminders:off")
    await stage.later(minutes=30)


@pytest.mark.parametrize("where", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_after_a_week_the_numbers_are_what_happened(tmp_path, request, where):
    url = "" if where == "sqlite" else request.getfixturevalue("postgres_url")
    async with staged(tmp_path, "local", url=url) as stage:
        await lives_a_week(stage)
        found = await numbers(monitor_of(stage))
        assert found["tilth_posts_total{outcome=sent,platform=local,verb=post}"] >= 1
        assert found["tilth_post_lateness_seconds_bucket{le=60.0,platform=local}"] >= 1
        assert (
            found["tilth_post_lateness_seconds_bucket{le=+Inf,platform=local}"]
            == found["tilth_post_lateness_seconds_count{platform=local}"]
        )
        assert found["tilth_scans_total{outcome=read,platform=local}"] >= 1
        assert found["tilth_outbox{state=sent}"] >= 1
        assert found["tilth_outbox{state=pending}"] == 0
        assert found["tilth_answers_last_hour"] == 2
        assert found["tilth_answers_last_day"] == 2
        assert found["tilth_muted_members"] == 1
        assert found["tilth_well"] == found["tilth_database_up"] == 1
        assert found["tilth_beat_overdue_seconds{beat=sending}"] == 3
        assert any(name.startswith("tilth_writer_longest_seconds{piece=") for name in found)
        assert found["process_resident_memory_bytes"] > 0
        await stage.later(hours=2)
        found = await numbers(monitor_of(stage))
        assert (found["tilth_answers_last_hour"], found["tilth_answers_last_day"]) == (0, 2)


async def test_the_numbers_hold_no_person_no_place_and_no_word(tmp_path):
    async with staged(tmp_path, "local") as stage:
        await lives_a_week(stage)
        stage.app.tally.scans["local", "read"] += 1
        async with told(stage) as page:
            pass
    for family in text_string_to_metric_families(page):
        for one in family.samples:
            for key, value in one.labels.items():
                assert re.fullmatch(LABELS[key], value), f"{one.name}: {key}={value}"
    samples = "\n".join(line for line in page.splitlines() if not line.startswith("#")).casefold()
    said = ["caretaker", "hands", "full", "bell", "rang", "late", "quiet", "door"]
    names = [word for one in PEOPLE for word in (one.id, *one.name.casefold().split())]
    for word in [*names, *CHANNELS, *CHANNELS.values(), *said, "home"]:
        assert not re.search(rf"\b{re.escape(word)}\b", samples), word


async def test_two_bots_in_one_process_have_numbers_of_their_own(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with staged(tmp_path / "one", "local") as first, staged(tmp_path / "two", "local") as second:
        await lives_a_week(first)
        of_first, of_second = await numbers(monitor_of(first)), await numbers(monitor_of(second))
    assert any(name.startswith("tilth_posts_total") for name in of_first)
    assert not any(name.startswith("tilth_posts_total") for name in of_second)
    assert of_second["tilth_answers_last_day"] == 0


async def test_a_platform_that_says_wait_is_counted(tmp_path):
    async with staged(tmp_path, "local") as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        stage.platform.adapter.faults.next("post", before=RetryLater("ratelimited", 30))
        await stage.until("2026-10-05 09:00")
        await stage.later(minutes=2)
        found = await numbers(monitor_of(stage))
    assert found["tilth_rate_limited_total{call=post,platform=local}"] == 1
    assert found["tilth_posts_total{outcome=delayed,platform=local,verb=post}"] == 1
    assert found["tilth_post_lateness_seconds_bucket{le=15.0,platform=local}"] == 0
    assert found["tilth_post_lateness_seconds_bucket{le=60.0,platform=local}"] == 1


async def test_without_its_database_the_page_answers_and_says_so(tmp_path):
    async with staged(tmp_path, "local") as stage:
        monitor = monitor_of(stage)
        await stage.stops()
        found = await numbers(monitor)
        assert found["tilth_database_up"] == found["tilth_well"] == 0
        assert "tilth_outbox{state=pending}" not in found
        await stage.starts()


async def test_nothing_is_served_unless_a_port_is_set(tmp_path):
    async with staged(tmp_path, "local") as stage:
        assert await monitor_of(stage).start() is None
        assert MonitoringSettings(port="").port is None
        assert MonitoringSettings().host == "127.0.0.1"


async def test_a_port_that_is_taken_is_named_with_its_setting(tmp_path):
    async with staged(tmp_path, "local") as stage:
        first = monitor_of(stage, port=0)
        port = await first.start()
        try:
            with pytest.raises(OSError, match="TILTH_MONITORING__PORT"):
                await monitor_of(stage, port=port).start()
        finally:
            await first.stop()


def test_a_scan_that_was_told_to_wait_is_counted():
    tally = CallTally(SteerableClock(SUNDAY))
    watch = SimpleNamespace(place=Place("local:x", "c"))
    tally.count_scan(Scan(watch, None, RetryLater("ratelimited", 3), unread=True))
    tally.count_scan(Scan(watch, None))
    assert dict(tally.scans) == {("local", "unread"): 1, ("local", "read"): 1}
    assert dict(tally.rate_limited) == {("local", "read"): 1}


DOCS = Path(__file__).parents[2] / "docs"
NAME = re.compile(r"\btilth_[a-z_]+")


def test_what_the_page_the_rules_and_the_dashboard_name_is_counted():
    tally = CallTally(SteerableClock(SUNDAY))
    tally.calls["local", "post", "sent"] += 1
    tally.lateness["local"] = Lateness()
    tally.rate_limited["local", "post"] += 1
    tally.scans["local", "read"] += 1
    beats, platforms = {"sending": timedelta()}, {"local": True}
    snapshot = Snapshot(
        tally, WriterTimes(), Figures(SUNDAY, outbox={"pending": 0}), "0.1.0", beats, platforms
    )
    families = list(text_string_to_metric_families(render_page(snapshot).decode()))
    known = {one.name for family in families for one in family.samples} | {one.name for one in families}
    files = (DOCS / "monitoring.md", *(DOCS / "monitoring").iterdir())
    named = {name for file in files for name in NAME.findall(file.read_text())}
    assert named - known == set()
    told = set(NAME.findall((DOCS / "monitoring.md").read_text()))
    ours = {one.name for one in families if one.name.startswith("tilth_")} - {"tilth_info", "tilth"}
    assert {name for name in ours if not any(said.startswith(name) for said in told)} == set()


def test_the_three_rules_say_what_members_notice():
    rules = YAML(typ="safe").load(DOCS / "monitoring" / "alerts.yml")["groups"][0]["rules"]
    assert len(rules) == 3
    assert all(
        re.search("[Mm]embers|post", one["annotations"]["summary"]) and one["expr"] and one["for"]
        for one in rules
    )
    panels = json.loads((DOCS / "monitoring" / "dashboard.json").read_text())["panels"]
    assert all(target["expr"] for one in panels for target in one["targets"])
