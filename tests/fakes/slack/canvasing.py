"""What people do on canvases, and see there. Slack tells the bot nothing of it: there is no event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.canvas_text import Canvas, as_markdown, split_sections

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Canvasing:
    """The part of the server with canvases."""

    canvases: dict[str, Canvas]
    canvas_lists = False
    """Whether a list is one section."""
    canvas_folds = False
    """Whether words are found in a section whatever their capitals are."""

    def canvas_of(self: FakeSlack, channel: str) -> Canvas | None:
        """The canvas that a channel has now."""
        mine = (one for one in self.canvases.values() if one.channel == channel and not one.deleted)
        return next(mine, None)

    def canvas_text(self: FakeSlack, channel: str) -> str:
        """What people read on the canvas of a channel, as Markdown; empty without one."""
        found = self.canvas_of(channel)
        return as_markdown(found.sections) if found is not None else ""

    def make_canvas(self: FakeSlack, channel: str, markdown: str, owner: str) -> Canvas:
        """Somebody makes the canvas of a channel."""
        made = Canvas(self.world.id("F"), channel, owner)
        self.canvases[made.id] = made
        made.sections = split_sections(markdown, lambda: self.world.id("x"), whole_lists=self.canvas_lists)
        return made

    def write_on_canvas(self: FakeSlack, channel: str, old: str, new: str) -> None:
        """Somebody changes words of one line; with an empty `old` they add a block at the end."""
        found = self.canvas_of(channel)
        assert found is not None, "there is no canvas"
        if not old:
            found.sections += split_sections(new, lambda: self.world.id("x"), whole_lists=self.canvas_lists)
            return
        [one] = [one for one in found.sections if old in one.markdown]
        one.markdown = one.markdown.replace(old, new)
        if not one.markdown:
            found.sections.remove(one)

    def delete_canvas(self: FakeSlack, channel: str) -> None:
        """Somebody deletes the canvas of a channel."""
        found = self.canvas_of(channel)
        assert found is not None, "there is no canvas"
        found.deleted = True
