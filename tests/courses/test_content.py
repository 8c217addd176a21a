"""Courses are read as their authors meant them, every mistake is told with its place, and what ships keeps its promise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.content import ContentErrors
from bot.courses.lessons.files import advise_author, course_schemas, read_courses
from bot.courses.lessons.model import Course
from bot.reflections.prompts.files import read_decks

SHIPPED = Path(__file__).parents[2] / "prompts"
PUBLISHED = {one.slug: one for one in read_courses(SHIPPED)}
HEAD = """title: Common ground
about: Two small lessons.
pacing: {release: weekly, weekday: monday}
lessons: [first.yaml]
"""
LESSON = """title: An hour kept whole
purpose: Find one hour.
steps:
  - do: Look at the next two weeks.
    minutes: 10
prompts:
  - id: what-keeps-it
    ask: What keeps that hour whole?
    completes: yes
reminders: [A look at the calendar is a beginning.]
"""

MEETING = "protocol:\n  parts:\n    - do: Talk.\n      minutes: 45\n  write_down: It.\n  end: Thanks.\n"
SECOND = LESSON.replace("what-keeps-it", "another").replace("Find one hour", "Keep it")
WHOLE = """title: Causes
purpose: Find out why.
after_days: 21
waits_for: [first]
steps:
  - do: Write the problem.
    minutes: 5
    plan: problem
  - do: Think alone.
    minutes: 5
    plan: causes
example: The invented school did it on a Tuesday.
leaders:
  - who: Principal
    does: Protects the hour.
sheets:
  - title: Questions
    lines: [What happens before?, What happens after?]
quiz:
  - ask: What comes before a problem?
    choices: [A cause, A grade]
    right: A cause
    why: It is what you can change.
    says: [It can be checked., That comes after it.]
protocol:
  materials: [A bowl]
  parts:
    - do: Put them together.
      say: Nobody is the cause.
      online: Use one shared page.
      minutes: 45
      plan: causes
  write_down: The causes.
  end: Thanks.
reminders: [A small step is a step.]
"""


@pytest.fixture
def put(tmp_path):
    def write(**files: str) -> Path:
        folder = tmp_path / "courses" / "common-ground"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {"course": HEAD, "first": LESSON, **files}.items():
            (folder / f"{name}.yaml").write_text(text)
        return tmp_path

    return write


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        read_courses(root)
    return str(caught.value).splitlines()


def test_a_course_is_read_and_survives_a_database_column(put):
    [course] = read_courses(put())
    assert course.slug == "common-ground"
    assert course.lessons[0].slug == "first"
    assert course.lessons[0].completing.id == "what-keeps-it"
    assert course.pacing.at.isoformat() == "09:00:00"
    assert Course.from_json(json.loads(json.dumps(course.to_json()))) == course
    assert advise_author(course) == ()


def test_everything_a_lesson_can_hold_is_read_and_survives_a_database_column(put):
    head = (
        HEAD.replace("[first", "[first.yaml, second")
        + "alone: Ask one colleague.\nexample: A school by a river.\n"
    )
    [course] = read_courses(put(course=head, second=WHOLE))
    assert Course.from_json(json.loads(json.dumps(course.to_json()))) == course
    assert (course.alone, course.example) == ("Ask one colleague.", "A school by a river.")
    lesson = course.lessons[1]
    assert (lesson.after_days, lesson.waits_for, lesson.plan_needs) == (
        21,
        ("first",),
        {"problem": 1, "causes": 1},
    )
    assert lesson.leaders[0].who == "Principal"
    assert lesson.quiz[0].says == ("It can be checked.", "That comes after it.")
    assert lesson.sheets[0].lines == ("What happens before?", "What happens after?")
    [part] = lesson.protocol.parts
    assert (part.say, part.online, part.plan) == ("Nobody is the cause.", "Use one shared page.", "causes")


def test_a_course_stored_before_these_lines_were_known_is_still_read(put):
    [course] = read_courses(put(first=LESSON + MEETING))
    stored = json.loads(json.dumps(course.to_json()))
    del stored["alone"], stored["example"]
    for lesson in stored["lessons"]:
        for name in ("after_days", "waits_for", "example", "leaders", "sheets"):
            del lesson[name]
        del lesson["protocol"]["materials"]
        for one in (*lesson["steps"], *lesson["protocol"]["parts"]):
            for name in {"plan", "say", "online"} & set(one):
                del one[name]
    assert Course.from_json(stored) == course


def test_a_folder_without_courses_is_a_community_without_any(tmp_path):
    assert read_courses(tmp_path) == ()


MISTAKES = {
    "no weekday": (
        {"course": HEAD.replace(", weekday: monday", "")},
        "courses/common-ground/course.yaml:3:9: \"release: weekly\" needs \"weekday\" as well. Add \"weekday: monday\".",
    ),
    "a weekday too many": (
        {"course": HEAD.replace("weekly", "previous")},
        "means nothing beside \"release: previous\". Delete \"weekday\".",
    ),
    "no days": ({"course": HEAD.replace("weekly, weekday: monday", "days")}, "needs \"every\" as well. Add \"every: 7\"."),
    "no such file": ({"course": HEAD.replace("first", "frist")}, "Did you mean \"first.yaml\"?"),
    "not listed": ({"second": LESSON}, "\"second.yaml\" is in this folder and not listed."),
    "two complete": (
        {"first": LESSON.replace("reminders", "  - id: another\n    ask: And?\n    completes: yes\nreminders")},
        "two prompts complete this lesson.",
    ),
    "an id twice": (
        {"first": LESSON.replace("reminders", "  - id: what-keeps-it\n    ask: And?\nreminders")},
        "\"what-keeps-it\" is in this list twice.",
    ),
    "an odd link": (
        {"first": LESSON.replace("steps", "link: http://example.org\nsteps")},
        "first.yaml:3:7: \"http://example.org\" is not a link that I pass on.",
    ),
    "an odd time": (
        {"course": HEAD.replace("monday", "monday, at: nine")}, "\"nine\" is not a time of day.",
    ),
    "a meeting that does not add up": (
        {"first": LESSON + "protocol:\n  parts:\n    - do: Talk.\n      minutes: 40\n  write_down: It.\n  end: Thanks.\n"},
        "the parts take 40 minutes, and the meeting 45.",
    ),
    "a part of the plan nobody knows": (
        {"first": LESSON.replace("    minutes: 10\n", "    minutes: 10\n    plan: cause\n")}, "first.yaml:6:11:",
    ),
    "a fix before the problem": (
        {"first": LESSON.replace("    minutes: 10\n", "    minutes: 10\n    plan: causes\n")},
        "first.yaml:6:11: this fills \"causes\" of the team plan, and nothing before it fills \"problem\".",
    ),
    "a meeting that comes to the change too early": (
        {"first": LESSON + MEETING.replace("minutes: 45", "minutes: 45\n      plan: change")},
        "this fills \"change\" of the team plan, and nothing before it fills \"choice\".",
    ),
    "words for some choices of a quiz": (
        {"course": HEAD.replace("[first", "[first.yaml, second"), "second": WHOLE.replace("[It can be checked., ", "[")},
        "\"says\" has 1 lines, and there are 2 choices. Write one line for each choice, in the same order.",
    ),
    "waiting for what comes later": (
        {"first": LESSON + "waits_for: [second]\n", "course": HEAD.replace("[first", "[first.yaml, second"), "second": SECOND},
        "\"second\" is no lesson that stands before this one. The first lesson waits for none.",
    ),
    "no minutes": ({"first": LESSON.replace("    minutes: 10\n", "")}, "first.yaml:4:5:"),
    "an unknown key": ({"first": LESSON.replace("purpose", "porpoise")}, "first.yaml:2:1:"),
    "no reminder": ({"first": LESSON.replace("[A look at the calendar is a beginning.]", "[]")}, "first.yaml:10:12:"),
    "not yaml": ({"course": "title: [\n"}, "course.yaml:"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_is_told_with_its_place_and_a_remedy(put, name):
    files, wanted = MISTAKES[name]
    assert any(wanted in line for line in problems(put(**files))), problems(put(**files))


def test_all_mistakes_are_told_together(put):
    found = problems(
        put(course=HEAD.replace("monday", "moonday"), first=LESSON.replace("purpose", "porpoise"))
    )
    assert {line.partition(":")[0] for line in found} == {
        "courses/common-ground/course.yaml",
        "courses/common-ground/first.yaml",
    }


def test_the_schemas_are_json_and_name_every_key():
    shapes = {name: json.loads(text) for name, text in course_schemas().items()}
    assert set(shapes["lesson.schema.json"]["properties"]) >= {
        "purpose",
        "steps",
        "protocol",
        "starter",
        "reminders",
    }
    assert shapes["course.schema.json"]["properties"]["pacing"]


# ── what ships ────────────────────────────────────────────────────────────────


WHOLE_COURSES = ("root-causes", "de-las-causas-a-la-accion")
LESSONS = {f"{slug}/{one.slug}": one for slug in WHOLE_COURSES for one in PUBLISHED[slug].lessons}


def test_the_course_has_its_four_lessons_in_order_and_the_same_in_spanish():
    english, spanish = (PUBLISHED[slug] for slug in WHOLE_COURSES)
    titles = ["Prepare Your Soil", "Change the Discourse", "Center Student Perspectives", "Look Again"]
    assert [one.title for one in english.lessons] == titles
    assert (english.language, spanish.language) == ("en", "es")
    for one, other in zip(english.lessons, spanish.lessons, strict=True):
        assert (one.slug, one.plan_needs, one.after_days, one.waits_for, one.open_days) == (
            other.slug, other.plan_needs, other.after_days, other.waits_for, other.open_days,
        )  # fmt: skip
        assert [part.minutes for part in one.protocol.parts] == [
            part.minutes for part in other.protocol.parts
        ]
        assert [(len(it.choices), it.right) for it in one.quiz] == [
            (len(it.choices), it.right) for it in other.quiz
        ]
    quiz = [it for lesson in (*english.lessons, *spanish.lessons) for it in lesson.quiz]
    assert len(quiz) == 12
    assert all(len(it.says) == len(it.choices) for it in quiz), "each choice gets its own kind word"
    assert list(PUBLISHED) == ["root-causes", "two-good-questions", "de-las-causas-a-la-accion"]


def test_the_third_lesson_has_three_weeks_and_waits_for_the_first_and_the_last_for_the_change():
    *_, students, again = PUBLISHED["root-causes"].lessons
    assert (students.open_days, students.waits_for) == (21, ("prepare-your-soil",))
    assert (again.after_days, again.waits_for) == (35, ("center-student-perspectives",))
    assert again.plan_needs["look"] == 2


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_each_lesson_ships_with_everything_it_promises(lesson):
    assert re.fullmatch(r"[^.!?]+[.]", lesson.purpose), "the purpose is one sentence"
    assert 3 <= len(lesson.steps) <= 5
    assert lesson.protocol.minutes == 45
    assert lesson.protocol.roles
    assert lesson.protocol.bring
    assert lesson.starter
    assert len(lesson.prompts) == 2
    assert sum(one.completes for one in lesson.prompts) == 1
    assert len(lesson.reminders) == 3
    assert lesson.protocol.materials
    assert all(part.say for part in lesson.protocol.parts)
    assert lesson.example
    assert len(lesson.leaders) == 4
    assert lesson.sheets
    assert lesson.plan_needs


def test_reminders_sound_like_a_colleague():
    texts = [
        reminder
        for course in PUBLISHED.values()
        for lesson in course.lessons
        for reminder in lesson.reminders
    ]
    for text in texts:
        assert "!" not in text
        assert not re.search(
            r"don.t forget|remember to|streak|behind|overdue|still haven", text, re.IGNORECASE
        ), text


def test_the_prompt_that_completes_a_lesson_is_in_the_deck_with_the_same_words():
    """A weekly prompt and the lesson's own form ask the same thing, so either finishes the lesson."""
    asked = {
        (prompt.lesson, prompt.slug): prompt.questions[0].ask
        for deck in read_decks(SHIPPED)
        for prompt in deck.prompts
        if prompt.lesson
    }
    for name, lesson in LESSONS.items():
        assert asked[name, lesson.completing.id].rstrip() == lesson.completing.ask.rstrip()


def test_every_lesson_a_deck_names_exists():
    known = {f"{course.slug}/{lesson.slug}" for course in PUBLISHED.values() for lesson in course.lessons}
    named = {prompt.lesson for deck in read_decks(SHIPPED) for prompt in deck.prompts if prompt.lesson}
    assert named <= known


def test_the_example_in_the_readme_is_a_course(put):
    text = (SHIPPED / "README.md").read_text()
    blocks = re.findall(r"   ```yaml\n(.*?)   ```", text.partition("# Writing a course")[2], re.DOTALL)
    course, lesson = (re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in blocks)
    course = course.replace("[prepare-your-soil.yaml, change-the-discourse.yaml]", "[first.yaml]")
    [found] = read_courses(put(course=course, first=lesson))
    assert found.lessons[0].protocol.minutes == 45
