"""The card that reminds of a prompt; what every reminder has is added by `bot.reminders`."""

from __future__ import annotations

from bot.chat.cards import Card, Heading, Markdown, Moment, Note, say
from bot.reflections.cards import answer_buttons, questions_text
from bot.reflections.schedule.asked_prompts import AskedPrompt

OPENINGS = (
    "This one is still open, and a line is enough:",
    "In case you have two minutes:",
    "I ask this once more and then leave it to you:",
)

MAYBE = "If you have answered anonymously, you are done: I cannot know who has."


def reminder_card(here: AskedPrompt, zone: str, step: int) -> Card:
    """A prompt that closes soon, for somebody who usually answers."""
    return say(
        here.prompt.title,
        Heading(here.prompt.title),
        Markdown(f"{OPENINGS[min(step, len(OPENINGS) - 1)]}\n\n**{questions_text(here.prompt)}**"),
        Markdown(("Open until ", Moment(here.closes_at, zone), ".")),
        answer_buttons(here.id, anonymous=here.anonymous),
        *((Note(MAYBE),) if here.anonymous else ()),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ASKED, UNNAMED  # examples only

    asked = (reminder_card(ASKED, "Europe/Dublin", step) for step in (0, 2))
    return (*asked, reminder_card(UNNAMED, "Europe/Dublin", 0))
