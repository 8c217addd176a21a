"""The card that reminds of a prompt; what every reminder has is added by `bot.reminders`."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Moment, say
from bot.reflections.cards import questions_text
from bot.reflections.schedule.asked_prompts import AskedPrompt

OPENINGS = (
    "This one is still open, and a line is enough:",
    "In case you have two minutes:",
    "I ask this once more and then leave it to you:",
)


def reminder_card(here: AskedPrompt, zone: str, step: int) -> Card:
    """A prompt that closes soon, for somebody who usually answers."""
    return say(
        here.prompt.title,
        Heading(here.prompt.title),
        Markdown(f"{OPENINGS[min(step, len(OPENINGS) - 1)]}\n\n**{questions_text(here.prompt)}**"),
        Markdown(("Open until ", Moment(here.closes_at, zone), ".")),
        Buttons(
            (
                Button("Answer", opens="reflect.answer", value=f"o{here.id}", style="main"),
                Button("Not this week", does="reflect.skip", value=f"o{here.id}"),
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ASKED  # examples only

    return (reminder_card(ASKED, "Europe/Dublin", 0), reminder_card(ASKED, "Europe/Dublin", 2))
