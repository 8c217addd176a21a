"""The smaller parts: errors, marks, the IDENTIFY budget, what is remembered, the invitation."""

from __future__ import annotations

import asyncio
import base64
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from adapters.discord import errors, identify_budget, invite, markdown, markers
from adapters.discord.identify_budget import IdentifyBudget, Limit
from adapters.discord.state import DiscordState, Met
from bot.chat.port import CredentialsRejected, OutcomeUnknown, Rejected, RetryLater
from tests.contract.conftest import Notebook

# ── errors ────────────────────────────────────────────────────────────────────


def answered(status, code=0, kind=discord.HTTPException, **headers):
    response = SimpleNamespace(status=status, reason="", headers=headers)
    return kind(response, {"code": code, "message": "A member's words."})


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (answered(400, 50035), Rejected, "invalid_form"),
        (answered(403, 50013, discord.Forbidden), Rejected, "missing_permissions"),
        (answered(403, 50007, discord.Forbidden), Rejected, "direct_messages_closed"),
        (answered(404, 10003, discord.NotFound), Rejected, "unknown_channel"),
        (answered(404, 0, discord.NotFound), Rejected, "http_404"),
        (answered(400, 12345), Rejected, "discord_12345"),
        (answered(401), CredentialsRejected, "invalid_token"),
        (discord.LoginFailure("no"), CredentialsRejected, "invalid_token"),
        (answered(500, 0, discord.DiscordServerError), OutcomeUnknown, "http_500"),
        (answered(503, 0, discord.DiscordServerError), OutcomeUnknown, "http_503"),
        (answered(400, 30046), RetryLater, "discord_30046"),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown, "ServerDisconnectedError"),
        (aiohttp.ClientPayloadError(), OutcomeUnknown, "ClientPayloadError"),
        (aiohttp.ClientConnectorError(SimpleNamespace(ssl=None, host="x", port=1), OSError(111, "refused")), RetryLater, "cannot_connect"),  # type: ignore[arg-type]
        (TimeoutError(), OutcomeUnknown, "timeout"),
        (ConnectionResetError(104, "reset"), OutcomeUnknown, "ConnectionResetError"),
        (ValueError("half a body"), OutcomeUnknown, "ValueError"),
        (RuntimeError("Session is closed"), OutcomeUnknown, "RuntimeError"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, BaseException) else str(one),
)  # fmt: skip
def test_every_error_is_one_of_the_doors_and_carries_no_words(error, kind, code):
    with pytest.raises(kind) as raised, errors.translate_errors():
        raise error
    assert type(raised.value) is kind
    assert raised.value.code == code
    assert "member" not in str(raised.value)


def test_how_long_to_wait_is_kept():
    assert errors.translate_error(answered(429, **{"Retry-After": "12.5"})).seconds == 12.5  # type: ignore[attr-defined]
    assert errors.translate_error(answered(429, **{"Retry-After": "soon"})).seconds is None  # type: ignore[attr-defined]
    assert errors.translate_error(discord.RateLimited(40.0)).seconds == 40.0  # type: ignore[attr-defined]


def test_the_doors_own_errors_and_a_cancelled_call_pass():
    with pytest.raises(RetryLater), errors.translate_errors():
        raise RetryLater("x")
    with pytest.raises(asyncio.CancelledError), errors.translate_errors():
        raise asyncio.CancelledError


def test_a_code_that_means_success_is_none_of_the_others():
    with errors.translated_but(errors.THERE) as fine:
        raise answered(400, errors.THERE)
    assert fine.happened
    with pytest.raises(Rejected), errors.translated_but(errors.THERE):
        raise answered(400, 50035)


# ── marks ─────────────────────────────────────────────────────────────────────


def test_a_marker_is_two_numbers_that_fit_and_differ():
    every = [markers.make_mark(f"prompt:{n}") for n in range(5000)]
    assert len(set(every)) == 5000
    for first, second in every:
        assert first != second
        assert all(2**30 <= one < 2**31 for one in (first, second)), "a positive number of 32 bits"


def test_what_is_not_built_like_ours_carries_nothing():
    for parts in (
        [],
        [{"type": 10, "id": 5}],
        [{"type": 17, "components": []}],
        [{"type": 17, "id": 5, "components": [{"type": 10}]}],
    ):
        assert markers.read_mark(parts) is None
    assert markers.read_mark([{"type": 17, "id": 5, "components": [{"type": 10, "id": 6}]}]) == (5, 6)


def test_a_custom_id_that_is_not_ours_does_nothing():
    assert markers.read_pressed("somebody-elses") == markers.ComponentState("somebody-elses", "", False)


# ── words ─────────────────────────────────────────────────────────────────────


def test_markdown_is_turned_into_discords_dialect():
    assert (
        markdown.render_markdown("__strong__ and snake__case__name, ||not hidden||")
        == "**strong** and snake__case__name, \\|\\|not hidden\\|\\|"
    )
    assert (
        markdown.render_markdown("[a](https://example.org) <https://example.org>")
        == "[a](https://example.org) <https://example.org>"
    )


def test_lengths_are_counted_as_discord_counts_them():
    assert markdown.size("a😀") == 3
    assert markdown.clip_text("😀" * 30, 45) == "😀" * 22 + "…"
    assert markdown.size(markdown.clip_text("word " * 30, 45)) <= 45


# ── the IDENTIFY budget ───────────────────────────────────────────────────────


def crash_loop(hours, shard=0):
    """Begin again as soon as allowed, with a process that dies at once; when each IDENTIFY was sent."""
    now, book, sent = 1000.0, IdentifyBudget(), []
    until = now + hours * 3600
    while now < until:
        now += book.wait(now, [shard])
        if now >= until:
            break
        book.spend(now, shard)
        sent.append(now)
        book = IdentifyBudget(book.times)  # the next process
        now += 1
    return sent


def test_a_crash_loop_sends_at_most_twenty_an_hour_and_two_hundred_a_day():
    assert len(crash_loop(1)) <= 20
    sent = crash_loop(72)
    for at in sent:
        assert sum(at <= other < at + 3600 for other in sent) <= 20
        assert sum(at <= other < at + 86_400 for other in sent) <= identify_budget.DAILY


def test_three_starts_are_free_and_then_it_waits_one_five_and_fifteen_minutes():
    book, now, waits = IdentifyBudget(), 0.0, []
    for _ in range(7):
        waits.append(book.wait(now, [0]))
        now += waits[-1]
        book.spend(now, 0)
    assert waits[:6] == [0, 0, 0, 60, 300, 900]


def test_a_quiet_day_costs_nothing_and_shards_are_counted_apart():
    book = IdentifyBudget([(0.0, 0), (1.0, 0), (2.0, 0)])
    assert book.wait(3.0, [0]) > 0
    assert book.wait(3.0, [1]) == 0
    assert book.wait(700.0, [0, 1]) == 0
    assert IdentifyBudget([(5000.0, 0)] * 3).wait(10.0, [0]) == 0, (
        "times in the future are from a clock that was wrong"
    )


def test_discords_own_count_is_never_used_up():
    assert IdentifyBudget().wait(0.0, [0], Limit(1000, 99.0)) == 0
    assert IdentifyBudget().wait(0.0, [0], Limit(identify_budget.RESERVE, 99.0)) == 99.0
    assert IdentifyBudget().wait(0.0, range(40), Limit(80, 99.0)) == 99.0


# ── memory ────────────────────────────────────────────────────────────────────


async def test_what_was_kept_is_known_after_a_restart():
    book = Notebook()
    one = DiscordState(book)
    await one.load()
    assert await one.join("7")
    assert not await one.join("7")
    await one.meet("ada", server="7")
    await one.meet("ada", direct="55")
    await one.close("ada", "A prompt")
    await one.identify([(1.0, 0)])
    await one.sync("abc", {"reflect": "1"})
    two = DiscordState(book)
    await two.load()
    assert two.servers == {"7"}
    assert two.people == {"ada": Met("7", "55", ("A prompt",))}
    assert (two.person_in("55"), two.identifies, two.commands) == ("ada", [(1.0, 0)], "abc")
    assert await two.open("ada") == ("A prompt",)
    assert await two.open("ada") is None
    await two.leave("7")
    three = DiscordState(book)
    await three.load()
    assert (three.servers, three.people["ada"].untold) == (set(), None)


async def test_only_news_is_written():
    class Counting(Notebook):
        puts = 0

        async def put(self, items):
            self.puts += 1
            await super().put(items)

    book = Counting()
    one = DiscordState(book)
    for _ in range(3):
        await one.meet("ada", server="7")
    assert book.puts == 1


async def test_a_store_that_is_away_does_not_keep_the_bot_from_working():
    class Broken(Notebook):
        async def put(self, items):
            raise OSError("away")

        async def remove(self, keys):
            raise OSError("away")

    one = DiscordState(Broken())
    await one.meet("ada", server="7")
    await one.leave("7")
    assert one.people["ada"].server == "7"


# ── the invitation ────────────────────────────────────────────────────────────


def test_the_invitation_asks_for_the_least_and_says_why():
    wanted = invite.permissions()
    assert not wanted.administrator
    assert not wanted.mention_everyone
    assert not wanted.manage_guild
    assert not wanted.manage_messages
    listed = discord.Permissions(**{name: True for name, why, _ in invite.reasons() if why.endswith(".")})
    assert wanted == listed
    assert wanted.value.bit_count() == len(invite.reasons()) == 12


def test_the_address_names_the_application_its_scopes_and_its_permissions():
    address = invite.invite_link("123")
    assert address.startswith("https://discord.com/oauth2/authorize?client_id=123")
    assert "scope=bot+applications.commands" in address
    assert f"permissions={invite.permissions().value}" in address


def test_the_application_is_read_from_the_token():
    head = base64.urlsafe_b64encode(b"1759288472991170630").decode().rstrip("=")
    assert invite.client_id_of(f"{head}.abc.def") == "1759288472991170630"
    for wrong in ("", "xoxb-1", "abc.def", "ééé.x.y"):
        assert invite.client_id_of(wrong) == ""
