"""An admin sets a community up in chat, step by step; it can be left, and the next time continues there."""

from __future__ import annotations

from datetime import date

import pytest

from bot.alerts import alerts as alerting
from bot.calendars.school_year import YearSetup
from bot.chat.models import Place
from bot.people import chosen
from bot.people import tables as people
from bot.schedules.breaks import breaks


async def fills(stage, who, card, button, **fields):
    """Somebody opens the form of a step and sends it; what they are shown then."""
    return await stage.fills_in(who, await stage.presses(who, card, button), **fields)


async def goes_to(stage, step):
    """The admin asks to set up, and goes to a step."""
    return await stage.chooses("ida", await stage.asks("ida", "/tilth setup"), "Go to a step", step)


async def home(stage):
    return (await stage.app.store.read(people.communities))[0]


async def test_each_step_leads_to_the_next_and_all_of_it_is_true(stage):
    card = await goes_to(stage, "Community")
    card = await fills(
        stage, "ida", card, "Set name and time zone",
        name="Prairie Schools", zone="Denver", language="en", country="US",
    )  # fmt: skip
    now = await home(stage)
    assert (now.name, now.zone, now.country) == ("Prairie Schools", "America/Denver", "US")
    assert "Prairie Schools, America/Denver" in stage.text(card)
    card = await fills(stage, "ida", card, "Set the school year", days="aug 17 to jun 4", breaks="yes")
    days = await stage.app.store.read(lambda conn: breaks(conn, 1, now.day_of(stage.clock.now())))
    assert any("Thanksgiving" in one.label for one in days)
    assert any("Summer" in one.label for one in days)
    card = await fills(stage, "ida", card, "Say who to call", text="Call the counselors, extension 4.")
    await stage.asks("ada", "/reflect answer -- a student told me that he wants to die")
    assert stage.app.dispatcher is not None
    assert (
        await stage.app.store.read(lambda conn: chosen.danger_text_of(conn, 1))
    ) == "Call the counselors, extension 4."
    while "Plan the first prompt" not in stage.text(card):  # who moderates is known already on some platforms
        card = await stage.presses("ida", card, "Leave it as it is")
    assert stage.is_form(await stage.presses("ida", card, "Plan the first prompt"))


async def years(stage):
    """The labels of what the calendar holds, and the days of Summer."""
    found = await stage.app.store.read(lambda conn: breaks(conn, 1))
    return {one.label for one in found}, [
        (one.starts, one.ends) for one in found if one.label == "Summer break"
    ]


async def test_a_corrected_school_year_takes_the_place_of_the_wrong_one(stage):
    card = await goes_to(stage, "Community")
    card = await fills(
        stage, "ida", card, "Set name and time zone",
        name="Prairie Schools", zone="Denver", language="en", country="US",
    )  # fmt: skip
    await fills(stage, "ida", card, "Set the school year", days="aug 17 2026 to may 20 2027", breaks="yes")
    await stage.asks("mo", "/tilth calendar add oct 26 to oct 30 -- Fall break")
    form = await stage.presses("ida", await goes_to(stage, "School year"), "Set the school year")
    assert stage.value(form, "days") == "2026-08-17 to 2027-05-20"
    await stage.fills_in("ida", form, days="aug 17 2026 to jun 4 2027", breaks="no")
    labels, summers = await years(stage)
    assert summers == [(date(2027, 6, 5), date(2027, 8, 15))]
    assert "Thanksgiving break" not in labels
    assert "Fall break" in labels, "what people added themselves stays"
    form = await stage.presses("ida", await goes_to(stage, "School year"), "Set the school year")
    assert stage.value(form, "breaks") == "no"


async def test_the_next_school_year_leaves_this_one_as_it_is(stage):
    setup, this = YearSetup(), await home(stage)

    def add(conn):
        for days in (
            (date(2026, 8, 17), date(2027, 6, 4)),
            (date(2027, 8, 16), date(2028, 6, 2)),
        ):
            setup.add_year(conn, this, days, breaks=True, now=stage.clock.now())

    await stage.app.store.write(add)
    _, summers = await years(stage)
    assert [first for first, _ in summers] == [date(2027, 6, 5), date(2028, 6, 3)]


async def test_who_is_in_danger_is_told_the_text_that_was_written_in_chat(stage):
    card = await stage.asks("ida", "/tilth setup")
    card = await stage.chooses("ida", card, "Go to a step", "If somebody is in danger")
    await fills(stage, "ida", card, "Say who to call", text="Call the counselors, extension 4.")
    shown = await stage.asks("ada", "/reflect suggest a student told me that he wants to die")
    assert "Call the counselors, extension 4." in stage.text(shown)
    assert "988" not in stage.text(shown)


async def test_a_wrong_zone_or_year_stays_in_the_form_with_what_to_write(stage):
    form = await stage.presses("ida", await goes_to(stage, "Community"), "Set name and time zone")
    wrong = await stage.fills_in("ida", form, name="Prairie", zone="Narnia", language="en", country="USA"[:2])
    assert "There is no time zone “Narnia”" in stage.errors(wrong)["zone"]
    card = await goes_to(stage, "School year")
    form = await stage.presses("ida", card, "Set the school year")
    wrong = await stage.fills_in("ida", form, days="aug 17 to aug 19")
    assert "like aug 17 to jun 4" in stage.errors(wrong)["days"]


async def test_it_is_left_and_continues_where_it_was(stage):
    card = await stage.asks("ida", "/tilth setup")
    first = stage.text(card)
    card = await stage.presses("ida", card, "Leave it as it is")
    assert stage.text(card) != first
    await stage.restarts()
    again = await stage.asks("ida", "/tilth setup")
    assert stage.text(again) == stage.text(card)


async def test_a_moderator_that_an_admin_chose_may_plan_at_once_and_no_longer_when_removed(stage):
    refused = await stage.asks("ada", "/prompt list")
    assert "moderator" in stage.text(refused)
    card = await goes_to(stage, "Moderators")
    card = await fills(stage, "ida", card, "Choose a moderator", person="ada")
    assert "Nothing is planned" in stage.text(await stage.asks("ada", "/prompt list"))
    await stage.restarts()
    assert "Nothing is planned" in stage.text(await stage.asks("ada", "/prompt list"))
    card = await goes_to(stage, "Moderators")
    await stage.presses("ida", card, "Remove those chosen here")
    assert "Nothing is planned" not in stage.text(await stage.asks("ada", "/prompt list"))


async def test_what_was_chosen_in_chat_holds_until_the_operator_changes_the_setting(stage):
    card = await goes_to(stage, "Community")
    await fills(
        stage,
        "ida",
        card,
        "Set name and time zone",
        name="Prairie",
        zone="Denver",
        language="en",
        country="US",
    )
    await stage.restarts()
    assert (await home(stage)).name == "Prairie"
    told = {"name": "Harbor", "zone": "America/Chicago", "language": "en", "country": "US"}

    def operator(conn):
        return chosen.follow_settings(
            conn, stage.app.settings.community.slug, told, "", (), stage.clock.now()
        )

    assert (await stage.app.store.write(operator)).name == "Harbor"


async def test_moderators_and_the_place_of_alerts_that_were_chosen_hold_until_their_setting_changes(stage):
    this = await home(stage)

    def starts(moderators, alerts):
        def start(conn):
            told = {name: getattr(this, name) for name in chosen.FIELDS}
            chosen.follow_settings(conn, this.slug, told, "", moderators, stage.clock.now())
            alerting.set_by_operator(conn, this.id, alerts)
            return chosen.moderators_of(conn, this.id), alerting.place_of(conn, this.id)

        return stage.app.store.write(start)

    def choose(conn):
        chosen.choose_moderators(conn, this.id, ["local:id:ada"])
        alerting.hear_in(conn, this.id, Place("local:room", "c2"))

    await starts({"local:id:mo"}, "local:room:c1")
    await stage.app.store.write(choose)
    assert await starts({"local:id:mo"}, "local:room:c1") == (["local:id:ada"], Place("local:room", "c2"))
    assert await starts({"local:id:ida"}, "local:room:c3") == ([], Place("local:room", "c3"))


async def test_more_moderators_than_fit_are_refused_and_nothing_is_lost(stage):
    this = await home(stage)
    known = [f"local:id:u{number}" for number in range(chosen.MOST)]
    await stage.app.store.write(lambda conn: chosen.choose_moderators(conn, this.id, known))
    form = await stage.presses("ida", await goes_to(stage, "Moderators"), "Choose a moderator")
    said = await stage.fills_in("ida", form, person="ada")
    assert "No more moderators can be chosen here" in stage.errors(said)["person"]
    assert await stage.app.store.read(lambda conn: chosen.moderators_of(conn, this.id)) == known


@pytest.mark.only("local", "slack", reason="Discord has no page of a bot's own")
async def test_the_bots_own_page_offers_it_to_admins_until_it_is_done(stage):
    assert "Set up Tilth" in stage.text(await stage.opens_home("ida"))
    assert "Set up Tilth" not in stage.text(await stage.opens_home("ada"))
    card = await stage.asks("ida", "/tilth setup")
    for _step in range(6):
        if "Every step is done" in stage.text(card):
            break
        card = await stage.presses("ida", card, "Leave it as it is")
    assert "Every step is done" in stage.text(card)
    assert "Set up Tilth" not in stage.text(await stage.opens_home("ida"))


async def test_it_speaks_spanish(stage):
    await stage.asks("ida", "/my settings language:es")
    card = await stage.asks("ida", "/tilth setup")
    assert "Configurar Tilth" in stage.text(card)
    assert "Set up" not in stage.text(card)


async def test_the_doctor_tells_an_admin_what_is_wrong_and_nobody_else(stage):
    card = await stage.asks("ida", "/tilth doctor")
    assert "checks are well" in stage.text(card)
    again = await stage.presses("ida", card, "Check again")
    assert "checks are well" in stage.text(again)


async def test_checks_that_take_too_long_are_answered(stage, monkeypatch):
    monkeypatch.setattr("bot.admin.doctor_command.PATIENCE", 0.0)
    card = await stage.asks("ida", "/tilth doctor")
    assert "A platform does not answer" in stage.text(card)


@pytest.mark.only("slack", reason="the playground has no platform to examine")
async def test_the_doctor_names_a_channel_that_shut_the_bot_out_and_what_that_costs(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00")
    stage.shut()
    card = await stage.asks("ida", "/tilth doctor")
    assert "its prompts are not posted" in stage.text(card)
    await stage.asks("ida", "/my settings language:es")
    card = await stage.asks("ida", "/tilth doctor")
    assert "ahí no se publican preguntas" in stage.text(card)
    assert "Pon el reloj en hora" in stage.text(card)
    assert "its prompts" not in stage.text(card)
