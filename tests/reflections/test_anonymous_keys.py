"""What keeps an anonymous answer apart from its author: the keys, the tables, and where the word may stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from bot import all_tables
from bot.chat.models import Refusal
from bot.reflections.anonymous import tables
from bot.reflections.anonymous.keys import Keyring
from bot.reflections.anonymous.receipts import make_code, read_code
from bot.store.engine import database_file
from bot.store.migrate import upgrade
from bot.store.sqlite import sqlite3
from bot.store.types import UtcDateTime

ROOT = Path(__file__).parents[2]
ROOM = (
    tables.anonymous_key,
    tables.sealed_answer,
    tables.anonymous_ticket,
    tables.anonymous_answer,
)


def test_a_key_is_made_once_for_its_owner_alone_and_destroyed_for_good(tmp_path):
    ring = Keyring(tmp_path)
    key = ring.make_key(57)
    [file] = (tmp_path / "anonymous").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert Keyring(tmp_path).make_key(57) == key
    assert ring.make_key(58).name != key.name
    with file.open("rb") as held:  # whoever had it open reads nothing of it afterwards
        ring.destroy_key(57)
        assert key.material not in held.read()
    assert ring.find_key(57) is None
    assert ring.list_prompts() == [58]
    ring.destroy_key(57)


def test_what_is_sealed_has_one_length_and_needs_its_key(tmp_path):
    key, other = Keyring(tmp_path).make_key(57), Keyring(tmp_path).make_key(58)
    long = "The gym. " * 1500
    assert {len(key.seal(words)) for words in ("", "Hm.", long)} == {len(key.seal(""))}
    assert key.seal("Hm.") != key.seal("Hm.")
    assert key.unseal(key.seal(long)) == long
    with pytest.raises(InvalidTag):
        other.unseal(key.seal("Hm."))
    assert key.mark("member:7") != other.mark("member:7")


def test_a_receipt_code_is_read_as_people_paste_it():
    code = make_code(57)
    assert read_code(f" `{code.text.upper()}` ") == code
    assert make_code(57) != code
    assert code.word not in repr(code)
    with pytest.raises(Refusal):
        read_code("57-short")


def test_the_tables_of_anonymous_answers_have_no_time_no_member_and_no_order(sqlite_url):
    assert set(ROOM) <= set(all_tables.metadata.sorted_tables)
    for table in ROOM:
        assert not [one.name for one in table.c if isinstance(one.type, UtcDateTime)]
        named = {key.column.table.name for one in table.c for key in one.foreign_keys}
        assert named <= {"community", "asking"}, "nothing leads to a member, a message or an account"
    upgrade(sqlite_url)
    with sqlite3.connect(database_file(sqlite_url)) as conn:
        for table in ROOM[1:]:
            [(made,)] = conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table.name,))
            assert made.strip().endswith("WITHOUT ROWID"), table.name
    conn.close()


def test_only_what_is_anonymous_is_called_so():
    """What is merely shown without names is called something else: the word stands where these answers are, nowhere else."""
    room = "bot/reflections/anonymous/"
    beside = {
        "adapters/discord/notices.py",  # what the platform learns of the form
        "bot/account/data_commands.py",
        "bot/account/welcomes.py",
        "bot/account/wish_cards.py",  # where a prompt offers it, its form says who reads
        "bot/admin/deeds.py",
        "bot/all_features.py",
        "bot/all_tables.py",
        "bot/chat/parsing/argument_reader.py",  # an option's name in an example
        "bot/cli/transfer.py",  # their keys stay
        "bot/exports/build.py",
        "bot/exports/cards.py",
        "bot/exports/community_file.py",
        "bot/exports/records.py",
        "bot/reflections/answers/digest.py",
        "bot/reflections/answers/digest_cards.py",
        "bot/reflections/answers/direct_cards.py",
        "bot/reflections/answers/member_commands.py",
        "bot/reflections/answers/reminder_cards.py",
        "bot/reflections/answers/silence.py",
        "bot/reflections/answers/told_counts.py",
        "bot/reflections/cards.py",
        "bot/reflections/examples.py",
        "bot/reflections/feature.py",
        "bot/reflections/member_data.py",
        "bot/reflections/prompts/bank_cards.py",
        "bot/reflections/prompts/file_schema.py",
        "bot/reflections/prompts/files.py",
        "bot/reflections/prompts/model.py",
        "bot/reflections/prompts/taxonomy.py",
        "bot/reflections/schedule/anonymity.py",
        "bot/reflections/schedule/asked_prompts.py",
        "bot/reflections/schedule/card_notes.py",
        "bot/reflections/schedule/kind.py",
        "bot/reflections/schedule/posts.py",
        "bot/reflections/schedule/publish.py",
        "bot/reflections/schedule/settings.py",
        "bot/reports/figures.py",
        "bot/reports/highlights/candidates.py",
        "bot/reports/monthly_card/tried_things.py",
        "bot/store/migrations/versions/r0001_first_release.py",
        "bot/vitals/figures.py",
        "prompts/README.md",
        "prompts/reflections/a-year-of-noticing/change-the-discourse.yaml",
        "prompts/reflections/a-year-of-noticing/prepare-your-soil.yaml",
    }
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "adapters", "prompts")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".yaml", ".md", ".html") and "anonym" in path.read_text().lower()
    }
    assert {one for one in found if not one.startswith(room)} == beside
