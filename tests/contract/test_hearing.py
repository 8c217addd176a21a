"""What an adapter tells the door when people write, react, come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.cards import say
from bot.chat.events import HomeOpened, MessageReceived, PersonUpdated, ReactionChanged, SpaceConnected
from bot.chat.models import Message
from bot.chat.port import NotStored
from tests.stories.room import Line, Newcomer

NEAR = timedelta(seconds=2)


async def test_starting_tells_the_space_first_and_then_who_is_there(here):
    first = here.door.heard[0]
    assert isinstance(first, SpaceConnected)
    assert first.space == here.room.space
    assert first.name
    assert here.place().space == first.space
    for who, name in (("ada", "Ada Quinn"), ("mo", "Mo Hale"), ("ida", "Ida Vale")):
        person = here.person(who)
        assert (person.space, person.name, person.bot, person.stranger) == (first.space, name, False, False)
    assert {here.adapter.platform} == {first.space.partition(":")[0]}


async def test_a_space_is_new_only_once(here):
    await here.restart()
    seen = here.door.of(SpaceConnected)
    assert seen
    assert not any(one.new for one in seen)


async def test_what_somebody_writes_is_told_as_one_message(here):
    id = await here.room.say("ada", "c1", "The caretaker.")
    [said] = here.door.messages
    ada = here.person("ada")
    assert said == Message(here.place(), id, ada, "The caretaker.", said.at, said.at)
    assert abs(said.at - here.clock.now()) < NEAR
    assert said.at.tzinfo is not None


async def test_an_edit_is_the_same_message_with_a_later_version(here):
    id = await here.room.say("ada", "c1", "The caretaker.")
    here.clock.advance(timedelta(minutes=5))
    await here.room.edit("ada", id, "The lift.")
    old, new = here.door.messages
    assert (new.id, new.place, new.author, new.text, new.at) == (
        id,
        old.place,
        old.author,
        "The lift.",
        old.at,
    )
    assert abs(new.version - here.clock.now()) < NEAR


async def test_two_edits_within_a_second_are_each_newer_than_what_was_before(here):
    id = await here.room.say("ada", "c1", "One.")
    for text in ("Two.", "Three."):
        await here.room.edit("ada", id, text)
    one, two, three = here.door.messages
    assert (one.text, two.text, three.text) == ("One.", "Two.", "Three.")
    assert one.version < two.version < three.version


async def test_a_deletion_is_the_same_message_without_words(here):
    id = await here.room.say("ada", "c1", "The caretaker.")
    here.clock.advance(timedelta(minutes=5))
    await here.room.erase("ada", id)
    gone = here.door.messages[-1]
    assert (gone.id, gone.place, gone.text, gone.deleted) == (id, here.place(), "", True)
    assert gone.version > here.door.messages[0].version


async def test_what_is_said_in_a_thread_is_told_with_its_thread(here):
    root = await here.post(say("What did you notice?"))
    id = await here.room.say("ben", "c1", "The bus.", thread=root.id)
    await here.room.edit("ben", id, "The bus driver.")
    await here.room.erase("ben", id)
    assert [(one.place, one.id, one.text, one.deleted) for one in here.door.messages] == [
        (here.place("c1", root.id), id, "The bus.", False),
        (here.place("c1", root.id), id, "The bus driver.", False),
        (here.place("c1", root.id), id, "", True),
    ]


async def test_what_is_said_to_the_bot_alone_is_told_as_private(here):
    id = await here.room.direct("cleo", "The lift, of all things.")
    [said] = here.door.messages
    place = await here.adapter.direct(here.room.space, here.room.id_of("cleo"))
    assert place.private
    assert said == Message(place, id, here.person("cleo"), "The lift, of all things.", said.at, said.at)
    await here.room.edit("cleo", id, "The stairs.")
    await here.room.erase("cleo", id)
    assert [(one.text, one.deleted) for one in here.door.messages[1:]] == [("The stairs.", False), ("", True)]


async def test_whom_a_message_answers_or_names_first_is_told_and_never_the_bot(here):
    root = await here.post(say("What did you notice?"))
    ada = await here.room.say("ada", "c1", "The caretaker.", thread=root.id)
    await here.room.say("ben", "c1", "Tell me more!", thread=root.id, to=ada)
    await here.room.say("cleo", "c1", "@Ada Quinn and @Ben Okafor, same here", thread=root.id)
    await here.room.say("cleo", "c1", "@Ada Quinn @Ben Okafor same here", thread=root.id)
    await here.room.say("cleo", "c1", "It was @Ada Quinn who said so", thread=root.id)
    to = [one.to for one in here.door.messages]
    who = {name: here.room.id_of(name) for name in ("ada", "ben")}
    assert to == [set(), {who["ada"]}, {who["ada"]}, {who["ada"], who["ben"]}, set()]
    assert here.door.messages[1].text.endswith("Tell me more!")
    assert here.door.messages[3].text == "@Ada Quinn @Ben Okafor same here", (
        "names are read as people read them"
    )


async def test_files_are_told_by_name(here):
    await here.room.say("ada", "c1", "See here.", files=("notes.txt", "plan.png"))
    assert (here.door.messages[-1].text, here.door.messages[-1].files) == (
        "See here.",
        ("notes.txt", "plan.png"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "a & b < c > d",
        "*stars* _lines_ ~waves~ `ticks`",
        "two\nlines",
        "naïve 🌱 日本",
        "&amp; &lt;b&gt;",
        "5 * 3",
        "#1",
    ],
)
async def test_the_words_are_told_as_their_author_typed_them(here, text):
    await here.room.say("ada", "c1", text)
    assert here.door.messages[-1].text == text


async def test_a_link_is_told_as_its_address(here):
    await here.room.say("ada", "c1", "See https://example.org/a?b=1&c=2 for it.")
    assert here.door.messages[-1].text == "See https://example.org/a?b=1&c=2 for it."


async def test_reactions_are_told_coming_and_going(here):
    root = await here.post(say("What did you notice?"))
    for message in (root.id, await here.room.say("ada", "c1", "Talk.", thread=root.id)):
        await here.room.react("ben", message, "seedling")
        await here.room.react("ben", message, "seedling", gone=True)
    ben = here.person("ben")
    told = here.door.of(ReactionChanged)
    assert [(one.person, one.emoji, one.gone) for one in told] == [
        (ben, "seedling", False), (ben, "seedling", True)
    ] * 2  # fmt: skip
    assert [one.message for one in told] == [root.id, root.id, told[2].message, told[2].message]
    assert told[0].place == here.place()
    assert told[2].place.root == here.place()


async def test_what_the_bot_says_itself_is_not_told_as_somebody_elses(here):
    line = await here.post(say("What did you notice?"))
    await here.adapter.update(here.place(), line.id, say("What did you notice today?"))
    place = await here.adapter.thread(here.place(), line.id, "Thread")
    await here.post_in(place, say("Thank you."))
    await here.adapter.delete(here.place(), line.id)
    await here.room.settle()
    assert here.door.messages == []
    assert all(one.message.own for one in here.door.of(MessageReceived))


async def test_people_who_join_leave_and_change_are_told(here):
    await here.room.join(Newcomer("zoe", "Zoe Reed", zone="America/New_York"))
    zoe = here.person("zoe")
    assert zoe.name == "Zoe Reed"
    assert zoe.zone in ("America/New_York", None)
    assert [one.left for one in here.door.of(PersonUpdated) if one.person.id == zoe.id] != []
    await here.room.join(Newcomer("zoe", "Zoe Reed-Hale", zone="America/New_York"))
    assert here.person("zoe").name == "Zoe Reed-Hale"
    await here.room.leave("zoe")
    last = [one for one in here.door.of(PersonUpdated) if one.person.id == zoe.id][-1]
    assert last.left


async def test_facts_tell_moderators_and_admins_from_members_as_they_are_now(here, tmp_path):
    from bot.chat.models import Role
    from bot.people.roles import RoleSources
    from tests.stories.stage import settings_for

    roles = here.room.settings(settings_for(tmp_path)).roles
    sources = RoleSources(roles.admins, roles.moderators)
    ranks = {who: sources.of(here.person(who)) for who in ("ada", "mo", "ida")}
    assert ranks == {"ada": Role.MEMBER, "mo": Role.MODERATOR, "ida": Role.ADMIN}
    if here.room.platform != "discord":  # whoever is in a server is a member of it
        await here.room.join(Newcomer("guest", "A Guest", stranger=True))
        assert sources.of(here.person("guest")) is Role.STRANGER
    await here.room.join(Newcomer("mo", "Mo Hale"))
    await here.room.say("mo", "c1", "I am one of you now.")
    author = here.door.messages[-1].author
    assert author is not None
    assert sources.of(author) is Role.MEMBER


async def test_what_could_not_be_kept_is_told_to_its_author_and_told_again(here):
    here.door.will_answer(MessageReceived, *[NotStored(say("I can’t save anything right now."))] * 8)
    await here.room.say("ada", "c1", "Into the void.")
    assert "can’t save" in here.told("ada")[-1]
    assert here.told("ben") == [], "only to whoever wrote it"
    here.door.answers.clear()
    before = len(here.door.messages)
    await here.room.redeliver()
    assert len(here.door.messages) > before
    assert {one.text for one in here.door.messages} == {"Into the void."}


async def test_what_is_said_while_nobody_listens_is_not_told(here):
    here.room.deafen(True)
    await here.room.say("ada", "c1", "Nobody hears.")
    here.room.deafen(False)
    await here.room.say("ada", "c1", "Somebody hears.")
    assert [one.text for one in here.door.messages] == ["Somebody hears."]


async def test_a_card_in_answer_to_a_message_is_shown_to_its_author_alone(here):
    here.door.will_answer(
        MessageReceived,
        say(
            "Kept.",
        ),
    )
    await here.room.say("ada", "c1", "The caretaker.")
    [told] = here.told("ada")
    assert told.startswith("Kept.")
    assert here.told("ben") == []
    assert here.own(None) == []


@pytest.mark.only("local", "slack", reason="Discord has no page of a bot's own")
async def test_the_bots_own_page_shows_the_answer_and_its_buttons_work(here):
    from bot.chat.events import ButtonPressed
    from tests.contract.door import CARD

    here.door.will_answer(HomeOpened, CARD)
    page = await here.room.open_home("ada")
    [opened] = here.door.of(HomeOpened)
    assert opened.person == here.person("ada")
    assert isinstance(page, Line)
    assert "Something to do." in page.text.replace("**", "")
    await here.room.press("ada", page, "Do it")
    [pressed] = here.door.of(ButtonPressed)
    assert (pressed.person, pressed.id, pressed.value) == (opened.person, "try.do", "d1")
    assert pressed.place.private
