"""The table of who may use which door: each command, button, form and shortcut with the lowest rank that may.

A new one needs a line here, or the walk fails. `lead` is whoever leads the team it is about, or a moderator. What a
member may read through a door is in `SECRETS`.
"""

from __future__ import annotations

RANKS = ("member", "lead", "moderator", "admin")

PEOPLE = {
    "author": "member", "mate": "member", "outsider": "member", "member": "member", "returned": "member",
    "lead": "lead", "moderator": "moderator", "admin": "admin", "other": "admin", "guest": "", "robot": "",
}  # fmt: skip
"""Everybody, with their rank. The mate and the lead are in the author's team and the outsider in another; the returned was
erased and came back; the other is an admin of another community; a guest and a bot have no rank."""


def _rows(**ranks: str) -> dict[str, str]:
    """The rank of each name in lists that commas separate."""
    return {name.strip(): rank for rank, names in ranks.items() for name in names.split(",")}


COMMANDS = _rows(
    lead="team add, team remove, team rename, team place, team meet, team archive",
    member="""reflect, reflect now, reflect answer, reflect history, reflect edit, reflect share, reflect delete, reflect read,
        reflect suggest, course, course list, course join, course progress, course lesson, course done, course undo,
        course extend, course pause, course resume, course leave, course evidence, course badge, course handout, team, team list, team join, team leave,
        team progress, my, my settings, my data, my data mirror, my data export, my data delete, my away, my back, my stop, my resume,
        tilth, tilth help, my link, reflect conversations, reflect report, reflect anonymous, reflect receipt,
        team handover, team plan, team support, my letter, course quiz, course buddy, course weeks, team compare, find,
        strategy, strategy save, my calendar""",
    moderator="""prompt, prompt schedule, prompt list, prompt queue, prompt show, prompt edit, prompt skip, prompt unskip,
        prompt pause, prompt resume, prompt now, prompt approve, prompt retry, prompt cancel, prompt delete, prompt place,
        prompt add, prompt retire, prompt unretire, prompt tag, prompt move, prompt import, prompt export, prompt review,
        prompt preview, team create, team lead, team import, course enroll, course import, tilth calendar, tilth calendar add,
        tilth calendar term, tilth calendar holidays, tilth calendar import, tilth calendar remove, tilth calendar policy, tilth feed,
        discuss, discuss schedule, discuss list, discuss queue, discuss show, discuss edit, discuss skip, discuss unskip,
        discuss pause, discuss resume, discuss now, discuss approve, discuss retry, discuss cancel, discuss delete,
        discuss topics, discuss coming, discuss preview, tilth invite, reflect hide,
        report, report week, report waiting, report scales, report worth, report teams, report note, report highlights, report export, strategy monthly""",
    admin="prompt pings, tilth setup, tilth audit, tilth connect, tilth doctor, tilth webhooks",
)
BUTTONS = _rows(
    member="""reflect.tap, reflect.skip, reflect.unskip, reflect.hints, reflect.open, reflect.page, reflect.share, reflect.delete, reflect.undo, reflect.move, reflect.keep, reflect.unsay, talk.drop, course.keep, reflect.read,
        reflect.whole, reflect.save, course.list, course.preview, course.see, course.lesson, course.meeting, course.starter, course.parts, course.online,
        course.example, course.leaders, course.sheets, course.sheet, course.alone, course.handout, course.open, course.team,
        course.join, course.rejoin, course.leave, course.rest, course.resume, team.leave, team.undo, team.see, course.start,
        course.done, course.undo, discuss.rsvp, discuss.ics, my.export, my.mirror, reminder.later, reminder.stop, my.join,
        my.leave, my.link.join, my.link.drop, my.unlink, talk.thank, talk.unthank, talk.end, anonymous.delete, anonymous.read,
        team.accept, team.decline, danger.pause, danger.contact, menu.run, menu.more, menu.choose,
        plan.see, plan.canvas, plan.part, plan.more, plan.history, plan.fishbone, plan.print, plan.choose, plan.done, plan.remove, plan.restore,
        team.compare.ask, team.compare.agree, team.compare.end, course.buddy.find, course.buddy.swap, course.buddy.stop,
        course.unhold, team.unhold, plan.undo, plan.share, plan.publish, plan.unshare, plan.keep, plan.drop,
        plan.place.post, plan.place.post.now, plan.place.again, plan.place.remove, plan.place.make,
        meet.see, meet.start, meet.next, meet.back, meet.end, meet.off, meet.on,
        my.letter, my.recall, check.done, check.stuck, check.private, check.about, check.say, report.decide, find.page,
        strategy.list, strategy.see, strategy.agree, strategy.decline, strategy.withdraw, strategy.restore, strategy.try, strategy.untry, strategy.results,
        rating.give, rating.change, rating.back, my.calendar, team.year, team.archive, team.keep, team.reopen, team.renew""",
    moderator="""prompt.confirm, prompt.drop, prompt.approve, prompt.skip, prompt.unskip, prompt.post, prompt.dismiss,
        prompt.again, prompt.resume, prompt.restore, prompt.list, prompt.another, prompt.page, prompt.retire, prompt.unretire,
        prompt.top, prompt.review, prompt.accept, team.import.take, team.import.drop, team.import.undo, course.unenroll, alerts.release, alerts.leave, calendar.remove,
        calendar.undo, calendar.restore, discuss.confirm, discuss.drop, discuss.approve, discuss.skip, discuss.unskip,
        discuss.post, discuss.dismiss, discuss.again, discuss.resume, discuss.restore, discuss.list, discuss.undrop,
        invite.preview, invite.post, invite.drop, reflect.reported, reflect.leave, reflect.unhide, anonymous.hide,
        anonymous.show, danger.take, report.week, report.waiting, report.charts, report.teams, report.scales,
        report.note, report.look, report.ask, report.unpost, report.highlights, report.export.see,
        report.export.stop, report.export.get,
        course.import.take, course.import.course, course.import.drop,
        strategy.retire, strategy.monthly, tilth.feed""",
    admin="""tilth.audit, tilth.connect.join, tilth.connect.drop, tilth.setup.see, tilth.setup.pass, tilth.setup.clear, tilth.doctor,
        tilth.webhook.see, tilth.webhook.test, tilth.webhook.pause, tilth.webhook.resume, tilth.webhook.remove""",
)
FORMS = _rows(
    member="""reflect.answer, reflect.edit, reflect.find, reflect.suggest, course.note, course.finish, course.quiz, course.evidence, course.badge, my.delete, my.hours, my.reading, my.link.enter, talk.reply,
        reflect.report, anonymous.answer, anonymous.change, anonymous.receipt, menu.open, menu.fill, plan.write,
        plan.place.pick, meet.plan,
        check.move, check.line, check.tell, find.form,
        strategy.write, strategy.edit, strategy.went""",
    moderator="""prompt.new, prompt.draft, prompt.change, prompt.add, prompt.edit, prompt.import, prompt.take, prompt.decline,
        course.import, course.import.columns, team.import, team.import.choose, calendar.add, calendar.term, calendar.import,
        discuss.new, discuss.draft, discuss.change,
        discuss.topics, reflect.hide, prompt.place, discuss.place, report.post, report.export,
        strategy.monthly.place""",
    admin="""tilth.connect.enter, tilth.setup.home, tilth.setup.year, tilth.setup.danger, tilth.setup.moderators,
        tilth.setup.alerts, tilth.webhook.add""",
)
SHORTCUTS = _rows(
    member="strategy.write, reflect.save, reflect.answer, reflect.suggest", moderator="discuss.new"
)

_HERE = {"author", "mate", "outsider", "member", "returned", "lead", "moderator", "admin"}
SECRETS: dict[str, set[str]] = {
    "the indigo note": {"author", "mate"},
    "the plum note": {"author"},
    "the amber note": {"author", "moderator", "admin"},
    "the olive note": {"author", "mate", "lead"},
    "the coral note": _HERE,
    "the lesson note": {"author"},
    "the suggested words": {"author", "moderator", "admin"},
    "the quiet reply": {"author", "mate"},
    "the violet note": {"author", "mate", "lead"},
    "the erased note": set(),
    "the private note": {"author", "mate"},
}
"""What was said and who may be shown it through any door: the author's answers for each audience, what they noted of a
lesson, what they suggested, what they wrote into the plan of their team, what their mate wrote to them in private, and an
answer of whoever was erased."""
