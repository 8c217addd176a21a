"""In which language somebody reads what the bot says: their own; a deck's; the community's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat.events import CompletionRequest
from bot.chat.language import current_locale, speaking
from bot.chat.models import Person
from bot.discussions.examples import PLAN
from bot.people.preferences import preferences
from bot.people.tables import member
from bot.scheduled_posts.drafts import state_of
from bot.scheduled_posts.examples import example_date
from bot.settings.model import CommunitySettings
from tests.stories.stage import staged
from tests.stories.test_meetings import MEETING


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


async def test_what_moderators_are_told_is_in_the_language_of_their_community(stage):
    await stage.asks("mo", "/team create North")
    for who in ("ada", "ben"):
        await stage.asks("mo", f"/team add @{who} North")
    await stage.asks("mo", "/team lead @ada North")
    await stage.asks("ada", "/my settings language:es")
    assert "Saliste de" in stage.text(await stage.asks("ada", "/team leave North"))
    await stage.later(minutes=1)
    assert "The lead of North has left" in stage.plain(stage.inbox("mo")[-1])
    await stage.asks("ida", "/my settings language:es")
    assert "dirige" in stage.text(await stage.asks("ida", "/team lead @ben North"))
    await stage.later(minutes=1)
    assert "leads North now" in stage.plain(stage.inbox("mo")[-1])


async def test_a_discussion_is_in_the_language_of_its_community_whoever_answers(stage):
    await stage.asks("ida", "/my settings language:es")
    assert "Próximas fechas" in stage.text(await stage.asks("ida", MEETING))
    await stage.presses("ida", stage.last("ida"), "Confirmar")
    ahead = stage.text(await stage.asks("ida", "/discuss now d1"))
    assert "Open until" in ahead
    assert "Abierta hasta" not in ahead
    await stage.until("2026-10-08 16:01")
    [post] = stage.room()
    await stage.presses("ida", post, "I'm coming")
    await stage.later(minutes=1)
    shown = stage.text(stage.room()[0])
    assert "1 of 2 seats" in shown
    assert "Open until" in shown
    assert "d1 está en pausa." in stage.text(await stage.asks("ida", "/discuss pause d1"))
    resumed = stage.text(await stage.asks("ida", "/discuss resume d1"))
    assert "d1 continúa. La próxima conversación llega el" in resumed
    await stage.asks("ida", "/discuss skip d1")
    assert "omitida (moderación la omitió)" in stage.text(await stage.asks("ida", "/discuss list"))


async def test_a_spanish_community_reads_its_discussions_and_why_one_was_skipped_in_spanish(tmp_path):
    async with staged(tmp_path, zone="America/Chicago", community=CommunitySettings(language="es")) as stage:
        await stage.asks("mo", "/my settings language:es")
        line = '/discuss schedule #staffroom "thu 16:00" title:"Semana {week}: {topic}" repeat:weekly closes:6d dry:skip'
        await stage.asks("mo", line)
        await stage.presses("mo", stage.last("mo"), "Confirmar")
        await stage.asks("mo", "/discuss topics d1 add -- La espera")
        await stage.until("2026-10-08 16:01")
        [post] = stage.room()
        assert "Semana 41: La espera" in stage.text(post)
        assert "Abierta hasta:" in stage.text(post)
        await stage.until("2026-10-15 16:01")
        assert any("Su lista de temas está vacía" in stage.text(one) for one in stage.inbox("mo"))
        # The reason is stored once, and read in the language of whoever reads it.
        await stage.asks("mo", "/discuss skip d1")
        assert "ya no quedan temas" in stage.text(await stage.asks("mo", "/discuss list days:14"))
        assert "no topic is left" in stage.text(await stage.asks("ida", "/discuss list days:14"))


def test_what_the_audit_log_keeps_of_a_schedule_is_the_same_in_every_language():
    schedule = example_date("discussion", "d4", PLAN.title, PLAN.to_details()).schedule
    with speaking("es_US"):
        in_spanish = state_of(schedule)
    assert in_spanish == state_of(schedule)


async def test_a_member_chooses_another_language(stage):
    said = stage.text(await stage.asks("ada", "/my settings language:es"))
    assert "Tus ajustes" in said or "Español" in said
    assert "Todavía no te has unido" in stage.text(await stage.asks("ada", "/course done"))
    await stage.asks("ada", "/my settings language:auto")
    assert "You have not joined a course yet." in stage.text(await stage.asks("ada", "/course done"))


@pytest.mark.parametrize(
    "hours",
    [
        "8 PM to 7 AM",
        "20:00-07:00",
        "8pm a 7am",
        "8 p.m. to 7:00 a.m.",
        "de 8:00 p.m. a 7:00 a.m.",
        "de 8:00 p.\xa0m. a 7:00 a.\xa0m.",
        "de 20:00 a 7:00",
    ],
)
async def test_quiet_hours_are_read_on_either_clock(stage, hours):
    assert "8:00 PM to 7:00 AM" in stage.text(await stage.asks("ada", f'/my settings quiet:"{hours}"'))


async def test_a_receipt_says_who_reads_an_answer_in_the_members_language(monday):
    stage = monday
    await stage.asks("ada", "/my settings language:es")
    receipt = await stage.asks("ada", "/reflect answer Preguntamos primero.")
    assert "Solo tú puedes leer esta respuesta." in stage.text(receipt)
    assert "Yo y moderación" in stage.options(stage.last("ada"), "Quién puede leer esto")
    shared = await stage.chooses("ada", stage.last("ada"), "Quién puede leer esto", "Mi equipo")
    assert "Todavía no estás en ningún equipo" in stage.text(shared)


async def test_what_a_moderator_decides_is_told_to_the_author_in_the_authors_language(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.asks("ada", "/my settings language:es")
    await stage.says("ada", "It was the caretaker.", thread=prompt)
    form = await stage.asks("mo", "/reflect hide a1")
    await stage.fills_in("mo", form, reason="private")
    await stage.later(minutes=11)
    [told] = [one for one in stage.inbox("ada") if "Moderación ocultó tu respuesta" in stage.text(one)]
    assert "Editar" in told.buttons
    assert "a1 to A door held open · hidden" in stage.text(await stage.asks("mo", "/reflect hide")).replace(
        "*", ""
    )
    await stage.presses("mo", stage.last("mo"), "Show again")
    await stage.later(minutes=11)
    assert any("Moderación muestra otra vez tu respuesta" in stage.text(one) for one in stage.inbox("ada"))


async def test_moderators_hear_of_a_report_in_the_language_of_the_community(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.asks("ben", "/my settings language:es")
    await stage.says("ada", "It was the caretaker.", thread=prompt)
    form = await stage.asks("ben", "/reflect report a1")
    await stage.fills_in("ben", form, reason="Es hiriente con alguien")
    await stage.settles()
    [alert] = [one for one in stage.inbox("mo") if "It is unkind to somebody" in stage.text(one)]
    assert "An answer was reported" in stage.text(alert)
    await stage.asks("ida", "/my settings language:es")
    await stage.asks("ida", "/reflect hide")
    await stage.presses("ida", stage.last("ida"), "Dejarla como está")
    await stage.settles()
    assert any("a moderator left it as it is" in stage.text(one) for one in stage.inbox("mo"))


async def test_a_direct_prompt_of_a_deck_without_language_is_framed_in_the_members(stage):
    await stage.asks("ada", "/my settings language:es")
    form = await stage.asks("mo", "/prompt add deck:ours")
    await stage.fills_in("mo", form, question="Who held the door?")
    await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 deck:ours to:dm")
    await stage.presses("mo", stage.last("mo"), "Confirm")
    for until, ada, ben in (
        ("2026-10-05 15:01", "Abierta hasta:", "Open until"),  # 09:01 in Chicago
        ("2026-10-12 09:01", "Esta pregunta está cerrada.", "This prompt is closed."),
    ):
        await stage.until(until)
        framed = {who: stage.text(stage.inbox(who)[-1]) for who in ("ada", "ben")}
        assert all("Who held the door?" in one for one in framed.values())
        assert (ada in framed["ada"], ben in framed["ben"]) == (True, True)


@pytest.mark.parametrize("hours", ["17:00-08:00", "ninguna"])
async def test_a_form_that_is_saved_as_it_was_shown_chooses_nothing(stage, hours):
    await stage.joins("luz", "Luz Marín", locale="es-MX")
    await stage.asks("luz", f"/my settings quiet:{hours}")
    settings = await stage.asks("luz", "/my")
    before = await stage.app.store.read(_chosen)
    hours_form = await stage.presses("luz", settings, "Recordatorios y horarios")
    assert "Guardado" in stage.text(await stage.fills_in("luz", hours_form))
    privacy_form = await stage.presses("luz", settings, "Respuestas y privacidad")
    assert "Guardado" in stage.text(await stage.fills_in("luz", privacy_form))
    assert await stage.app.store.read(_chosen) == before


async def test_a_form_names_what_is_wrong_at_its_own_field_and_saves_nothing(stage):
    form = await stage.presses("ada", await stage.asks("ada", "/my"), "Reminders and hours")
    wrong = await stage.fills_in("ada", form, zone="Denver", quiet="midnightish")
    assert set(stage.errors(wrong)) == {"quiet"}
    form = await stage.amends("ada", wrong)
    wrong = await stage.fills_in("ada", form, zone="Nowhere at all", quiet="20:00-07:00")
    assert set(stage.errors(wrong)) == {"zone"}
    assert "Denver" not in stage.text(await stage.asks("ada", "/my"))


async def test_saving_a_form_does_not_undo_a_stop(stage):
    await stage.asks("ada", "/my stop")
    form = await stage.presses("ada", await stage.asks("ada", "/my"), "Reminders and hours")
    assert stage.value(form, "reminders") == "off"
    assert "Stopped" in stage.text(await stage.fills_in("ada", form, quiet="20:00-07:00"))
    form = await stage.presses("ada", await stage.asks("ada", "/my"), "Reminders and hours")
    assert "Stopped" not in stage.text(await stage.fills_in("ada", form, reminders="standard"))


def _chosen(conn):
    """What members chose, as it is stored."""
    who = (member.c.name, member.c.zone, member.c.sharing, member.c.help, member.c.keeps, member.c.language)
    of = preferences.c
    wishes = (of.member_id, of.reminders, of.quiet_from, of.quiet_to, of.direct, of.progress)
    return [
        [tuple(row) for row in conn.execute(select(*columns).order_by(columns[0]))]
        for columns in (who, wishes)
    ]


async def test_a_suggestion_and_what_becomes_of_it_are_told_in_each_readers_language(stage):
    await stage.asks("ada", "/my settings language:es")
    thanks = stage.text(await stage.asks("ada", "/reflect suggest -- ¿Quién te hizo reír?"))
    assert "Moderación la va a revisar" in thanks
    await stage.settles()
    assert "A member suggested a prompt." in stage.text(stage.inbox("mo")[-1])
    await stage.asks("mo", "/my settings language:es")
    await stage.asks("ada", "/my settings language:en")
    await stage.asks("mo", "/prompt review")
    decided = await stage.presses("mo", stage.last("mo"), "Acepto")
    assert "sugerida por un miembro" in stage.text(decided)
    await stage.settles()
    assert "The moderators took your suggestion as it is." in stage.text(stage.inbox("ada")[-1])
    assert any("Every suggestion is decided." in stage.text(one) for one in stage.inbox("mo"))


@pytest.mark.only("local", reason="what is offered while typing is the core's")
async def test_what_is_offered_while_typing_leaves_no_language_behind(stage):
    luz = Person(stage.space, "luz", "Luz Marín", locale="es-ES")
    typing = CompletionRequest(luz, stage.place(), "course", "join", "course", "")
    assert await stage.app.dispatcher.complete(typing)
    assert current_locale() == "en_US"
