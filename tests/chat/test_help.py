"""What help shows, to whom, and how a line that is being typed goes on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import help as help_cards
from bot.chat import plain_text
from bot.chat.help import help_card, option_at_cursor, suggest_lines
from bot.chat.menu import Command, Menu, Option, OptionKind
from bot.chat.models import Role
from bot.chat.parsing.command_line import parse_call

SHARE = Option("share", "Who may read it.", OptionKind.CHOICE, choices=("me", "team", "everyone"))
PROMPT = Option("prompt", "Which prompt.", OptionKind.ID, positional=True, letter="p", completes=True)
TEXT = Option("text", "Your answer.", OptionKind.TEXT)
TEAM = Option("team", "Which team.", OptionKind.NAME, required=True, positional=True, completes=True)
WHERE = Option("where", "To which end.", OptionKind.CHOICE, positional=True, choices=("top", "bottom"))
LOUD = Option("loud", "With a ping.", OptionKind.YES_NO)

MENU = Menu(
    (
        Command("reflect", "", "What is open."),
        Command(
            "reflect", "answer", "Answer a prompt.", (PROMPT, SHARE, TEXT), examples=("/reflect answer Hi",)
        ),
        Command("reflect", "history", "Your answers."),
        Command("team", "", "Your team."),
        Command("team", "join", "Join a team.", (TEAM, LOUD)),
        Command("my", "data export", "Your data as a file."),
        Command("my", "data delete", "Erase your data."),
        Command("prompt", "", "The prompts.", role=Role.MODERATOR),
        Command("prompt", "move", "Move a prompt.", (PROMPT, WHERE), Role.MODERATOR, public=True),
        Command("tilth", "", "Everything."),
        Command("tilth", "help", "Help.", (Option("topic", "On what.", OptionKind.TEXT),)),
        Command("tilth", "roles", "Who may do what.", role=Role.ADMIN),
    ),
    {
        "reflect": "Answer prompts.",
        "team": "Work together.",
        "my": "What is yours.",
        "prompt": "The bank of prompts.",
        "tilth": "The bot itself.",
    },
)


def shown(topic: str = "", role: Role = Role.MEMBER) -> str:
    return plain_text.card_text(help_card(MENU, role, topic))


class TestHelp:
    def test_shows_every_noun_with_what_this_person_may_do(self):
        text = shown()
        assert "- **Reflect**: Answer prompts." in text
        assert "[Reflect] [Team]" in text
        assert "Prompt" not in text
        assert "**Prompt**: The bank of prompts." in shown(role=Role.MODERATOR)
        assert "[Reports, calendar and setup]" in shown(role=Role.ADMIN)

    @pytest.mark.parametrize("topic", ["reflect", "/Reflect", " reflect ", "tilth reflect"])
    def test_on_a_noun_shows_its_commands_and_their_buttons(self, topic: str):
        text = shown(topic)
        assert "- `/reflect answer`: Answer a prompt." in text
        assert "[Answer] [History]" in text

    @pytest.mark.parametrize("topic", ["reflect answer", "/reflect ANSWER", "reflect ans"])
    def test_on_a_verb_shows_options_choices_and_examples(self, topic: str):
        text = shown(topic)
        assert "prompt: Which prompt, like p12" in text
        assert "share:: Who may read it: one of me, team, everyone" in text
        assert "- `/reflect answer Hi`" in text
        assert "[Answer]\nEvery member can do this.\nOnly you see the answer." in text

    def test_on_a_moderators_verb_says_so(self):
        text = shown("prompt move", Role.MODERATOR)
        assert "Only moderators can do this.\nEverybody here can see the answer." in text

    def test_on_something_unknown_or_not_allowed_shows_what_there_is(self):
        assert shown("weather").startswith("What I can do\nThere is no such command.")
        assert "Did you mean `/reflect`?" in shown("refelct")
        assert "Did you mean `/reflect answer`?" in shown("reflect anwser")
        assert "Move a prompt" not in shown("prompt move")

    def test_has_examples_for_every_kind_of_card(self):
        assert all(plain_text.card_text(card) for card in help_cards.examples())

    @given(st.text())
    def test_answers_any_topic(self, topic: str):
        assert shown(topic)


def labels(text: str, role: Role = Role.MEMBER) -> list[str]:
    return [one.label for one in suggest_lines(MENU, text, role)]


class TestSuggestions:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("/", ["/reflect", "/team", "/my", "/tilth"]),
            ("/re", ["/reflect"]),
            ("/RE", ["/reflect"]),
            ("/reflect ", ["/reflect answer", "/reflect history"]),
            ("/reflect an", ["/reflect answer"]),
            ("/reflect answer ", ["prompt:", "share:", "-- text"]),
            ("/reflect answer sh", ["share:"]),
            ("/reflect answer share:", ["me", "team", "everyone"]),
            ("/reflect answer share:T", ["team"]),
            ("/reflect answer share:team ", ["prompt:", "-- text"]),
            ("/reflect answer p12 -", ["-- text"]),
            ("/reflect answer -- sh", []),
            ("/reflect answer We tried sh", []),
            ("/my da", ["/my data export", "/my data delete"]),
            ("/my data e", ["/my data export"]),
            ("/team join North ", ["loud:"]),
            ("/team join North loud:", ["yes", "no"]),
            ("/tilth ", ["/tilth help", "/tilth reflect", "/tilth team", "/tilth my"]),
            ("/tilth reflect a", ["/reflect answer"]),
            ("@tilth re", ["/tilth reflect"]),
            ("/prompt mo", []),
            ("/weather ", []),
            ("We tried ", []),
            ("re", []),
            ("", []),
        ],
    )
    def test_say_how_a_line_can_go_on(self, text: str, expected: list[str]):
        assert labels(text) == expected

    def test_offer_choices_where_no_name_is_needed(self):
        assert labels("/prompt move p12 ", Role.MODERATOR) == ["top", "bottom", "where:"]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("/re", "/reflect "),
            ("/tilth re", "/tilth reflect "),
            ("/my data e", "/my data export "),
            ("/reflect answer p12 sh", "/reflect answer p12 share:"),
            ("/reflect answer share:te", "/reflect answer share:team "),
            ("/reflect answer p12 ", "/reflect answer p12 share:"),
        ],
    )
    def test_insert_the_whole_line(self, text: str, line: str):
        assert suggest_lines(MENU, text, Role.MEMBER)[0].insert == line

    @given(st.sampled_from([c.path for c in MENU.commands]), st.text())
    def test_never_fail_and_always_go_on_from_what_was_typed(self, path: str, text: str):
        for typed in (text, f"/{path} {text}", f"/{path}{text}"):
            suggest_lines(MENU, typed, Role.ADMIN)
            option_at_cursor(MENU, typed)


class TestTheCursorAtAValue:
    @pytest.mark.parametrize(
        ("text", "option", "partial"),
        [
            ("/reflect answer ", "prompt", ""),
            ("/reflect answer wait", "prompt", "wait"),
            ("/reflect answer prompt:wa", "prompt", "wa"),
            ('/reflect answer prompt:"wait ti', "prompt", "wait ti"),
            ("/reflect answer share:team p", "prompt", "p"),
            ("/team join “North St", "team", "North St"),
            ("/team join North St", "team", "North St"),
        ],
    )
    def test_is_found_with_what_has_been_typed_of_it(self, text: str, option: str, partial: str):
        typed = option_at_cursor(MENU, text)
        assert typed is not None
        assert (typed.option.name, typed.partial) == (option, partial)

    @pytest.mark.parametrize(
        "text",
        ["/reflect answer share:", "/reflect answer p12 ", "/reflect answer -- p", "/reflect an", "p12", ""],
    )
    def test_is_not_found_where_the_core_has_nothing_to_offer(self, text: str):
        assert option_at_cursor(MENU, text) is None

    def test_carries_what_the_line_says_so_far(self):
        typed = option_at_cursor(MENU, "/reflect answer share:team p")
        assert typed is not None
        assert typed.values == {"share": "team"}

    @pytest.mark.parametrize(
        "text",
        [
            "/team join No",
            "/team join North S",
            '/team join "North S',
            "/team join team:No",
            "/team join team:“N",
        ],
    )
    def test_takes_a_value_so_that_the_line_is_understood(self, text: str):
        typed = option_at_cursor(MENU, text)
        assert typed is not None
        assert parse_call(MENU, "", typed.taking("North Star")).values == {"team": "North Star"}
