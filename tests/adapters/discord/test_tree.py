"""The menu becomes commands that Discord takes, and their options come back as the menu's values."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import discord
import pytest

from adapters.discord import command_tree, given_options
from bot.chat.menu import Command, Menu, Option, OptionKind, Shortcut
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.time.rules import Weekly
from bot.playground.bare_app import bare_menu
from tests.contract.door import EVERY_KIND, MENU
from tests.fakes.discord.command_limits import check_commands
from tests.stories.stage import settings_for


async def nothing(*_):
    return ()


def empty():
    return command_tree.make_tree(discord.Client(intents=discord.Intents.none()))


def planted(menu):
    made = empty()
    command_tree.add_commands(made, menu, nothing, nothing, nothing)
    return made


def fingerprint(menu):
    return command_tree.add_commands(empty(), menu, nothing, nothing, nothing)


def leaf(made, *path):
    [node] = [one for one in command_tree.sync_payload(made) if one["name"] == path[0]]
    for name in path[1:]:
        [node] = [one for one in node["options"] if one["name"] == name]
    return node


def test_the_real_menu_is_within_every_limit(tmp_path):
    check_commands(command_tree.sync_payload(planted(bare_menu(settings_for(tmp_path)))))


def test_descriptions_are_told_in_every_language_and_names_in_one(tmp_path):
    made = planted(bare_menu(settings_for(tmp_path)))
    home = leaf(made, "prompt", "home")
    assert home["description"] == "What is due"
    assert home["description_localizations"] == dict.fromkeys(("es-ES", "es-419"), "Lo que viene")
    assert not home["name_localizations"]
    options = {one["name"]: one for one in leaf(made, "my", "settings")["options"]}
    assert "Chicago" in options["zone"]["description_localizations"]["es-ES"]
    assert options["zone"]["description_localizations"]["es-ES"] != options["zone"]["description"]


def test_every_kind_of_option_has_its_own_type():
    made = planted(MENU)
    check_commands(command_tree.sync_payload(made))
    kinds = {one["name"]: one["type"] for one in leaf(made, "try", "all")["options"]}
    text, whole, truth, user, channel = 3, 4, 5, 6, 7
    assert kinds == {
        "word": text, "number": whole, "sure": truth, "color": text, "item": text, "who": user, "where": channel, "when": text,
        "day": text, "span": text, "rhythm": text, "length": text, "zone": text, "text": text,
    }  # fmt: skip
    options = {one["name"]: one for one in leaf(made, "try", "all")["options"]}
    assert [one["value"] for one in options["color"]["choices"]] == ["red", "green", "blue"]
    assert options["item"]["autocomplete"]
    assert options["zone"]["autocomplete"]
    assert options["where"]["channel_types"] == [0, 5, 15]
    assert "fri 09:00" in options["when"]["description"]


def test_commands_are_there_in_servers_and_in_direct_messages_with_the_bot_only():
    for command in command_tree.sync_payload(planted(MENU)):
        assert (command["contexts"], command["integration_types"]) == ([0, 1], [0])


def menu(*commands, shortcuts=()):
    return Menu(commands, {one.noun: "About it." for one in commands}, shortcuts)


def test_a_bare_noun_is_a_subcommand_and_a_noun_without_verbs_is_a_command():
    home, verb = Command("try", "", "Home."), Command("try", "now", "Now.")
    assert {one["name"] for one in leaf(planted(menu(home, verb)), "try")["options"]} == {"home", "now"}
    taken = Command("try", "home", "Taken.")
    assert {one["name"] for one in leaf(planted(menu(home, taken)), "try")["options"]} == {"show", "home"}
    assert leaf(planted(menu(home)), "try")["type"] == 1
    assert leaf(planted(menu(home)), "try")["options"] == []


def test_a_verb_of_two_words_is_a_group_unless_the_first_is_a_verb_itself():
    both = planted(menu(Command("my", "data export", "Out."), Command("my", "data delete", "Gone.")))
    assert [one["name"] for one in leaf(both, "my", "data")["options"]] == ["export", "delete"]
    check_commands(command_tree.sync_payload(both))
    clash = planted(menu(Command("my", "data", "All."), Command("my", "data export", "Out.")))
    assert {one["name"] for one in leaf(clash, "my")["options"]} == {"data", "data-export"}
    check_commands(command_tree.sync_payload(clash))


def test_nothing_is_required_because_what_is_missing_is_asked_for():
    need = (Option("later", "Not needed."), Option("from", "From when.", OptionKind.DAY, required=True))
    made = leaf(
        planted(menu(Command("try", "one", "One.", need), Command("try", "two", "Two."))), "try", "one"
    )
    assert not any(one["required"] for one in made["options"])
    command = Command("try", "one", "One.", need)
    assert given_options.may_open(command, {"later": "now"})
    assert not given_options.may_open(command, {"from": "fri"})


def test_long_words_are_cut_to_what_discord_shows():
    long = Command("try", "one", "Words " * 40, (Option("a", "More words " * 40, OptionKind.WHEN),))
    check_commands(command_tree.sync_payload(planted(menu(long))))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (menu(*[Command("try", f"v{n}", "X.") for n in range(26)]), "26 verbs"),
        (menu(Command("try", "one", "X.", tuple(Option(f"o{n}", "X.") for n in range(26)))), "26 options"),
        (menu(Command("try", "one", "X.", (Option("c", "X.", OptionKind.CHOICE, choices=tuple(map(str, range(26)))),))), "26 choices"),
        (menu(Command("try", "one", "X."), shortcuts=tuple(Shortcut(f"s{n}", f"S{n}", "X.") for n in range(6))), "6 shortcuts"),
        (menu(*[Command("try", f"v{n}", "x" * 100, tuple(Option(f"o{m}", "y" * 99) for m in range(10))) for n in range(10)]), "characters"),
        (menu(Command("try", "Äpfel!", "X."), Command("try", "one", "X.")), "cannot be the name"),
    ],
)  # fmt: skip
def test_what_is_over_a_limit_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        planted(wrong)


def test_twenty_five_of_everything_fit():
    full = menu(
        *[Command("try", f"v{n}", "X.", tuple(Option(f"o{m}", "X.") for m in range(25))) for n in range(25)]
    )
    check_commands(command_tree.sync_payload(planted(full)))


def test_the_fingerprint_changes_with_the_commands_and_with_nothing_else():
    one, same = fingerprint(MENU), fingerprint(MENU)
    other = replace(MENU, commands=(replace(MENU.commands[0], summary="Take anything."), *MENU.commands[1:]))
    assert one == same
    assert one != fingerprint(other)
    turned = replace(MENU, commands=MENU.commands, nouns=dict(reversed(MENU.nouns.items())))
    assert one == fingerprint(turned)


def test_typed_options_become_the_values_of_the_menu():
    given = {
        "word": "two words", "number": 14, "sure": False, "color": "green", "item": "p12", "who": "1759", "where": "42",
        "when": "fri 09:00", "day": "19 dec", "span": "19 dec to 5 jan", "rhythm": "every mon 09:00", "length": "6d",
        "zone": "europe/dublin", "text": "We *tried* -- & 5 > 3", "other": None,
    }  # fmt: skip
    call = given_options.read_call(MENU.commands[0], given)
    options = {one.name: one for one in EVERY_KIND}
    assert call.values["word"] == "two words"
    assert (call.values["number"], call.values["sure"], call.values["color"]) == (14, False, "green")
    assert (call.values["who"], call.values["where"], call.values["item"]) == ("1759", "42", 12)
    assert call.values["rhythm"] == (Weekly(1, (0,), time(9)), None)
    assert call.values["length"] == timedelta(days=6)
    assert call.values["zone"] == "Europe/Dublin"
    assert call.values["text"] == "We *tried* -- & 5 > 3"
    assert call.values["when"] == read_option(options["when"], "fri 09:00")
    assert call.missing == ()
    assert call.line.startswith('/try all word:"two words" number:14 sure:no color:green item:p12')
    assert call.line.endswith("-- We *tried* -- & 5 > 3")


def test_discords_own_way_of_writing_a_time_is_understood():
    call = given_options.read_call(MENU.commands[0], {"when": "<t:1791187200:F>"})
    assert call.values["when"] == read_option(EVERY_KIND[7], "2026-10-05 08:00 UTC")
    with pytest.raises(Refusal):
        given_options.read_call(MENU.commands[0], {"when": "<t:99999999999999:F>"})


def test_what_cannot_be_read_comes_back_with_the_line():
    with pytest.raises(Refusal) as refused:
        given_options.read_call(MENU.commands[0], {"when": "whenever", "text": "My own words."})
    assert refused.value.returning == "/try all when:whenever -- My own words."
    assert refused.value.problem


def test_what_is_required_and_not_given_is_missing():
    assert given_options.read_call(MENU.commands[1], {"number": None}).missing == ("number",)


def test_a_box_in_quotes_is_one_name_and_any_other_may_hold_two():
    assert given_options.read_call(MENU.commands[0], {"text": "Old Name"}).loose == {"text"}
    assert given_options.read_call(MENU.commands[0], {"text": "“Old Name”"}).loose == frozenset()


def test_zones_are_offered_while_they_are_typed():
    assert ("Europe/Dublin", "Europe/Dublin") in command_tree.complete_zone("dublin")
    assert len(command_tree.complete_zone("")) <= 25
