"""In which language somebody reads what the bot says: their own; a deck's; the community's."""

from __future__ import annotations

import pytest

from bot.chat.events import CompletionRequest
from bot.chat.language import current_locale
from bot.chat.models import Person
from tests.stories.stage import staged


@pytest.fixture
async def stage(tmp_path, platform):
    async with staged(tmp_path, platform, zone="America/Chicago") as stage:
        yield stage


async def test_each_member_is_answered_in_the_language_of_their_own_client(stage):
    await stage.joins(
        "luz", "Luz Marín", locale="es-419" if stage.platform.platform == "discord" else "es-MX"
    )
    assert "Todavía no estás en ningún curso" in stage.text(await stage.asks("luz", "/course"))
    assert "You are not in a course yet" in stage.text(await stage.asks("ada", "/course"))


async def test_who_is_refused_is_refused_in_their_language(stage):
    await stage.joins("luz", "Luz Marín", locale="es-ES")
    refused = stage.text(await stage.asks("luz", "/course done"))
    assert "Todavía no te has unido a ningún curso." in refused


@pytest.mark.only(
    "local", "slack", reason="Discord's people fill in options, of which its adapter's tests speak"
)
async def test_what_cannot_be_read_is_refused_in_their_language(stage):
    await stage.joins("luz", "Luz Marín", locale="es-ES")
    refused = stage.text(await stage.asks("luz", '/my away days:"30 feb 2027 to 5 mar 2027"'))
    assert "El mes de febrero no tiene 30 días." in refused


@pytest.mark.only("local", "slack", reason="Discord's people pick commands from a list")
async def test_a_command_that_does_not_exist_is_refused_in_their_language(stage):
    await stage.joins("luz", "Luz Marín", locale="es-ES")
    words = "Probamos dos rutinas nuevas con los grupos de tercero, y una de ellas funcionó muy bien."
    refused = stage.text(await stage.asks("luz", f"/prompt {words}"))
    assert "Ese comando no existe." in refused
    assert "Para copiar, así no se pierde nada." in refused


async def test_what_comes_unasked_is_in_the_readers_language(stage):
    await stage.joins("luz", "Luz Marín", locale="es-ES")
    await stage.asks("luz", "/team")  # Discord tells the language only with what somebody does
    await stage.asks("mo", "/team create North")
    await stage.asks("mo", "/team add @luz North")
    await stage.asks("mo", "/team add @ada North")
    await stage.asks("mo", "/team lead @ada North")
    await stage.asks("ada", "/team handover @luz North")
    await stage.settles()
    (offer,) = [one for one in stage.inbox("luz") if "Acepto" in one.buttons]
    assert "te pide que lo dirijas en su lugar" in stage.text(offer)
    await stage.presses("luz", offer, "Acepto")
    await stage.settles()
    assert any(
        "now. You stay in the team." in stage.text(one) or "leads" in stage.text(one)
        for one in stage.inbox("ada")
    )


async def test_a_member_chooses_another_language(stage):
    said = stage.text(await stage.asks("ada", "/my settings language:es"))
    assert "Tus ajustes" in said or "Español" in said
    assert "Todavía no te has unido" in stage.text(await stage.asks("ada", "/course done"))
    await stage.asks("ada", "/my settings language:auto")
    assert "You have not joined a course yet." in stage.text(await stage.asks("ada", "/course done"))


@pytest.mark.parametrize("hours", ["8 PM to 7 AM", "20:00-07:00", "8pm a 7am", "8 p.m. to 7:00 a.m."])
async def test_quiet_hours_are_read_on_either_clock(stage, hours):
    assert "8:00 PM to 7:00 AM" in stage.text(await stage.asks("ada", f'/my settings quiet:"{hours}"'))


@pytest.mark.only("local", reason="what is offered while typing is the core's")
async def test_what_is_offered_while_typing_leaves_no_language_behind(stage):
    luz = Person(stage.space, "luz", "Luz Marín", locale="es-ES")
    typing = CompletionRequest(luz, stage.place(), "course", "join", "course", "")
    assert await stage.app.dispatcher.complete(typing)
    assert current_locale() == "en_US"
