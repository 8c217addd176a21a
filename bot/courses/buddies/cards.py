"""Cards about buddies: the offer, the wait, the pair and its end."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Note, say
from bot.chat.language import _
from bot.courses.lessons.catalog import CatalogCourse


def offer_card(listed: CatalogCourse) -> Card:
    """What a buddy is, to somebody who has none and did not ask for one."""
    title = _("A buddy for {course}", course=listed.course.title)
    words = _(
        "A buddy is one other person who takes **{course}** and wants to talk about it with somebody, too. When I find one, "
        "you both get each other’s name in a direct message. You can ask for somebody else, or stop, at any time.",
        course=listed.course.title,
    )
    find = Button(_("Find me a buddy"), does="course.buddy.find", value=listed.name, style="main")
    return say(title, Heading(title), Markdown(words), Buttons((find,)), _privacy())


def waiting_card(listed: CatalogCourse) -> Card:
    """To somebody who waits for a buddy."""
    title = _("I am looking for a buddy for you")
    words = _(
        "I have found nobody for you in **{course}** yet. I write to you when I find somebody.",
        course=listed.course.title,
    )
    stop = Button(_("Stop looking"), does="course.buddy.stop", value=listed.name)
    return say(title, Markdown(words), Buttons((stop,)), _privacy())


def paired_card(listed: CatalogCourse, name: str, *, finished: bool = False) -> Card:
    """To each of two who are buddies now: who the other is. Whoever has finished the course is not looked for again."""
    title = _("{name} is your buddy", name=name)
    words = _(
        "**{name}** is your buddy in **{course}**. Write to each other when it suits you both: one thing from the open lesson "
        "is enough to begin.",
        name=name,
        course=listed.course.title,
    )
    swap = Button(_("Ask for somebody else"), does="course.buddy.swap", value=listed.name)
    stop = Button(_("No buddy anymore"), does="course.buddy.stop", value=listed.name)
    buttons = (stop,) if finished else (swap, stop)
    return say(title, Heading(title), Markdown(words), Buttons(buttons), _privacy())


def ended_card(listed: CatalogCourse) -> Card:
    """To somebody whose buddy asked for another one, left, or was erased: without a name, and without a reason."""
    title = _("Your buddy has changed")
    words = _(
        "You have no buddy in **{course}** right now. I am looking for somebody else for you, and write when I find them.",
        course=listed.course.title,
    )
    stop = Button(_("Stop looking"), does="course.buddy.stop", value=listed.name)
    return say(title, Markdown(words), Buttons((stop,)))


def over_card(listed: CatalogCourse) -> Card:
    """To somebody who has finished a course, and has no buddy in it any more."""
    words = _(
        "You have no buddy in **{course}** anymore. You finished the course, so I am not looking for "
        "somebody else.",
        course=listed.course.title,
    )
    return say(_("Your buddy has changed"), Markdown(words))


def finished_card(listed: CatalogCourse) -> Card:
    """To somebody who has finished a course, and asks for a buddy in it."""
    words = _(
        "You finished **{course}**. I find buddies only for people who are still taking the course.",
        course=listed.course.title,
    )
    return say(_("You finished {course}", course=listed.course.title), Markdown(words))


def stopped_card(listed: CatalogCourse, *, finished: bool = False) -> Card:
    """To somebody who wants no buddy any more; whoever has finished the course cannot ask for another one."""
    words = _("You have no buddy in **{course}**, and I am not looking for one.", course=listed.course.title)
    again = Button(_("Find me a buddy"), does="course.buddy.find", value=listed.name)
    return say(_("No buddy anymore"), Markdown(words), *(() if finished else (Buttons((again,)),)))


def _privacy() -> Note:
    return Note(_("Only the two of you know. Moderators and your team do not see who has a buddy."))
