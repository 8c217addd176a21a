"""Whether the process is well, told without a port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

from bot.runtime.health import NAME, Heartbeat, read_health


async def test_a_beating_process_is_well(tmp_path):
    pulse = Heartbeat(tmp_path)
    pulse.beats = lambda: {"sending": timedelta(seconds=2)}
    await pulse.beat()
    assert read_health(tmp_path) == (True, f"Tilth (process {os.getpid()}) is well.")
    pulse.stop()
    assert read_health(tmp_path)[0] is False


async def test_a_beat_that_never_gets_through_is_named(tmp_path):
    pulse = Heartbeat(tmp_path)
    pulse.beats = lambda: {"sending": timedelta(minutes=9), "planning": timedelta(seconds=1)}
    await pulse.beat()
    well, why = read_health(tmp_path)
    assert not well
    assert "sending" in why
    assert "planning" not in why


async def test_a_process_that_stopped_answering_is_not_well(tmp_path):
    pulse = Heartbeat(tmp_path)
    await pulse.beat()
    at = json.loads((tmp_path / NAME).read_text())["at"]
    assert read_health(tmp_path, now=lambda: at + 61)[0] is False


def test_a_killed_process_is_noticed_at_once(tmp_path):
    code = f"import asyncio; from pathlib import Path; from bot.runtime.health import Heartbeat; asyncio.run(Heartbeat(Path({str(tmp_path)!r})).beat())"
    subprocess.run([sys.executable, "-c", code], check=True)
    well, why = read_health(tmp_path)
    assert not well
    assert "gone" in why


def test_half_a_file_is_no_health(tmp_path):
    (tmp_path / NAME).write_text('{"pid": ')
    assert read_health(tmp_path)[0] is False
