"""How lines of text become commands: the example table of the design first, then everything around it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.menu import Call, Command, Menu, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.bare_line import command_line_in
from bot.chat.parsing.command_line import NOBODY, parse_call, read_option
from bot.chat.parsing.tokens import readable_text
from bot.chat.time.moment_parser import AtLocal, MonthlyNth, WeekDay, Weekly, YearDay
from bot.loose_names import find_loose_name

SHARING = ("me", "moderators", "team", "everyone")


def opt(
    name: str, kind: OptionKind = OptionKind.WORD, *choices: str, needed: bool = False, letter: str = ""
) -> Option:
    """An option that is written with its name."""
    return Option(name, f"The {name}.", kind, required=needed, choices=choices, letter=letter)


def pos(
    name: str, kind: OptionKind = OptionKind.WORD, *choices: str, needed: bool = False, letter: str = ""
) -> Option:
    """An option that may be written without its name."""
    return Option(name, f"The {name}.", kind, needed, True, choices, letter, completes=bool(letter))


def cmd(path: str, *options: Option, role: Role = Role.MEMBER, opens: bool = False) -> Command:
    noun, _, verb = path.partition(" ")
    return Command(noun, verb, f"What {path} does.", options, role, opens)


PROMPT = pos("prompt", OptionKind.ID, letter="p")
TEXT = opt("text", OptionKind.TEXT)
SHARE = opt("share", OptionKind.CHOICE, *SHARING)
COURSE = pos("course", OptionKind.ID, letter="c")
LESSON = pos("lesson", OptionKind.ID, letter="c.", needed=True)
ANSWER = pos("answer", OptionKind.ID, letter="a", needed=True)
SCHEDULE = pos("schedule", OptionKind.ID, letter="s", needed=True)
DISCUSSION = pos("discussion", OptionKind.ID, letter="d", needed=True)
CHANNEL = pos("channel", OptionKind.CHANNEL, needed=True)
TEAM = replace(pos("team", OptionKind.NAME, needed=True), completes=True)
MEMBER = pos("member", OptionKind.MEMBER, needed=True)
MOD, ADMIN = Role.MODERATOR, Role.ADMIN

MENU = Menu(
    (
        cmd("reflect"),
        cmd("reflect now"),
        cmd("reflect answer", PROMPT, SHARE, opt("anonymous", OptionKind.YES_NO), TEXT, opens=True),
        cmd(
            "reflect history",
            opt("since", OptionKind.DAY),
            opt("course", OptionKind.ID, letter="c"),
            opt("find"),
        ),
        cmd("reflect edit", ANSWER, opens=True),
        cmd("reflect share", ANSWER, pos("with", OptionKind.CHOICE, *SHARING, needed=True)),
        cmd("reflect delete", ANSWER),
        cmd("reflect suggest", opt("deck"), TEXT, opens=True),
        cmd("course"),
        cmd("course list"),
        cmd("course join", COURSE),
        cmd("course progress", COURSE),
        cmd("course done", LESSON, opt("note", OptionKind.TEXT)),
        cmd("course pause", opt("until", OptionKind.DAY)),
        cmd("course resume"),
        cmd("course extend", LESSON, pos("by", OptionKind.DURATION, needed=True)),
        cmd("team"),
        cmd("team join", TEAM),
        cmd("team leave"),
        cmd("team list"),
        cmd("team progress", pos("team", OptionKind.NAME), COURSE, opt("loud", OptionKind.YES_NO)),
        cmd("team create", TEAM, role=MOD),
        cmd("team rename", TEAM, pos("to", OptionKind.NAME, needed=True), role=MOD),
        cmd("team plan", pos("team", OptionKind.NAME), opt("part"), TEXT, opens=True),
        cmd("team add", MEMBER, pos("team", OptionKind.NAME), role=MOD),
        cmd("team remove", MEMBER, role=MOD),
        cmd("my"),
        cmd("my settings", opens=True),
        cmd("my away", pos("dates", OptionKind.SPAN, needed=True), opens=True),
        cmd("my back"),
        cmd("my data export"),
        cmd("my data delete"),
        cmd("my data mirror"),
        cmd("my link", pos("code")),
        cmd("prompt"),
        *(cmd(f"prompt {verb}", role=MOD) for verb in ("add", "import", "edit", "list", "review", "queue")),
        cmd("prompt retire", pos("prompt", OptionKind.ID, needed=True, letter="p"), role=MOD),
        cmd(
            "prompt schedule",
            CHANNEL,
            pos("rule", OptionKind.RHYTHM, needed=True),
            opt("deck"),
            opt("closes", OptionKind.DURATION),
            opt("to", OptionKind.CHOICE, "channel", "dm"),
            role=MOD,
            opens=True,
        ),
        cmd(
            "prompt move",
            pos("prompt", OptionKind.ID, needed=True, letter="p"),
            pos("where", OptionKind.CHOICE, "top", "bottom"),
        ),
        *(cmd(f"prompt {verb}", SCHEDULE, role=MOD) for verb in ("skip", "unskip", "pause", "resume", "now")),
        cmd("discuss"),
        cmd(
            "discuss schedule",
            CHANNEL,
            pos("when", OptionKind.WHEN, needed=True),
            opt("title"),
            opt("repeat", OptionKind.CHOICE, "weekly", "monthly"),
            opt("tags"),
            opt("closes", OptionKind.DURATION),
            TEXT,
            role=MOD,
            opens=True,
        ),
        cmd("discuss list", opt("days", OptionKind.NUMBER)),
        *(cmd(f"discuss {verb}", DISCUSSION) for verb in ("edit", "skip", "pause", "cancel", "approve")),
        cmd("report", role=MOD),
        cmd("report week", opt("to", OptionKind.CHANNEL), role=MOD),
        cmd("report waiting", role=MOD),
        cmd(
            "report export",
            opt("format", OptionKind.CHOICE, "csv", "json"),
            opt("since", OptionKind.DAY),
            role=MOD,
        ),
        cmd("report search", opt("words", OptionKind.TEXT, needed=True), role=MOD),
        cmd("tilth"),
        *(cmd(f"tilth {verb}", role=ADMIN) for verb in ("setup", "doctor", "roles", "calendar", "audit")),
        cmd("tilth connect", pos("code"), role=ADMIN),
        cmd("tilth export", role=ADMIN),
        cmd("tilth help", opt("topic", OptionKind.TEXT)),
    ),
    {
        noun: f"All about {noun}."
        for noun in ("reflect", "course", "team", "my", "prompt", "discuss", "report", "tilth")
    },
)


@dataclass(frozen=True, slots=True)
class School:
    """The names of one community."""

    def member(self, text: str) -> str | None:
        return {"ada": "U1", "ada quinn": "U1", "ben": "U2"}.get(text.casefold())

    def channel(self, text: str) -> str | None:
        return {"staffroom": "C1", "x": "C2", "mods": "C3"}.get(text.casefold())

    def group(self, text: str) -> str:
        return text


def ask(line: str) -> Call:
    """What a whole line with its noun means in the school."""
    noun, _, rest = line.partition(" ")
    return parse_call(MENU, noun, rest, School())


def refused(line: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        ask(line)
    return caught.value


MONDAY_NINE = Weekly(1, (0,), time(9))
THURSDAY_FOUR = AtLocal(WeekDay(3), time(16))

EXAMPLES = [
    ("/reflect", "reflect", {}),
    ("/reflect now", "reflect now", {}),
    ("/REFLECT Now", "reflect now", {}),
    (
        "/reflect answer p12 share:team -- We tried wait time.",
        "reflect answer",
        {"prompt": 12, "share": "team", "text": "We tried wait time."},
    ),
    ("/reflect answer We tried wait time.", "reflect answer", {"text": "We tried wait time."}),
    ("/my away 19 dec to 5 jan", "my away", {"dates": (YearDay(12, 19), YearDay(1, 5))}),
    (
        "/prompt schedule #staffroom every mon 09:00 deck:weekly",
        "prompt schedule",
        {"channel": "C1", "rule": (MONDAY_NINE, None), "deck": "weekly"},
    ),
    (
        "/discuss schedule <#C1|book-club> “thu 16:00” title:“Week {week}”",
        "discuss schedule",
        {"channel": "C1", "when": (THURSDAY_FOUR, None), "title": "Week {week}"},
    ),
    ("/course prog", "course progress", {}),
    ("/course progress c9", "course progress", {"course": 9}),
    (
        "/prompt schedule #x every sun 01:30 Europe/Dublin",
        "prompt schedule",
        {"channel": "C2", "rule": (Weekly(1, (6,), time(1, 30)), "Europe/Dublin")},
    ),
    ("/report export", "report export", {}),
]

FROM_THE_TABLE_OF_COMMANDS = [
    ("/reflect answer anonymous:yes", "reflect answer", {"anonymous": True}),
    ("/reflect answer P12", "reflect answer", {"prompt": 12}),
    (
        "/reflect history since:19 dec course:c1 find:wait",
        "reflect history",
        {"since": YearDay(12, 19), "course": 1, "find": "wait"},
    ),
    ("/reflect edit a301", "reflect edit", {"answer": 301}),
    ("/reflect share a301 everyone", "reflect share", {"answer": 301, "with": "everyone"}),
    ("/reflect share a301 EVERY", "reflect share", {"answer": 301, "with": "everyone"}),
    (
        "/reflect suggest deck:weekly -- What now?",
        "reflect suggest",
        {"deck": "weekly", "text": "What now?"},
    ),
    (
        "/course done c1.2 -- note: all of us",
        "course done",
        {"lesson": "1.2", "note": "note: all of us"},
    ),
    ("/course pause until:2026-12-19", "course pause", {"until": date(2026, 12, 19)}),
    ("/course extend c1.3 1w", "course extend", {"lesson": "1.3", "by": timedelta(weeks=1)}),
    ("/team progress North c1", "team progress", {"team": "North", "course": 1}),
    ("/team progress c1", "team progress", {"course": 1}),
    ('/team progress "c1"', "team progress", {"team": "c1"}),
    ("/team add @Ada Quinn North", "team add", {"member": "U1", "team": "North"}),
    ("/team add <@U7|grace> North", "team add", {"member": "U7", "team": "North"}),
    ("/team add ben", "team add", {"member": "U2"}),
    ("/my data export", "my data export", {}),
    ("/my link 4711", "my link", {"code": "4711"}),
    ("/prompt move p12 top", "prompt move", {"prompt": 12, "where": "top"}),
    ("/prompt pause s3", "prompt pause", {"schedule": 3}),
    (
        '/prompt schedule #staffroom "every mon 09:00 europe/dublin" closes:6d to:dm',
        "prompt schedule",
        {"channel": "C1", "rule": (MONDAY_NINE, "Europe/Dublin"), "closes": timedelta(days=6), "to": "dm"},
    ),
    (
        "/prompt schedule first mon of month 09:00 #staffroom",
        "prompt schedule",
        {"channel": "C1", "rule": (MonthlyNth(1, 1, 0, time(9)), None)},
    ),
    (
        '/discuss schedule #staffroom thu 16:00 title:"Week {week}: {topic}" repeat:weekly closes:6d -- Welcome!',
        "discuss schedule",
        {
            "channel": "C1",
            "when": (THURSDAY_FOUR, None),
            "title": "Week {week}: {topic}",
            "repeat": "weekly",
            "closes": timedelta(days=6),
            "text": "Welcome!",
        },
    ),
    ("/discuss list days:14", "discuss list", {"days": 14}),
    ("/report week to:#mods", "report week", {"to": "C3"}),
    ("/report week to: #mods", "report week", {"to": "C3"}),
    ("/report search wait time", "report search", {"words": "wait time"}),
    ("/tilth help reflect answer", "tilth help", {"topic": "reflect answer"}),
]


@pytest.mark.parametrize(("line", "path", "values"), [*EXAMPLES, *FROM_THE_TABLE_OF_COMMANDS])
def test_a_line_means_what_the_table_of_commands_says(line: str, path: str, values: dict[str, object]):
    call = ask(line)
    assert call.command.path == path
    assert call.values == values


def values(refusal: Refusal) -> list[str]:
    """The lines that the buttons of a refusal stand for."""
    return [button.value for button in refusal.buttons]


SCHOOL = "Lincoln Middle School"


class TestANameOfSeveralWords:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("/team join Lincoln Middle School", {"team": SCHOOL}),
            ("/team join “Lincoln Middle School”", {"team": SCHOOL}),
            ("/team join team:Lincoln Middle School", {"team": SCHOOL}),
            ("/team join St. Mary’s", {"team": "St. Mary's"}),
            ("/team progress Lincoln Middle School c2", {"team": SCHOOL, "course": 2}),
            ("/team progress c2 Lincoln Middle School", {"team": SCHOOL, "course": 2}),
            ("/team progress team:Lincoln Middle School c2", {"team": SCHOOL, "course": 2}),
            ("/team progress Lincoln Middle School loud:yes", {"team": SCHOOL, "loud": True}),
            ("/team progress c2", {"course": 2}),
            ("/team add @Ada Quinn Lincoln Middle School", {"member": "U1", "team": SCHOOL}),
            ("/team add Lincoln Middle School @Ada Quinn", {"member": "U1", "team": SCHOOL}),
            ("/team rename team:Lincoln Middle School to:Harbor", {"team": SCHOOL, "to": "Harbor"}),
            ("/team plan Lincoln Middle School -- We count.", {"team": SCHOOL, "text": "We count."}),
            ("/team plan team:North We count.", {"team": "North", "text": "We count."}),
        ],
    )
    def test_needs_no_quotes(self, line: str, expected: dict[str, object]):
        assert ask(line).values == expected

    def test_is_divided_where_another_name_begins(self):
        call = ask("/team rename Lincoln Middle School Harbor High")
        loose = find_loose_name(call)
        assert loose is not None
        [way] = loose.divide(call, ["lincoln  middle school", "North"])
        assert (way.values, way.missing) == ({"team": SCHOOL, "to": "Harbor High"}, ())
        both = loose.divide(call, ["Lincoln", "Lincoln Middle School"])
        assert [one.values["team"] for one in both] == [SCHOOL, "Lincoln"], "the longest first"
        assert loose.divide(call, ["North"]) == []
        assert loose.divide(call, ["Lincoln Middle School Harbor High", "Lincoln"]) == [], "all of it is one"

    @pytest.mark.parametrize(
        ("said", "line"),
        [
            ("team join Lincoln Middle School", "/team join Lincoln Middle School"),
            ("Team join School of the Arts.", "/team join School of the Arts"),
            ("team join north", "/team join north"),
            ("team join us for lunch on Friday", ""),
            ("team progress is slow this year", ""),
        ],
    )
    def test_is_told_from_a_sentence_in_a_direct_message(self, said: str, line: str):
        assert command_line_in(MENU, said) == line


@pytest.mark.parametrize("name", ['"Old Name"', "“Old Name”", 'team:"Old Name"'])
def test_a_name_in_quotes_is_never_divided(name: str):
    call = ask(f"/team rename {name}")
    assert call.values == {"team": "Old Name"}
    assert find_loose_name(call) is None


class TestTheNoun:
    @pytest.mark.parametrize("noun", ["reflect", "/reflect", "Reflect", " /REFLECT"])
    def test_may_be_written_in_any_case_with_or_without_its_slash(self, noun: str):
        assert parse_call(MENU, noun, "now").command.path == "reflect now"

    @pytest.mark.parametrize(
        ("noun", "line"),
        [
            ("tilth", "reflect now"),
            ("/tilth", "/Reflect now"),
            ("@tilth", "reflect now"),
            ("", "@tilth reflect now"),
            ("", "<@U0|Tilth> reflect now"),
            ("", "reflect now"),
            ("", "/tilth reflect now"),
        ],
    )
    def test_may_follow_the_one_root_noun_or_a_mention_of_the_bot(self, noun: str, line: str):
        assert parse_call(MENU, noun, line).command.path == "reflect now"

    def test_of_the_root_keeps_its_own_verbs(self):
        assert ask("/tilth export").command.path == "tilth export"
        assert parse_call(MENU, "@tilth", "").command.path == "tilth"

    def test_that_is_misspelled_is_mended(self):
        refusal = refused("/refelct now")
        assert "Did you mean `/reflect`?" in refusal.fix
        assert refusal.returning == "/reflect now"
        assert values(refusal)[0] == "reflect now"

    def test_that_is_misspelled_after_the_root_is_mended_too(self):
        assert refused("/tilth refelct now").returning == "/tilth reflect now"

    def test_that_nobody_knows_leads_to_the_home_of_all_nouns(self):
        assert values(refused("/weather now")) == ["tilth"]


class TestTheVerb:
    def test_may_be_cut_short_while_there_is_no_doubt(self):
        assert ask("/course prog").command.path == "course progress"
        assert ask("/prompt SCHED #x mon 09:00").command.path == "prompt schedule"

    def test_that_could_be_several_names_them_all(self):
        refusal = refused("/prompt s")
        assert {"prompt schedule", "prompt skip"} <= set(values(refusal))

    def test_of_several_words_is_matched_by_its_longest_form(self):
        assert ask("/my data exp").command.path == "my data export"
        assert ask("/my DATA delete").command.path == "my data delete"
        assert "my data mirror" in values(refused("/my data"))

    def test_that_is_misspelled_is_mended_and_the_rest_kept(self):
        refusal = refused("/reflect anwser p12 share:team -- We tried  wait time.")
        assert "Did you mean `/reflect answer`?" in refusal.fix
        assert refusal.returning == "/reflect answer p12 share:team -- We tried  wait time."
        assert values(refusal)[0] == "reflect answer p12 share:team -- We tried  wait time."

    def test_that_is_missing_hands_the_text_back(self):
        refusal = refused("/reflect We tried wait time.")
        assert refusal.returning == "/reflect We tried wait time."
        assert values(refusal) == ["reflect"]

    def test_that_is_missing_leaves_the_words_to_a_home_that_takes_them(self):
        menu = Menu((cmd("note", opt("text", OptionKind.TEXT)), cmd("note import")), {"note": "Notes."})
        assert parse_call(menu, "note", "I tried").values == {"text": "I tried"}
        assert parse_call(menu, "note", "import").command.path == "note import"

    def test_that_is_missing_without_a_home_offers_the_verbs(self):
        menu = Menu((cmd("note add"), cmd("note list")), {"note": "Notes."})
        with pytest.raises(Refusal) as caught:
            parse_call(menu, "note", "")
        assert values(caught.value) == ["note add", "note list"]


class TestOptions:
    def test_ignore_the_case_of_keys_and_choices(self):
        assert ask("/reflect answer SHARE:Team").values == {"share": "team"}

    @pytest.mark.parametrize(
        "quoted", ['"Week 1: a b"', "“Week 1: a b”", "„Week 1: a b“", "'Week 1: a b'", "«Week 1: a b»"]
    )
    def test_may_be_quoted_with_any_quotes(self, quoted: str):
        assert ask(f"/discuss schedule #x thu 16:00 title:{quoted}").values["title"] == "Week 1: a b"

    def test_keep_colons_in_their_values(self):
        assert ask("/discuss schedule #x thu 16:00 title:a:b").values["title"] == "a:b"
        assert ask("/reflect history find:https://x.org/a").values["find"] == "https://x.org/a"

    def test_may_name_what_could_be_written_without_a_name(self):
        call = ask("/prompt schedule rule:every mon 09:00 channel:#x deck:weekly")
        assert call.values == {"rule": (MONDAY_NINE, None), "channel": "C2", "deck": "weekly"}

    def test_are_refused_twice(self):
        refusal = refused("/reflect answer share:team share:me -- Hello")
        assert "`share`" in refusal.problem
        assert refusal.returning.endswith("-- Hello")

    def test_that_do_not_exist_are_refused_with_the_valid_ones_nearest_first(self):
        refusal = refused("/report export fromat:csv")
        assert "Did you mean `format:`? Its options are `format:` and `since:`." in refusal.fix
        assert refusal.returning == "/report export format:csv"

    @pytest.mark.parametrize("line", ["shar:team We tried", "anon:yes We tried", "anon:yes -- We tried"])
    def test_that_are_nearly_right_are_never_taken_for_text(self, line: str):
        refusal = refused(f"/reflect answer {line}")
        assert "Did you mean" in refusal.fix
        assert refusal.returning.endswith("We tried")

    def test_that_stand_before_a_dash_are_never_taken_for_text(self):
        refusal = refused("/reflect answer visible:me -- We tried")
        assert "`share:`" in refusal.fix
        assert refusal.returning == "/reflect answer visible:me -- We tried"

    @pytest.mark.parametrize(
        "text", ["note: we tried", "https://x.org/a is good", "09:00 is early", "visible:me we tried"]
    )
    def test_are_not_seen_in_text_that_only_looks_like_them(self, text: str):
        assert ask(f"/reflect answer {text}").values == {"text": text}

    def test_are_not_seen_once_the_text_has_begun(self):
        text = "We tried share:team and shar:me"
        assert ask(f"/reflect answer {text}").values == {"text": text}
        assert ask(f"/reflect answer p1 -- share:me {text}").values == {
            "prompt": 1,
            "text": f"share:me {text}",
        }

    def test_may_name_the_text_too(self):
        assert ask("/reflect answer text:We tried  it").values == {"text": "We tried  it"}
        assert ask('/reflect answer text:"We tried  it"').values == {"text": "We tried  it"}

    def test_need_a_value_and_a_closing_quote(self):
        assert "It is empty." in refused("/reflect answer share: -- We tried").fix
        assert "never closes" in refused('/report week to:"mods').problem

    def test_that_are_required_and_missing_are_named_in_the_call(self):
        assert ask("/prompt schedule deck:weekly").missing == ("channel", "rule")
        assert ask("/prompt schedule every mon 09:00").missing == ("channel",)
        assert ask("/my away").missing == ("dates",)
        assert ask("/report search").missing == ("words",)
        assert ask("/reflect answer").missing == ()


class TestAWrongValue:
    @pytest.mark.parametrize(
        ("line", "name", "got", "works"),
        [
            ("/reflect edit p301", "answer", "p301", "a12"),
            ("/course done 7 -- Good", "lesson", "7", "c1.2"),
            ("/discuss list days:many", "days", "many", "14"),
            ("/reflect answer anonymous:maybe -- Hi", "anonymous", "maybe", "yes or no"),
            ("/team add @grace", "member", "@grace", "@ada"),
            ("/report week to:#nowhere", "to", "#nowhere", "#staffroom"),
            ("/prompt schedule #x every blue moon", "rule", "blue", "every mon 9am"),
            ("/prompt schedule #x every mon 09:00 Europe/Dubln", "rule", "Europe/Dubln", "every mon"),
            ("/course pause until:31 june", "until", "31 days", "19 dec"),
            ("/course extend c1.3 soon", "by", "soon", "6d"),
            ("/my away someday", "dates", "someday", "19 dec to 5 jan"),
        ],
    )
    def test_is_named_with_an_example_that_works(self, line: str, name: str, got: str, works: str):
        refusal = refused(line)
        assert f"`{name}`" in refusal.problem
        assert got in refusal.fix
        assert works in refusal.fix
        assert refusal.returning == line

    def test_that_is_nearly_a_choice_is_mended_and_the_text_kept(self):
        refusal = refused("/reflect answer p12 share:taem -- We\n  tried.")
        assert "Did you mean team?" in refusal.fix
        assert refusal.returning == "/reflect answer p12 share:team -- We\n  tried."

    def test_never_reaches_a_log_through_the_exception_itself(self):
        for line in ("reflect answer share:secret -- x", "team leave secret", "reflect secret", "secret now"):
            assert "secret" not in str(refused(line))

    def test_is_named_alone_without_the_words_after_it(self):
        assert "You wrote “p301”." in refused("/reflect edit p301 now please").fix

    def test_of_a_word_too_many_names_the_first_one(self):
        refusal = refused("/prompt pause s3 right now")
        assert "“right”" in refusal.fix
        assert refusal.returning == "/prompt pause s3 right now"

    def test_in_place_of_a_required_id_is_the_text_of_a_form(self):
        call = ask("/discuss schedule Let us talk about it")
        assert call.values == {"text": "Let us talk about it"}
        assert call.missing == ("channel", "when")


class TestFreeText:
    @pytest.mark.parametrize("dash", ["-", "--", "---", "–", "—", "−"])
    def test_begins_after_a_lone_dash_of_any_kind(self, dash: str):
        assert ask(f"/reflect answer {dash} p12").values == {"text": "p12"}
        assert ask(f"/reflect answer p12 {dash} We").values == {"prompt": 12, "text": "We"}
        assert ask(f"/reflect answer p12 {dash}\nWe").values == {"prompt": 12, "text": "We"}

    def test_keeps_later_dashes(self):
        assert ask("/reflect answer We -- all of us -- tried").values == {"text": "We -- all of us -- tried"}
        assert ask("/reflect answer -- a -- b").values == {"text": "a -- b"}

    def test_keeps_its_lines_spaces_and_curly_quotes(self):
        text = "“We”\u00a0tried:\r\n  - a\n\n  - b\t\tc’s"
        assert ask(f"/reflect answer -- {text}").values == {"text": text}
        assert ask(f"/reflect answer {text}").values == {"text": text}

    def test_is_unescaped_once_and_its_mentions_made_readable(self):
        line = "<@U1|Ada> &amp; <@U2> in <#C1|staffroom>: &lt;b&gt; &amp;lt; <https://x.org/?a=1&amp;b|x> <!here> <!subteam^S1|@team>"
        said = "@Ada & <@U2> in #staffroom: <b> &lt; x (https://x.org/?a=1&b) @here @team"
        assert ask(f"/reflect answer -- {line}").values == {"text": said}

    def test_shows_a_link_once_when_its_label_says_no_more(self):
        line = "<https://x.org|https://x.org> <https://x.org/|x.org> <mailto:a@x.org|a@x.org>"
        assert readable_text(line) == "https://x.org https://x.org/ a@x.org"

    def test_that_is_empty_is_no_text(self):
        assert ask("/reflect answer p12 -- ").values == {"prompt": 12}

    @pytest.mark.parametrize(
        "text", ["3 of us tried", "team work", "May was long", "12", "'tis done", '"Wait time" worked']
    )
    def test_is_not_robbed_of_its_first_word_by_an_option(self, text: str):
        assert ask(f"/reflect answer {text}").values == {"text": text}

    def test_is_not_robbed_by_an_optional_word_without_quotes(self):
        menu = Menu((cmd("note add", pos("deck"), TEXT),), {"note": "Notes."})
        assert parse_call(menu, "note", "add We tried").values == {"text": "We tried"}
        assert parse_call(menu, "note", "add weekly -- We").values == {"deck": "weekly", "text": "We"}
        assert parse_call(menu, "note", 'add "weekly" We').values == {"deck": "weekly", "text": "We"}

    @given(st.text())
    @example("-- ")
    @example("share:team")
    @example("<@U1|Ada &amp; Ben>")
    def test_comes_back_exactly_whatever_it_is(self, text: str):
        expected = readable_text(text).strip()
        values = parse_call(MENU, "reflect", f"answer p12 -- {text}").values
        assert values == ({"prompt": 12, "text": expected} if expected else {"prompt": 12})


class TestAnOldSpelling:
    """What was called something else before is answered with the line to copy."""

    RENAMED = Menu(
        (
            Command(
                "course", "enroll", "Enroll a group.",
                (
                    Option("group", "Which.", positional=True),
                    Option("closes", "When.", formerly=("closes",)),
                    Option("share", "Who.", OptionKind.CHOICE, choices=("me", "moderators"),
                           former_choices=(("facilitators", "moderators"),)),
                    Option("text", "Text.", OptionKind.TEXT),
                ),
                formerly=("enrol", "sign up"),
            ),
        ),
        {"course": "Courses"},
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("/course enrol staff -- Go.\n  Now.", "/course enroll staff -- Go.\n  Now."),
            ("/course SIGN up staff", "/course enroll staff"),
            ("/course enroll close:friday", "/course enroll closes:friday"),
            ("/course enroll Close: friday -- Go.", "/course enroll closes: friday -- Go."),
            (
                "/course enroll share:Facilitators closes:now -- Go.",
                "/course enroll share:moderators closes:now -- Go.",
            ),
        ],
    )
    def test_comes_back_as_the_line_to_copy(self, old: str, new: str):
        with pytest.raises(Refusal) as error:
            parse_call(self.RENAMED, "", old)
        assert error.value.returning == new
        assert parse_call(self.RENAMED, "", new).command.path == "course enroll"

    def test_is_only_its_whole_word(self):
        assert parse_call(self.RENAMED, "", "/course enr staff").command.path == "course enroll"

    def test_of_a_choice_is_named_in_a_typed_option_too(self):
        option = self.RENAMED.commands[0].option("share")
        assert option is not None
        with pytest.raises(Refusal) as error:
            read_option(option, "facilitators")
        assert error.value.problem == "“facilitators” is now called “moderators”."
        assert error.value.fix == "Write `share:moderators`."

    def test_cannot_be_the_name_of_another_command(self):
        taken = (
            Command("course", "leave", "Leave."),
            Command("course", "quit", "Quit.", formerly=("leave",)),
        )
        with pytest.raises(ValueError, match="its former name /course leave is taken"):
            Menu(taken, {"course": "Courses"})


def test_invisible_marks_and_odd_spaces_do_not_hide_words():
    call = ask("/reflect answer\u00a0p12\u200b \u2068share:team\u2069 -- Hi")
    assert call.values == {"prompt": 12, "share": "team", "text": "Hi"}


def test_an_escaped_link_is_a_word():
    assert ask("/reflect history find:<https://x.org|x.org>").values == {"find": "https://x.org"}


def test_the_line_comes_back_readable():
    assert ask("/team add <@U7|grace>  “R&amp;D” ").line == "/team add @grace  “R&D”"


WORDS = ["p12", "c1.2", "share:", "team", '"', "“", "--", "—", "every", "mon", "09:00", "-", "<@U1|a>", "@", "#x", ":", "to", "5 jan", "&lt;", "in", "2h", "\n", "\u200b", "title:", "key:v", "Europe/Dublin", "last", "99999999999999999999"]  # fmt: skip


@given(
    st.sampled_from([c.path for c in MENU.commands]),
    st.lists(st.sampled_from(WORDS)),
    st.text(),
    st.booleans(),
)
def test_any_line_is_understood_or_refused_and_nothing_else(
    path: str, words: list[str], text: str, glued: bool
):
    line = f"{path} {('' if glued else ' ').join(words)} {text}"
    for noun, rest in (("", line), ("/tilth", line), (path.split()[0], line.partition(" ")[2]), (text, line)):
        with contextlib.suppress(Refusal):
            assert parse_call(MENU, noun, rest, School()).command in MENU.commands


class TestOneOptionGivenAsText:
    @pytest.mark.parametrize(
        ("option", "text", "value"),
        [
            (TEXT, "  We\n tried &amp; ", "We\n tried &amp;"),
            (PROMPT, "p12", 12),
            (PROMPT, "12", 12),
            (LESSON, "c1.2", "1.2"),
            (SHARE, "Team", "team"),
            (MEMBER, "@Ada Quinn", "U1"),
            (MEMBER, "<@!77>", "77"),
            (CHANNEL, "<#C9>", "C9"),
            (opt("zone", OptionKind.ZONE), "europe/dublin", "Europe/Dublin"),
            (opt("rule", OptionKind.RHYTHM), "every mon 09:00", (MONDAY_NINE, None)),
            (opt("when", OptionKind.WHEN), "thu 16:00 Europe/Dublin", (THURSDAY_FOUR, "Europe/Dublin")),
            (opt("dates", OptionKind.SPAN), "19 dec to 5 jan", (YearDay(12, 19), YearDay(1, 5))),
            (opt("deck"), "a year of noticing", "a year of noticing"),
            (opt("loud", OptionKind.YES_NO), "No", False),
        ],
    )
    def test_is_read_as_it_would_be_in_a_line(self, option: Option, text: str, value: object):
        assert read_option(option, text, School()) == value

    @pytest.mark.parametrize(
        "option", [PROMPT, SHARE, MEMBER, opt("deck"), TEXT, opt("zone", OptionKind.ZONE)]
    )
    @pytest.mark.parametrize("text", ["", " \n "])
    def test_is_refused_when_there_is_nothing(self, option: Option, text: str):
        with pytest.raises(Refusal) as caught:
            read_option(option, text, NOBODY)
        assert caught.value.fix
