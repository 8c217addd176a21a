"""When a socket that looks alive counts as deaf, and when it must not."""

from __future__ import annotations

import pytest

from adapters.slack.socket_watchdog import SocketWatchdog


class Tick:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def tick():
    return Tick()


@pytest.fixture
def silence(tick):
    made = SocketWatchdog(tick, patience=120)
    made.heard("C1", "1.0", own=True)
    return made


def test_our_own_message_that_is_never_told_back_means_deafness(silence, tick):
    silence.said("C1", "2.0")
    tick.now += 121
    assert silence.deaf()
    assert silence.missed == 1
    assert not silence.deaf(), "it is told once"


def test_what_is_told_in_time_is_well(silence, tick):
    silence.said("C1", "2.0")
    silence.heard("C1", "2.0")
    tick.now += 1000
    assert not silence.deaf()


def test_what_was_told_before_the_call_returned_is_well(silence, tick):
    silence.heard("C1", "2.0")
    silence.said("C1", "2.0")
    tick.now += 1000
    assert not silence.deaf()


def test_a_channel_that_never_echoed_our_own_messages_says_nothing(silence, tick):
    silence.heard("G9", "1.0")
    silence.said("G9", "2.0")
    tick.now += 1000
    assert not silence.deaf()


def test_a_message_in_the_history_that_was_never_told_means_deafness(silence, tick):
    tick.now += 600
    silence.shown("C1", "2.0", age=300)
    assert silence.deaf()


def test_what_was_written_before_we_connected_means_nothing(silence, tick):
    silence.shown("C1", "2.0", age=300)
    tick.now += 1000
    assert not silence.deaf()
    silence.said("C1", "3.0")
    silence.connected()
    tick.now += 1000
    assert not silence.deaf()


def test_where_another_process_may_have_heard_it_nothing_is_deaf(silence, tick):
    silence.connected(2)
    silence.said("C1", "2.0")
    tick.now += 1000
    assert not silence.deaf()
    silence.connected(1)
    silence.said("C1", "3.0")
    tick.now += 1000
    assert silence.deaf()
