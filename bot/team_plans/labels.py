"""What the parts of a plan and their fields are called, and what to do where one is still empty."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.language import N_
from bot.pictures.fishbone import Evidence
from bot.team_plans.model import PlanPart, PlanSheet

PARTS: Mapping[PlanPart, str] = {
    PlanPart.PROBLEM: N_("Problem"),
    PlanPart.CAUSES: N_("Causes"),
    PlanPart.CHOICE: N_("Chosen causes"),
    PlanPart.VOICES: N_("What students said"),
    PlanPart.AIM: N_("Aim"),
    PlanPart.CHANGE: N_("The change"),
    PlanPart.LOOK: N_("Looks at the change"),
    PlanPart.NEXT: N_("Next steps"),
}
"""The parts of the page, in its order."""

EMPTY: Mapping[PlanPart, str] = {
    PlanPart.PROBLEM: N_("Say what you see, where, and for which students. No causes yet."),
    PlanPart.CAUSES: N_("Write down what may be behind the problem, and how you know."),
    PlanPart.CHOICE: N_("Choose two or three causes that you can change. Then ask why."),
    PlanPart.VOICES: N_("Ask students, and write down what they said. Leave names out."),
    PlanPart.AIM: N_("Say how much will be different, for whom, and by when."),
    PlanPart.CHANGE: N_("Choose one change to try: what, who, and from when."),
    PlanPart.LOOK: N_("Look after two weeks and after six weeks. Then keep, change, or drop it."),
    PlanPart.NEXT: N_("Write down what comes next: what, who, and by when."),
}
"""What to do where nothing is written yet."""

ACTS: Mapping[PlanSheet, str] = {
    PlanSheet.PROBLEM: N_("Write the problem"),
    PlanSheet.CAUSES: N_("Add a cause"),
    PlanSheet.CHOICE: N_("Choose causes"),
    PlanSheet.WHYS: N_("Ask why"),
    PlanSheet.VOICES: N_("Add what a student said"),
    PlanSheet.AIM: N_("Write the aim"),
    PlanSheet.CHANGE: N_("Write the change"),
    PlanSheet.MEASURE: N_("Say how you will know"),
    PlanSheet.LOOK: N_("Look at the change"),
    PlanSheet.NEXT: N_("Add a next step"),
}
"""The buttons that open the forms."""

TITLES: Mapping[PlanSheet, str] = {
    PlanSheet.PROBLEM: N_("The problem"),
    PlanSheet.CAUSES: N_("A cause"),
    PlanSheet.WHYS: N_("The whys"),
    PlanSheet.VOICES: N_("A student’s voice"),
    PlanSheet.AIM: N_("The aim"),
    PlanSheet.CHANGE: N_("The change"),
    PlanSheet.MEASURE: N_("How we will know"),
    PlanSheet.LOOK: N_("A look at the change"),
    PlanSheet.NEXT: N_("A next step"),
}
"""The titles of the forms: Slack shows 24 characters."""

LABELS: Mapping[PlanSheet, Mapping[str, str]] = {
    PlanSheet.PROBLEM: {
        "what": N_("What do you see?"),
        "where": N_("Where does it happen?"),
        "students": N_("For which students?"),
        "since": N_("Since when?"),
        "evidence": N_("How do you know?"),
    },
    PlanSheet.CAUSES: {
        "cause": N_("What may be behind the problem?"),
        "category": N_("Where on the fishbone?"),
        "basis": N_("What is it based on?"),
        "evidence": N_("The number or the words"),
    },
    PlanSheet.WHYS: {
        "why1": N_("Why does that happen?"),
        "why2": N_("And why is that?"),
        "why3": N_("And why is that? (3)"),
        "why4": N_("And why is that? (4)"),
        "why5": N_("And why is that? (5)"),
    },
    PlanSheet.VOICES: {
        "said": N_("What did they say?"),
        "students": N_("Who said it, without a name?"),
        "asked": N_("What did you ask?"),
    },
    PlanSheet.AIM: {
        "amount": N_("How much will be different?"),
        "students": N_("For which students?"),
        "day": N_("By when?"),
    },
    PlanSheet.CHANGE: {
        "what": N_("What will you change?"),
        "owner": N_("Who does it?"),
        "day": N_("From when?"),
        "about": N_("Which cause is it for?"),
    },
    PlanSheet.MEASURE: {
        "measure": N_("What will you count or look at?"),
        "prediction": N_("What do you predict?"),
        "wrong": N_("What would show that you are wrong?"),
    },
    PlanSheet.LOOK: {
        "happened": N_("What happened?"),
        "verdict": N_("What do you do now?"),
        "learned": N_("What did you learn?"),
    },
    PlanSheet.NEXT: {
        "what": N_("What comes next?"),
        "owner": N_("Who does it?"),
        "day": N_("By when?"),
    },
}
"""The questions of the forms, by field."""

SAID: Mapping[PlanSheet, Mapping[str, str]] = {
    PlanSheet.PROBLEM: {
        "what": N_("What"), "where": N_("Where"), "students": N_("Which students"), "since": N_("Since when"),
        "evidence": N_("How we know"),
    },
    PlanSheet.CAUSES: {
        "cause": N_("Cause"), "category": N_("On the fishbone"), "basis": N_("Based on"),
        "evidence": N_("The number or the words"),
    },
    PlanSheet.WHYS: {name: N_("Why") for name in ("why1", "why2", "why3", "why4", "why5")},
    PlanSheet.VOICES: {"said": N_("They said"), "students": N_("Who"), "asked": N_("We asked")},
    PlanSheet.AIM: {"amount": N_("How much"), "students": N_("Which students"), "day": N_("By when")},
    PlanSheet.CHANGE: {
        "what": N_("What"), "owner": N_("Who"), "day": N_("From when"), "about": N_("For the cause"),
    },
    PlanSheet.MEASURE: {
        "measure": N_("What we count"), "prediction": N_("We predict"), "wrong": N_("We are wrong if"),
    },
    PlanSheet.LOOK: {
        "happened": N_("What happened"), "verdict": N_("Decision"), "learned": N_("What we learned"),
    },
    PlanSheet.NEXT: {"what": N_("What"), "owner": N_("Who"), "day": N_("By when")},
}  # fmt: skip
"""What the answers are called where they are shown."""

HINTS: Mapping[tuple[PlanSheet, str], str] = {
    (PlanSheet.PROBLEM, "what"): N_("Like: Students ask for help only after class."),
    (PlanSheet.PROBLEM, "students"): N_("Like: Multilingual learners in grade 7."),
    (PlanSheet.PROBLEM, "evidence"): N_("A count, a piece of work, what students say."),
    (PlanSheet.CAUSES, "cause"): N_("Name a condition that you can change, not a person."),
    (PlanSheet.CAUSES, "evidence"): N_("Leave it empty for a guess."),
    (PlanSheet.WHYS, "why1"): N_("Stop when you reach something you can change."),
    (PlanSheet.VOICES, "said"): N_("Their own words, without names."),
    (PlanSheet.VOICES, "students"): N_("Like: A student in grade 7."),
    (PlanSheet.AIM, "amount"): N_("Like: From 4 to 12 questions a week."),
    (PlanSheet.LOOK, "happened"): N_("Write down the number or what you saw."),
}
"""What stands below a question."""

CATEGORY_NAMES: Mapping[str, str] = {
    "instruction": N_("Instruction and expectations"),
    "relationships": N_("Relationships"),
    "structures": N_("Structures and time"),
    "resources": N_("Resources"),
    "policy": N_("Policy"),
    "family": N_("Family and community"),
}
BASIS_NAMES: Mapping[str, str] = {
    "guess": N_("A guess"),
    "number": N_("A number"),
    "voice": N_("A student’s voice"),
}
EVIDENCE: Mapping[str, Evidence] = {
    "guess": Evidence.GUESS,
    "number": Evidence.NUMBER,
    "voice": Evidence.VOICE,
}
"""The same as a fishbone shows it; its value is the word within a line."""
VERDICT_NAMES: Mapping[str, str] = {
    "keep": N_("Keep it"),
    "change": N_("Change it"),
    "drop": N_("Drop it"),
}
LOOK_NAMES: Mapping[str, str] = {
    "2": N_("After two weeks"),
    "6": N_("After six weeks"),
}
