"""The doctor names every fault with its fix, and disturbs nothing."""

from __future__ import annotations

from datetime import timedelta

from adapters.discord.adapter import API
from tests.fakes.discord.ids import Machine
from tests.fakes.discord.permissions import BOT, EVERYONE, May


async def found(school, level, **options):
    bot = school.adapter(**options)
    findings = await bot.examine({school.space: {str(school.room.id)}})
    assert all(how in ("ok", "warning", "error") and what for how, what, _ in findings)
    assert all(fix for how, _, fix in findings if how != "ok"), "each fault comes with its fix"
    return [what + " " + fix for how, what, fix in findings if how == level]


async def test_nothing_is_wrong_where_nothing_is_wrong(school):
    await school.start()
    assert await found(school, "error") == []
    assert [one for one in await found(school, "warning") if "clock" not in one] == []
    assert len(school.fake.gateway.identifies) == 1, "it does not connect"


async def test_a_wrong_token_is_the_first_thing_it_says(school):
    bot = school.adapter()
    bot.token = "wrong.token.here"
    findings = await bot.examine({})
    assert [how for how, _, _ in findings if how == "error"] == ["error"]
    assert "TILTH_DISCORD__TOKEN" in findings[-1][1]
    assert "wrong.token" not in str(findings)


async def test_intents_that_are_asked_for_and_not_granted(school):
    school.fake.gateway.portal = 0
    errors = await found(school, "error")
    assert any(
        "Message Content Intent" in one and "TILTH_DISCORD__MESSAGE_CONTENT=false" in one for one in errors
    )
    assert any("Server Members Intent" in one and "TILTH_DISCORD__MEMBERS=false" in one for one in errors)
    fine = await found(school, "ok", message_content=False, members=False)
    assert any("replies in threads are not heard" in one for one in fine)


async def test_permissions_that_are_missing_in_the_server_and_in_a_channel(school):
    school.fake.permit_bot(school.guild, (BOT | EVERYONE) & ~May.PIN_MESSAGES)
    me = next(role for role in school.guild.roles.values() if role.managed)
    school.fake.deny(school.room, school.guild, "SEND_MESSAGES")
    warnings, errors = await found(school, "warning"), await found(school, "error")
    assert any("Pin Messages" in one for one in warnings)
    assert [one for one in errors if "Send Messages" in one and "#staffroom" in one]
    school.fake.allow(school.room, me, "SEND_MESSAGES")
    assert not any("Send Messages" in one for one in await found(school, "error"))


async def test_a_channel_and_a_server_that_are_gone(school):
    bot = school.adapter()
    findings = await bot.examine(
        {school.space: {"123456789012345678"}, "discord:42": {"1"}, "slack:T1": {"C1"}}
    )
    errors = [what for how, what, _ in findings if how == "error"]
    assert len(errors) == 2
    assert any("123456789012345678" in one for one in errors)
    assert any("server 42" in one for one in errors)


async def test_of_a_server_of_another_community_nothing_is_said(school):
    school.fake.permit_bot(school.guild, May.ADMINISTRATOR)
    bot = school.adapter()
    findings = await bot.examine({"discord:42": {"1"}}, {"discord:42"})
    assert any("server 42" in what for _, what, _ in findings)
    assert school.guild.name not in str(findings)
    assert school.guild.name in str(await bot.examine({}, {school.space}))


async def test_an_administrator_is_too_much(school):
    school.fake.permit_bot(school.guild, May.ADMINISTRATOR)
    assert any("administrator" in one for one in await found(school, "warning"))


async def test_no_server_yet_comes_with_the_invitation(school):
    school.fake.remove_bot(school.guild)
    bot = school.adapter()
    findings = await bot.examine({})
    assert any("no server" in what and "oauth2/authorize" in fix for _, what, fix in findings)


async def test_a_clock_that_is_wrong_and_a_day_that_is_nearly_used_up(school):
    school.fake.dated_by = Machine()
    school.clock.advance(timedelta(days=400))
    school.fake.gateway.budget.remaining = 60
    warnings = await found(school, "warning")
    assert any("clock" in one for one in warnings)
    assert any("60 of 1000" in one for one in warnings)


async def test_an_outage_is_said_and_no_failure_of_the_doctor(school):
    school.fake.fail("GET /users/@me/guilds", status=503)
    school.fake.fail("GET /applications/{}/commands", status=503)
    assert len(await found(school, "warning")) >= 2
    bot = school.adapter(api_url="http://127.0.0.1:9/api/v10")
    findings = await bot.examine({})
    assert any("does not answer" in what for _, what, _ in findings)
    assert API == "https://discord.com/api/v10"
