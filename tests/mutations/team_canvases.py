"""The mechanisms by which a plan on a canvas is what people wrote there and in chat, and nothing of it is lost."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, LINES = "tests/stories/test_team_canvas.py", "tests/team_plans/test_canvas_lines.py"
SECTIONS, ROOM = "tests/adapters/slack/test_canvases.py", "bot/team_plans/canvas"
AT_ONCE = f"{STORY}::test_two_people_change_a_plan_on_its_canvas_and_in_chat_and_nothing_is_lost"
KEPT = f"{STORY}::test_what_cannot_be_taken_from_a_canvas_stays_there_and_is_asked_about"
ONCE = f"{STORY}::test_a_canvas_is_made_once_and_is_left_alone_where_it_is_not_ours"

MUTATIONS = (
    Mutation(
        "what people write on a canvas is never written over while it waits",
        (32,),
        f"{ROOM}/alignment.py",
        "if change is None and not line.kept and sign != meant:",
        "if change is None and sign != meant:",
        (f"{LINES}::test_what_people_wrote_and_waits_is_never_written_over",),
    ),
    Mutation(
        "a change that was sent to a canvas is no news when it arrives late",
        (5,),
        f"{ROOM}/alignment.py",
        "    ours = (*(old for old in before.ours if old != sign), sign)[-SENT:]",
        "    ours = before.ours",
        (f"{LINES}::test_a_change_that_was_sent_is_no_news_when_it_arrives_late",),
    ),
    Mutation(
        "a line that a platform itself changes is not taken in for ever",
        (30,),
        f"{ROOM}/values.py",
        " or echoes >= ECHOES:",
        ":",
        (f"{LINES}::test_a_line_that_comes_back_other_than_it_was_written_is_left_alone_in_the_end",),
    ),
    Mutation(
        "an edit on a canvas is made from what stood there",
        (32,),
        f"{ROOM}/intake.py",
        "there.entry_id, there.version, draft.about_id",
        "there.entry_id, 9_999, draft.about_id",
        (AT_ONCE,),
        on="slack",
    ),
    Mutation(
        "a box that people add to a canvas is a step",
        (20,),
        f"{ROOM}/intake.py",
        "        for line in steps:",
        "        for line in ():",
        (AT_ONCE,),
        on="slack",
    ),
    Mutation(
        "a likely name of a student on a canvas is asked about",
        (44,),
        f"{ROOM}/intake.py",
        "        if find_student_names(conn, here.plan.community_id, draft):",
        "        if False:",
        (KEPT,),
        on="slack",
    ),
    Mutation(
        "an answer settles the line of a canvas",
        (32,),
        "bot/team_plans/plan_forms.py",
        "        canvases.settle_line(conn, draft.team_id, draft.line)",
        "        pass",
        (KEPT,),
        on="slack",
    ),
    Mutation(
        "a canvas is looked at without a change of its plan",
        (20,),
        f"{ROOM}/keeper.py",
        "        return EVERY if sign_of(read) == one.sign else None",
        "        return EVERY",
        (KEPT,),
        on="slack",
    ),
    Mutation(
        "a canvas whose answer was lost is found again",
        (3,),
        "adapters/slack/canvases.py",
        "                if all(one.folded in signs for one in lines[:2]):",
        "                if False:",
        (ONCE,),
        on="slack",
    ),
    Mutation(
        "a canvas of others is left alone",
        (44,),
        "adapters/slack/canvases.py",
        "        if not empty:",
        "        if False:",
        (f"{SECTIONS}::test_trouble_has_the_words_of_the_port",),
    ),
    Mutation(
        "no canvas is made that could not be read again",
        (10,),
        "adapters/slack/canvases.py",
        "        if granted and not granted >= SCOPES:",
        "        if False:",
        (f"{SECTIONS}::test_no_canvas_is_made_that_could_not_be_read_again",),
    ),
    Mutation(
        "somebody who writes on a canvas is waited for",
        (29,),
        "adapters/slack/canvases.py",
        "    return RetryLater(error.code) if error.code in BUSY else error",
        "    return error",
        (f"{SECTIONS}::test_trouble_has_the_words_of_the_port",),
        by="Rejected",
    ),
    Mutation(
        "a section is changed only where it is certain which one",
        (32,),
        "adapters/slack/canvases.py",
        "        if len(ids) == len(alike):",
        "        if ids:",
        (f"{SECTIONS}::test_trouble_has_the_words_of_the_port",),
    ),
    Mutation(
        "a list that is one section keeps its other items",
        (32,),
        "adapters/slack/canvases.py",
        "        return bool(beside) and await",
        "        return False and await",
        (f"{SECTIONS}::test_an_item_is_changed_whether_a_list_is_one_section_or_several",),
    ),
    Mutation(
        "words on a canvas stay words",
        (36,),
        "adapters/slack/canvas_markdown.py",
        '_SPECIAL.sub(r"\\\\\\1", text)',
        "text",
        (f"{SECTIONS}::test_words_are_read_back_as_they_were_written",),
    ),
    Mutation(
        "what people write beside a plan stays when the plan leaves",
        (37,),
        f"{ROOM}/alignment.py",
        'if len(ours) == len(read) else CanvasChange("delete", read, ours[-1])',
        "if ours else None",
        (f"{LINES}::test_a_plan_leaves_a_canvas_and_takes_nothing_of_others_with_it",),
    ),
)
