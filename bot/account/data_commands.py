"""`/my data`: what is stored about a member, to see, to take away, and to have erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.account.erasure import MemberErasure
from bot.chat.cards import Button, Buttons, Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.forms import FieldErrors, Form, Hint, ShortText
from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Command
from bot.content import spreadsheet
from bot.feature import ButtonHandler, CommandHandler, DataSubject, FormHandler, Reads, Request, Waits
from bot.people.accounts import accounts_of
from bot.store.store import Store

WORD = "DELETE"
"""What somebody types to have everything erased."""


def data_subject(conn: Connection, request: Request) -> DataSubject:
    """Whoever asks, with all their accounts."""
    accounts = accounts_of(conn, request.community.id, request.member.id)
    return DataSubject(request.community, request.member.id, tuple(accounts), request.now)


def delete_form(_conn: Connection, _request: Request) -> Form:
    """The form that asks for the typed word."""
    return Form(
        "my.delete", _("Delete everything about me"),
        (
            Hint(
                _(
                    "This erases your answers, your settings and what I know of your messages, and cannot be "
                    "undone. Messages you wrote in channels stay there; delete them yourself if you like. What "
                    "you wrote into a team’s plan stays, without your name. What you answered anonymously stays "
                    "too: nobody can tell it is yours, and only its receipt code deletes it. `/my data export` "
                    "first gives you a copy."
                )
            ),
            ShortText("word", _("Type {word} to go on", word=WORD), limit=20),
        ),
        submit=_("Delete"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataCommands:
    """Handlers about a member's own data."""

    erasure: MemberErasure
    store: Store
    kept: Callable[[], str]
    """How long what is kept of a member, in words."""

    def show_data(self, conn: Connection, request: Request) -> Card:
        """How much is stored about the asker, and who can see it."""
        rows = tuple((what, str(len(rows))) for what, rows in self._bundle(conn, request).items() if rows)
        return say(
            _("What I store about you"),
            Heading(_("What I store about you")),
            Facts(rows) if rows else Markdown(_("Nothing but your name and that you are here.")),
            Markdown(
                _(
                    "Moderators see who answered only through what you shared: `me` is yours alone, `moderators` "
                    "is for them, `team` and `everyone` say what they mean. They cannot open your other answers."
                )
            ),
            Markdown(
                _(
                    "What I take for somebody being in danger is not saved, and I tell nobody. Where your "
                    "community lets you ask a moderator to contact you, they are told who asks, never what you "
                    "wrote. I miss some of it: call."
                )
            ),
            Markdown(_("How long I keep things. {kept}", kept=self.kept())),
            Buttons(
                (
                    Button(_("Export"), does="my.export"),
                    Button(_("Delete everything"), opens="my.delete", style="danger"),
                )
            ),
        )

    def show_page(self, conn: Connection, request: Request) -> Card:
        """What can be done about one's own data; the buttons come with the menu."""
        count = sum(len(rows) for rows in self._bundle(conn, request).values())
        lines = (
            _("**Show** says what is stored, who can see it, and for how long."),
            _("**Export** gives you a copy of everything."),
            _("**Delete** erases everything about you."),
        )
        stored = ngettext(
            "Tilth stores {count} entry about you.", "Tilth stores {count} entries about you.", count
        )
        title = _("Your data")
        return say(
            title, Heading(title), Markdown(stored), Markdown("\n".join(f"- {line}" for line in lines))
        )

    def show_data_again(self, conn: Connection, request: Request) -> Card:
        """The same, in the place of the card whose button was pressed."""
        return replace(self.show_data(conn, request), replaces=True)

    def export_data(self, conn: Connection, request: Request) -> Card:
        """Everything stored about the asker, as files for them alone."""
        return export_card(self._bundle(conn, request))

    def _bundle(self, conn: Connection, request: Request) -> dict[str, list[dict[str, object]]]:
        subject = data_subject(conn, request)
        bundle: dict[str, list[dict[str, object]]] = {}
        for feature in self.erasure.features():
            bundle.update({name: list(rows) for name, rows in feature.hand_over(conn, subject).items()})
        return bundle

    async def delete_data(self, request: Request) -> Card | FieldErrors:
        """Erase the asker, once they typed the word; the database's log forgets before they are told."""
        if request.text("word").strip().upper() != WORD:
            return FieldErrors({"word": f"Type {WORD}, or close this and nothing happens."})
        await self.erasure.erase(await self.store.read(lambda conn: data_subject(conn, request)))
        return say(
            _("Everything about you is erased"),
            Markdown(
                _(
                    "Everything about you is erased, and what you wrote before now will not be taken in again. "
                    "Write to me any time to begin anew."
                )
            ),
        )

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /my data."""
        home = Command("my", "data", N_("What Tilth stores about you"), label=N_("My data"), common=True)
        mirror = Command(
            "my", "data mirror", N_("What I store about you, and who can see it"), label=N_("Show")
        )
        export = Command(
            "my", "data export", N_("Everything I store about you, as files"), label=N_("Export")
        )
        delete = Command(
            "my", "data delete", N_("Erase everything about you"), opens=True, label=N_("Delete")
        )
        return (
            CommandHandler(home, Reads(self.show_page)),
            CommandHandler(mirror, Reads(self.show_data)),
            CommandHandler(export, Reads(self.export_data)),
            CommandHandler(delete, Reads(delete_form)),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of the settings and of the data's card."""
        return (
            ButtonHandler("my.export", Reads(self.export_data)),
            ButtonHandler("my.mirror", Reads(self.show_data_again)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form that asks before everything is erased."""
        return (FormHandler("my.delete", Reads(delete_form), Waits(self.delete_data)),)


def export_card(bundle: Mapping[str, list[dict[str, object]]]) -> Card:
    """Everything kept about a person: JSON with all of it, and their answers as a table."""
    whole = json.dumps(bundle, ensure_ascii=False, indent=2).encode()
    return say(
        _("Your data"),
        Markdown(
            _(
                "Everything I store about you: one file with all of it, and one with your answers for a "
                "spreadsheet."
            )
        ),
        File("tilth-my-data.json", whole, _("Everything, as JSON")),
        File("tilth-my-answers.csv", _csv(bundle.get("answers", [])), _("Your answers, for a spreadsheet")),
        Note(_("Only you can see this.")),
    )


def _csv(answers: list[dict[str, object]]) -> bytes:
    """Answers as a table for a spreadsheet."""
    rows = []
    for row in answers:
        parts = row["parts"] if isinstance(row["parts"], list) else []
        text = "\n\n".join(str(part["text"]) for part in parts)
        rows.append(
            [row["answer"], row["prompt"], row["question"], row["shared with"], row["first at"], text]
        )
    return spreadsheet.write(("answer", "prompt", "question", "shared with", "first at", "text"), rows)
