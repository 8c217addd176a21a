"""The mechanisms by which whoever does something in a plan is asked, and nobody hears more than they said."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORIES, ROOM = "tests/stories/test_check_ins.py", "bot/team_plans/check_ins"
WEEKS = f"{STORIES}::test_five_people_are_asked_for_six_weeks"
NOW = f"{STORIES}::test_whoever_does_it_now_is_asked_and_never_on_a_day_off"

MUTATIONS = (
    Mutation(
        "what is done before its date is not asked about", (13,), f"{ROOM}/agenda.py",
        "if step.done_at is None and step.day is not None:", "if step.day is not None:",
        (WEEKS,),
    ),
    Mutation(
        "that somebody is stuck is theirs to tell", (44,), f"{ROOM}/answers.py",
        "CheckState.STUCK, kept, shown=False)", "CheckState.STUCK, kept, shown=True)",
        (WEEKS,),
    ),
    Mutation(
        "what is typed to a check-in answers it", (53,), f"{ROOM}/feature.py",
        "claims=(typed.take_clear,)", "claims=()",
        (WEEKS,),
    ),
    Mutation(
        "what is typed under a check-in is asked about", (53,), f"{ROOM}/feature.py",
        "replies=(typed.take_reply,)", "replies=()",
        (NOW,), by="ValueError",
    ),
    Mutation(
        "what is typed right after a check-in may be about it", (53,), f"{ROOM}/feature.py",
        "offers=typed.list_offers,", "",
        (NOW,),
    ),
    Mutation(
        "words that answer nothing are taken where they can mean nothing else", (53,), f"{ROOM}/typed_answers.py",
        "message.place.thread or read.loose)", "message.place.thread)",
        (NOW,),
    ),
    Mutation(
        "of two things it is asked which", (53,), f"{ROOM}/typed_answers.py",
        "if len(fitting) > 1:", "if False:",
        (NOW,),
    ),
    Mutation(
        "a lead reads only of who is stuck and wants them to", (44,), f"{ROOM}/notices.py",
        " or not said.is_told", "",
        ("tests/team_plans/test_stuck_notices.py::test_a_lead_reads_only_of_who_is_stuck_and_wants_them_to",),
    ),
    Mutation(
        "what is said again takes the place of what waits", (28,), f"{ROOM}/notices.py",
        "    withdraw_notices(conn, question_id)\n    for lead in leads:", "    for lead in leads:",
        ("tests/team_plans/test_stuck_notices.py::test_what_is_said_again_takes_the_place_of_what_waits",),
    ),
    Mutation(
        "a lead hears the same once", (28,), f"{ROOM}/answers.py",
        "if not (asked.is_told and asked.line == line):", "if True:",
        (WEEKS,),
    ),
    Mutation(
        "a line stands beside what stands there", (44,), f"{ROOM}/answers.py",
        "if asked.state is None or not asked.shown or last is None:", "if False:",
        (WEEKS,),
    ),
    Mutation(
        "a lead hears nothing that was taken back", (44,), f"{ROOM}/answers.py",
        "notices.withdraw_notices(conn, asked.id)", "pass",
        (NOW,),
    ),
    Mutation(
        "what nobody does is the lead's to say", (13,), f"{ROOM}/questions.py",
        "(leads or owners) if weeks else (owners or leads)", "(leads or owners) if weeks else owners",
        (NOW,), by="ValueError",
    ),
    Mutation(
        "who left the team is asked nothing", (13,), f"{ROOM}/questions.py",
        "owner = entry.owner_id if entry.owner_id in mates else None", "owner = entry.owner_id",
        (NOW,),
    ),
    Mutation(
        "a question that is put off comes again", (13,), f"{ROOM}/questions.py",
        "if found is None or until is None or until <= found.at:", "if True:",
        (NOW,), by="IndexError",
    ),
    Mutation(
        "a look is asked for where the team is", (13,), f"{ROOM}/questions.py",
        "where = place_of(conn, one.team_id) if one.weeks else None", "where = None",
        (WEEKS,), by="ValueError",
    ),
    Mutation(
        "how it goes is not posted where others are", (44,), "bot/team_plans/posted_page.py",
        "shown = replace(plan, check_ins=())", "shown = plan",
        (WEEKS,),
    ),
    Mutation(
        "a look that was asked for is written once", (32,), "bot/team_plans/sheet_state.py",
        "return _editing(plan, PlanSheet.LOOK, there)", "pass",
        (WEEKS,),
    ),
    Mutation(
        "how it goes is the team's own where a plan is shared", (44,), "bot/team_plans/access.py",
        "return plan if editable else replace(plan, check_ins=()), editable", "return plan, editable",
        (NOW,),
    ),
    Mutation(
        "an erased person's name leaves what they said", (37,), "bot/team_plans/departures.py",
        "(plan_entry, plan_revision, plan_draft, plan_question):", "(plan_entry, plan_revision, plan_draft):",
        (NOW,),
    ),
    Mutation(
        "a dropped change offers the second cause", (28,), "bot/team_plans/cards.py",
        "over = sheet is PlanSheet.LOOK and", "over = False and",
        (WEEKS,), by="Rejected",
    ),
    Mutation(
        "what a change taught is told", (28,), "bot/team_plans/writer.py",
        "if sheet is PlanSheet.LOOK and (lesson", "if False and (lesson",
        (WEEKS,), by="ValueError",
    ),
)  # fmt: skip
