"""The card that reminds of a prompt; what every reminder has is added by `bot.reminders`."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import Card, Heading, Markdown, Moment, Note, Words, compose, say
from bot.chat.language import N_, _
from bot.reflections.cards import answer_buttons, questions_text
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reminders.policy import Wording

SENTENCES = (
    N_("This question is still open. A short answer is enough."),
    N_("In case you have two minutes:"),
    N_("There is still time to answer this one."),
    N_("If now is a good moment, here is the question again."),
    N_("Two minutes are enough for this one."),
    N_("Answer in one line if that is all the time you have."),
    N_("Here is the question once more, in case you want to answer."),
    N_("You can still answer this one, in your own words and your own time."),
)
"""The ways to remind of a prompt; the policy chooses, so that nobody reads one twice in a month."""


def reason(here: AskedPrompt, last_at: datetime, zone: str) -> Words:
    """Why somebody is reminded: when they last answered a prompt, which is true of them alone."""
    sentence = _("You get this because you answered a prompt on {date}, and “{title}” closes soon.")
    return compose(sentence, date=Moment(last_at, zone, "date"), title=here.prompt.title)


def reminder_card(here: AskedPrompt, zone: str, said: Wording) -> Card:
    """A prompt that closes soon, for somebody who has answered one lately."""
    farewell = _("I will not remind you of prompts again until you answer one.")
    maybe = _("If you have answered anonymously, you are done. I cannot know who has.")
    until = compose(_("Open until {when}."), when=Moment(here.closes_at, zone))
    return say(
        here.prompt.title,
        Heading(here.prompt.title),
        Markdown(f"{_(said.sentence)}\n\n**{questions_text(here.prompt)}**"),
        Markdown(until),
        *((Markdown(farewell),) if said.ends_series else ()),
        answer_buttons(here.id, anonymous=here.anonymous),
        *((Note(maybe),) if here.anonymous else ()),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ASKED, UNNAMED  # examples only

    first, last = Wording(SENTENCES[0]), Wording(SENTENCES[2], ends_series=True)
    return tuple(
        reminder_card(asked, "Europe/Dublin", said)
        for asked, said in ((ASKED, first), (ASKED, last), (UNNAMED, first))
    )
