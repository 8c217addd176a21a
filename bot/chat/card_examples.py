"""Example cards with every block, for the gallery and for the tests of every platform."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    File,
    Heading,
    Markdown,
    Mention,
    Moment,
    Note,
    Picture,
    Progress,
    Quote,
    Select,
    Table,
)
from bot.chat.charts import Chart

_CHART = Chart("Answers", "Answers", (("Oct 5", 12), ("Oct 12", 9)))


def examples() -> tuple[Card, ...]:
    """One card with every block, for the gallery and for the tests of every platform."""
    when = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f"
        "0005fe02fea735811e0000000049454e44ae426082"
    )
    return (
        Card(
            "Every block a card can hold",
            (
                Heading("Every block a card can hold"),
                Markdown(("**Strong**, *soft* and `exact`, said by ", Mention("u1", "Ada"), ".")),
                Facts(
                    (
                        ("Closes", (Moment(when, "Europe/Dublin"),)),
                        ("Where", (ChannelLink("c1", "staffroom"),)),
                    )
                ),
                Quote("We tried *wait time* <today> @everyone.", by="Ada"),
                Table(("Team", "Lessons"), (("North", "2 of 3"), ("South", "1 of 3"))),
                Progress("Lessons", 2, 3),
                Picture(pixel, "A single gray dot"),
                Picture(pixel, "Answers. Oct 5: 12. Oct 12: 9.", _CHART),
                File("notes.txt", b"two words", "Notes from the meeting"),
                Buttons(
                    (
                        Button("Answer", opens="reflect.answer", value="o1", style="main"),
                        Button("Not this week", does="reflect.skip", value="o1"),
                        Button("Read more", link="https://example.org/"),
                    )
                ),
                Select("Help", "reflect.help", (("full", "Full"), ("half", "Half"), ("bare", "Bare"))),
                Note("Only you can see this."),
            ),
        ),
    )
