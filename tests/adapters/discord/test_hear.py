"""What Discord tells becomes what the door understands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from adapters.discord import hear
from bot.chat.models import Place

US, ADA, BEN, GUILD = "900000000000000001", "900000000000000002", "900000000000000003", "800000000000000001"
ID = "1424309702656000000"
AT = hear.sent_at(ID)
HERE = Place(f"discord:{GUILD}", "700", "701")


@dataclass
class Meadow:
    """A server with two roles and a channel."""

    space: str = f"discord:{GUILD}"
    owner: str = "1"
    bits: dict[str, int] = field(
        default_factory=lambda: {GUILD: 1 << 10, "11": 1 << 5, "12": 1 << 3, "13": 0}
    )

    def channel(self, id):
        return {"700": "staffroom"}.get(id)

    def role(self, id):
        return {"11": "mods"}.get(id)

    def powers(self, role):
        return self.bits.get(role, 0)


def user(id, name, **more):
    return {"id": id, "username": name.lower(), "global_name": name, **more}


def told(content="Hello.", **more):
    return {
        "id": ID, "channel_id": "701", "guild_id": GUILD, "type": 0, "author": user(ADA, "Ada"), "content": content,
        "member": {"roles": [], "nick": None}, "mentions": [], "attachments": [], "edited_timestamp": None, "flags": 0,
        **more,
    }  # fmt: skip


def heard(content="Hello.", hidden=False, **more):
    return hear.read_message(told(content, **more), HERE, Meadow(), US, hidden=hidden)


def test_a_message_is_told_with_its_author_and_times():
    said = heard()
    assert (said.place, said.id, said.text, said.at, said.version) == (HERE, ID, "Hello.", AT, AT)
    assert (said.author.id, said.author.name, said.author.stranger, said.own) == (ADA, "Ada", False, False)


def test_a_nickname_goes_before_the_name_and_the_name_before_the_account():
    assert heard(member={"roles": [], "nick": "Ada Q"}).author.name == "Ada Q"
    assert heard(author={"id": ADA, "username": "ada", "global_name": None}).author.name == "ada"


def test_an_edit_has_the_time_of_the_edit_as_its_version():
    said = heard(edited_timestamp="2026-10-05T09:30:00.500000+01:00")
    assert said.version == datetime(2026, 10, 5, 8, 30, 0, 500000, tzinfo=UTC)
    assert said.version.tzinfo is UTC


@pytest.mark.parametrize(
    ("update", "is_edit"),
    [
        (told(edited_timestamp="2026-10-05T09:30:00+00:00"), True),
        (told(embeds=[{}]), False),
        ({"id": ID, "channel_id": "701", "embeds": []}, False),
        (told(edited_timestamp="2026-10-05T09:30:00+00:00", type=6), False),
    ],
)
def test_previews_and_pins_are_no_edits(update, is_edit):
    assert hear.is_edit(update) is is_edit


@pytest.mark.parametrize("kind", [1, 4, 6, 7, 8, 18, 20, 21, 46])
def test_discords_own_notices_are_nobodys_words(kind):
    assert not hear.is_speech(told(type=kind))
    assert hear.is_speech(told(type=19))


def test_names_are_read_as_people_read_them():
    mentions = [user(BEN, "Ben", member={"nick": "Benny"}), user(US, "Tilth")]
    said = heard(
        f"<@{BEN}> and <@!{BEN}> in <#700> and <#9>, <@&11> <@&99> <:sprout:5> <a:dance:6> </reflect now:7>",
        mentions=mentions,
    )
    assert said.text == "@Benny and @Benny in #staffroom and #9, @mods @99 :sprout: :dance: /reflect now"


def test_our_own_name_before_the_words_is_not_part_of_them():
    mentions = [user(US, "Tilth")]
    said = heard(f"<@{US}>, we tried it, <@{US}>", mentions=mentions)
    assert said.text == "we tried it, @Tilth"
    direct = hear.read_message(
        told(f"<@{US}> hi", mentions=mentions), Place("discord:1", "5", private=True), Meadow(), US
    )
    assert direct.text == "@Tilth hi"


def test_we_are_called_tilth_whatever_the_app_was_called():
    mentions = [user(US, "Rosie", member={"nick": "Rosie the bot"})]
    direct = hear.read_message(
        told(f"<@{US}> help", mentions=mentions), Place("discord:1", "5", private=True), Meadow(), US
    )
    assert direct.text == "@Tilth help"


@pytest.mark.parametrize(
    ("content", "more", "to"),
    [
        ("plain", {}, set()),
        (f"<@{BEN}> same here", {}, {BEN}),
        (f"  <@{BEN}>, <@!{ADA}>: same", {}, {BEN, ADA}),
        (f"<@&11> <@{BEN}> same", {}, {BEN}),
        (f"It was <@{BEN}>", {}, set()),
        (f"<@{US}> same here", {}, set()),
        (f"<@{US}> <@{BEN}> here", {}, {BEN}),
        ("yes", {"type": 19, "referenced_message": {"author": {"id": BEN}}}, {BEN}),
        ("yes", {"type": 19, "referenced_message": {"author": {"id": US}}}, set()),
        ("yes", {"type": 19, "referenced_message": None}, set()),
        ("yes", {"type": 0, "referenced_message": {"author": {"id": BEN}}}, set()),
    ],
)
def test_whom_a_message_answers_or_names_first(content, more, to):
    assert heard(content, **more).to == to


def test_ours_and_other_bots_and_webhooks_are_known():
    assert heard(author=user(US, "Tilth", bot=True)).own
    assert heard(author=user(BEN, "Robo", bot=True)).author.bot
    assert heard(webhook_id="5").author.bot
    assert not heard().author.bot


def test_files_are_told_by_name():
    assert heard("", attachments=[{"filename": "a.png"}, {"filename": "b.txt"}]).files == ("a.png", "b.txt")


def test_hidden_words_are_no_empty_answer_and_never_newer():
    hidden = heard("", hidden=True, edited_timestamp="2026-10-05T09:30:00+00:00")
    assert (hidden.hidden, hidden.text, hidden.version) == (True, "", AT)
    assert not heard("<@1> seen", hidden=True).hidden, "what mentions us is not hidden"
    assert heard("", hidden=True, author=user(US, "Tilth")).own


def test_an_ephemeral_card_that_comes_back_is_no_direct_message():
    ours = told(author=user(US, "Tilth"), flags=64)
    assert hear.is_echo(ours, US)
    assert not hear.is_echo(told(), US)
    assert not hear.is_echo(told(author=user(US, "Tilth")), US)


@pytest.mark.parametrize(
    ("id", "roles", "facts"),
    [
        (ADA, [], set()),
        (ADA, ["13"], {"role:13"}),
        (ADA, ["11"], {"role:11", "manage-server"}),
        (ADA, ["12"], {"role:12", "administrator", "manage-server"}),
        ("1", [], {"owner", "administrator", "manage-server"}),
    ],
)
def test_facts_are_roles_and_what_they_allow_in_the_whole_server(id, roles, facts):
    assert hear.facts_of(id, roles, Meadow()) == facts


def test_somebody_who_has_not_accepted_the_rules_is_no_stranger_and_somebody_outside_is():
    ground = Meadow()
    assert not hear.read_person(user(ADA, "Ada"), {"roles": [], "pending": True}, ground).stranger
    assert hear.read_person(user(ADA, "Ada"), None, ground, stranger=True).stranger


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ({"id": None, "name": "🌱"}, "seedling"), ({"id": None, "name": "❤️"}, "heart"), ({"id": None, "name": "✅"}, "white_check_mark"),
        ({"id": None, "name": "👍🏽"}, "thumbs_up_sign"), ({"id": "5", "name": "sprout"}, "sprout"), ({"id": None, "name": ""}, ""),
    ],
)  # fmt: skip
def test_emoji_have_short_names(emoji, name):
    assert hear.emoji_name(emoji) == name


def test_ids_and_instants_belong_together():
    assert hear.id_at(AT) < int(ID)
    assert hear.sent_at(str(hear.id_at(AT) + 1)) == AT
    assert hear.id_at(datetime(2000, 1, 1, tzinfo=UTC)) == 0


def test_a_deletion_has_no_words_and_no_author():
    gone = hear.read_deletion(ID, HERE, AT)
    assert (gone.deleted, gone.text, gone.author, gone.version) == (True, "", None, AT)
