"""Moderators hear of trouble once, where they want to; every change of the configuration is on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.alerts.alerts import Alerts
from bot.alerts.tables import alert
from bot.chat.cards import Markdown, say
from bot.people import audit
from bot.people.roles import RoleSources

KEY = "place:local:story:c9"


def alerts(stage):
    roles = stage.app.settings.roles
    return Alerts(RoleSources(roles.admins, roles.moderators))


async def _tell(stage, text="The lamp is out.", key=KEY):
    card = say("Trouble", Markdown(text))
    told = await stage.app.store.write(
        lambda conn: alerts(stage).alert(conn, 1, key, card, stage.clock.now())
    )
    await stage.later(seconds=5)
    return told


def said(stage, who):
    return [stage.text(one) for one in stage.inbox(who)]


async def test_without_a_channel_each_moderator_and_admin_hears_of_trouble_once(stage):
    assert await _tell(stage)
    assert not await _tell(stage)
    assert said(stage, "mo") == ["The lamp is out."]
    assert said(stage, "ida") == ["The lamp is out."]
    assert said(stage, "ada") == []


async def test_trouble_that_is_over_can_be_told_again_and_its_card_says_so(stage):
    await _tell(stage)
    over = say("Over", Markdown("The lamp is lit."))
    await stage.app.store.write(lambda conn: alerts(stage).resolve(conn, 1, KEY, stage.clock.now(), over))
    await stage.later(seconds=5)
    assert said(stage, "mo") == ["The lamp is lit."]
    assert await _tell(stage, "Out again.")
    assert said(stage, "mo") == ["The lamp is lit.", "Out again."]


async def test_moderators_choose_a_channel_and_hear_of_trouble_there(stage):
    await stage.opens_channel("c2", "moderators")
    shown = await stage.asks("ida", "/tilth setup alerts:#moderators")
    assert "I tell moderators about problems in #moderators" in stage.text(shown)
    await _tell(stage)
    assert [stage.text(one) for one in stage.room(channel="c2")] == ["The lamp is out."]
    assert said(stage, "mo") == []


@pytest.mark.only("local", reason="the setting names a channel of the platform by its own id")
async def test_the_operator_sets_a_channel_until_moderators_choose_another(stage, monkeypatch):
    await stage.opens_channel("c2", "operators")
    await stage.opens_channel("c3", "moderators")
    monkeypatch.setenv("TILTH_COMMUNITY__ALERTS", f"{stage.space}:c2")
    await stage.restarts()
    await _tell(stage, key="one")
    assert len(stage.room(channel="c2")) == 1
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    await _tell(stage, key="two")
    assert len(stage.room(channel="c3")) == 1
    await stage.asks("ida", "/tilth setup direct:no")
    await _tell(stage, key="three")
    assert len(stage.room(channel="c2")) == 2
    assert said(stage, "mo") == []
    await stage.asks("ida", "/tilth setup direct:yes")
    await _tell(stage, key="four")
    assert len(said(stage, "mo")) == 1


async def test_where_the_channel_does_not_take_it_each_of_them_is_told(stage):
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    stage.shut("c2")
    await _tell(stage)
    assert said(stage, "mo") == ["The lamp is out."]


@pytest.mark.only("local", "slack", reason="a server always has an owner, who is told")
async def test_without_any_moderator_the_next_time_tells_it(stage):
    await stage.joins("mo", "Mo Hale")
    await stage.joins("ida", "Ida Vale")
    assert not await _tell(stage)
    await stage.joins("mo", "Mo Hale", facts=("moderator",))
    assert await _tell(stage)
    assert said(stage, "mo") == ["The lamp is out."]
    rows = await stage.app.store.read(lambda conn: conn.execute(select(alert)).all())
    assert len(rows) == 1


async def test_a_change_is_on_record_with_what_it_was_before(stage):
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    assert "Ida Vale (admin) changed alerts" in log
    assert f"place: direct → {stage.platform.id_of('c2')}" in log
    await stage.later(days=2)
    assert "Nothing was changed in the last day" in stage.text(await stage.asks("ida", "/tilth audit days:1"))


async def test_the_log_is_turned_page_by_page(stage):
    def fill(conn):
        for number in range(20):
            audit.record_change(conn, 1, None, None, "tried", f"s{number}", None, None, stage.clock.now())

    await stage.app.store.write(fill)
    first = await stage.asks("ida", "/tilth audit")
    assert "s19" in stage.text(first)
    assert "s4" not in stage.text(first).split()
    second = await stage.presses("ida", stage.last("ida"), "Older")
    assert "s0" in stage.text(second)


async def test_whoever_is_erased_leaves_the_log_without_a_name(stage):
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    form = await stage.asks("ida", "/my data delete")
    await stage.fills_in("ida", form, word="DELETE")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    assert "someone (admin) changed alerts" in log
    assert "Ida" not in log


def test_only_what_differs_is_kept():
    assert audit.differing_values({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ({"b": 2}, {"b": 3})
    assert audit.differing_values(None, {"a": 1}) == (None, {"a": 1})


async def _rhythm(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")


async def test_a_place_that_would_refuse_is_told_a_day_before_and_when_it_is_well_again(stage):
    await _rhythm(stage)
    code = stage.shut()
    await stage.until("2026-10-05 08:59")
    [told] = said(stage, "mo")
    assert "is due on Monday 5 October at 09:00" in told
    assert code in told
    stage.reopen()
    await stage.until("2026-10-05 09:01")
    [told] = said(stage, "mo")
    assert "I can post in #staffroom again" in told
    assert len(stage.prompts()) == 1


async def test_a_place_is_not_asked_about_long_before_anything_is_due(stage):
    await _rhythm(stage)
    await stage.until("2026-10-05 09:01")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])  # or moderators hear that nobody did
    await stage.until("2026-10-10 10:00")
    stage.shut()
    await stage.until("2026-10-11 08:30")
    assert said(stage, "mo") == []
    await stage.until("2026-10-11 09:30")
    assert len(said(stage, "mo")) == 1


async def _in_doubt(stage):
    await _rhythm(stage)
    await stage.until("2026-10-05 08:59")
    stage.break_before()
    stage.hide_history()
    await stage.until("2026-10-05 09:10")
    [told] = [one for one in stage.inbox("mo") if "did not say whether" in stage.text(one)]
    return told


async def test_a_moderator_who_sees_that_it_is_not_there_lets_it_go_out(stage):
    told = await _in_doubt(stage)
    assert stage.prompts() == []
    await stage.presses("mo", told, "It is not there, post it")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    assert "mo" not in stage.text(await stage.asks("ida", "/tilth audit")).split()
    assert "released prompt" in stage.text(await stage.asks("ida", "/tilth audit"))
    assert any("It goes out now" in text for text in said(stage, "ida"))


async def test_whoever_settles_a_doubt_the_others_read_it_in_the_language_of_the_community(stage):
    told = await _in_doubt(stage)
    await stage.asks("mo", "/my settings language:es")
    shown = await stage.presses("mo", told, "It is not there, post it")
    assert "Se publica ahora." in stage.text(shown)
    await stage.later(minutes=1)
    assert any("It goes out now" in text for text in said(stage, "ida"))


async def test_a_post_that_is_there_after_all_ends_the_doubt(stage):
    await _in_doubt(stage)
    stage.hide_history(False)
    await stage.later(hours=1)
    assert "It is there now" in said(stage, "mo")[-1]
    assert len(stage.prompts()) == 1
