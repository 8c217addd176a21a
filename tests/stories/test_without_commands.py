"""Nobody has to know a command: after one word to the bot, everything is reached by buttons."""

from __future__ import annotations

import pytest

from bot.chat.menu import Call
from bot.chat.menu_cards import choice_card
from bot.chat.models import Role
from tests.audience.table import COMMANDS
from tests.audience.test_matrix import peopled
from tests.audience.town import Town, buttons, words
from tests.stories.stage import story_menu

EVERYWHERE = pytest.mark.only("local", "slack", "discord", reason="the buttons are what each platform draws")
ROLES = {"member": Role.MEMBER, "lead": Role.MEMBER, "moderator": Role.MODERATOR, "admin": Role.ADMIN}
AT_ONCE = 7
"""Buttons of the menu on one card."""


async def reached(town: Town, who: str) -> tuple[set[str], list[str]]:
    """The commands that buttons lead somebody to from the first word on, and the cards with too many of them."""
    seen, crowded, waiting = {"tilth"}, [], [await town.asks(who, "/tilth")]
    turned: set[str] = set()
    while waiting:
        card = waiting.pop()
        menu = [one for one in buttons(card) if (one.does or one.opens or "").startswith("menu.")]
        if len(menu) > AT_ONCE:
            crowded.append(card.title)
        for one in menu:
            if one.does == "menu.more":
                if one.value not in turned:
                    turned.add(one.value)
                    waiting.append(await town.presses(who, "menu.more", one.value))
                continue
            command = story_menu().find(*split(one.value))
            assert command is not None, one.value
            if command.path not in seen:
                seen.add(command.path)
                if story_menu().below(command):
                    waiting.append(await town.asks(who, f"/{command.path}"))
    return seen, crowded


def split(line: str) -> tuple[str, str]:
    noun, _space, verb = line.partition(" ")
    return noun, verb


@pytest.mark.parametrize("who", ROLES)
async def test_buttons_lead_to_everything_that_somebody_may_do(tmp_path, who):
    async with peopled(tmp_path, secrets=False) as town:
        course = await town.presses(who, "course.join", "c2")
        assert course is not None
        found, crowded = await reached(town, who)
    mine = {one.path for one in story_menu().commands if one.role <= ROLES[who] and not one.repeats}
    if who in ("member", "admin"):
        mine.discard("team leave")  # these two are in no team
    if who == "member":  # who leads no team is not offered what leads do
        mine -= {path for path, rank in COMMANDS.items() if rank == "lead"} | {"team handover"}
    if who != "lead":
        mine.discard("team support")  # what members show is for whoever leads their team
    if who in ("member", "admin"):
        mine.discard("team compare")  # these two are in no team
    if who == "member":
        mine.add("team meet")  # it shows everybody what is planned
    unoffered = {"my back", "my resume"}  # nobody is away, and nobody has stopped anything
    assert found == mine - unoffered
    assert crowded == []


async def test_the_first_card_names_every_noun_and_is_no_wall(tmp_path):
    async with peopled(tmp_path, secrets=False) as town:
        for who, most in (("member", 5), ("admin", 7)):
            card = await town.asks(who, "/tilth")
            assert len(list(buttons(card))) <= most
            assert len(words(card)) < 700


async def test_an_old_button_for_more_shows_the_last_page_that_there_is(tmp_path):
    async with peopled(tmp_path, secrets=False) as town:
        for page in (2, 3, 99):
            card = await town.presses("admin", "menu.more", f"prompt/{page}")
            assert list(buttons(card)), page


@pytest.mark.parametrize("count", [1, 7, 8, 12, 13])
def test_no_page_of_choices_is_empty(count):
    command = story_menu().find("prompt", "pause")
    choices = [(f"s{number}", f"Schedule {number}") for number in range(count)]
    assert list(buttons(choice_card(Call(command, {}), "schedule", "Which one?", choices, 99)))


@EVERYWHERE
async def test_a_moderator_plans_pauses_and_looks_by_pressing_alone(stage):
    home = await stage.asks("mo", "/tilth")
    await stage.presses("mo", home, "Prompts")
    form = await stage.presses("mo", stage.last("mo"), "Plan a prompt")
    preview = await stage.fills_in("mo", form, channel="c1", when="every mon 09:00", closes="4d")
    await stage.presses("mo", preview, "Confirm")
    await stage.presses("mo", home, "Prompts")
    which = await stage.presses("mo", stage.last("mo"), "Pause")
    assert "Which schedule" in stage.text(which)
    [choice] = which.buttons
    assert "paused" in stage.text(await stage.presses("mo", which, choice))


@EVERYWHERE
async def test_a_member_sees_and_changes_their_settings_by_pressing_alone(stage):
    home = await stage.asks("ada", "/tilth")
    await stage.presses("ada", home, "My settings")
    form = await stage.presses("ada", stage.last("ada"), "Reminders and hours")
    assert stage.value(form, "reminders") == "standard"
    said = stage.text(await stage.fills_in("ada", form, reminders="light", quiet="21:00-06:00"))
    assert "Few, at most 1 a week" in said
    assert "21:00 to 06:00" in said
    wrong = await stage.presses("ada", stage.last("ada"), "Reminders and hours")
    assert "quiet" in stage.errors(await stage.fills_in("ada", wrong, quiet="midnightish"))


@EVERYWHERE
async def test_my_data_is_a_page_with_show_export_and_delete(monday):
    stage = monday
    page = await stage.asks("ada", "/my data")
    assert page.buttons[:3] == ("Show", "Export", "Delete")
    assert "who can see it" in stage.text(page)
    assert "tilth-my-data.json" in stage.files(await stage.presses("ada", page, "Export"))
    assert stage.is_form(await stage.presses("ada", page, "Delete"))


async def test_history_rows_can_be_edited_shared_and_deleted(monday):
    stage = monday
    form = await stage.asks("ada", "/reflect answer")
    await stage.fills_in("ada", form, q0="The side gate.", sharing="me")
    history = await stage.asks("ada", "/reflect history")
    assert {"Edit", "Share", "Delete"} <= set(history.buttons)
    assert stage.is_form(await stage.presses("ada", history, "Edit"))
    readers = await stage.presses("ada", history, "Share")
    assert "Everyone in the community can read" in stage.text(await stage.presses("ada", readers, "Everyone"))


async def test_not_this_week_can_be_undone(monday):
    stage = monday
    await stage.presses("ada", stage.prompts()[0], "Not this week")
    undone = await stage.presses("ada", stage.last("ada"), "Undo")
    assert "You take part in" in stage.text(undone)
    assert "Answer" in undone.buttons


async def test_an_unknown_id_is_answered_with_what_there_is(monday):
    stage = monday
    shown = await stage.asks("ada", "/reflect answer p98")
    assert "There is no prompt p98. Open now:" in stage.text(shown)
    assert stage.is_form(await stage.presses("ada", shown, shown.buttons[0]))
    shown = await stage.asks("mo", "/prompt pause s98")
    assert "There is no schedule s98." in stage.text(shown)
    assert "paused" in stage.text(await stage.presses("mo", shown, shown.buttons[0]))


async def test_a_form_in_a_direct_message_is_one_button_away_and_keeps_what_was_said(stage):
    await stage.asks("mo", "/team create North")
    await stage.writes_to_the_bot("mo", "/team rename North")
    shown = stage.inbox("mo")[-1]
    form = await stage.presses("mo", shown, "Open the form")
    assert stage.value(form, "team") == "North"
    assert "North is South now" in stage.title(await stage.fills_in("mo", form, to="South"))
