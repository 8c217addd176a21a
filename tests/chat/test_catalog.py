"""The catalogs of texts say what Babel, which writes them, reads in them."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.chat.catalog import Catalog

LOCALE = Path(__file__).parents[2] / "bot" / "locale"
ODD = r"""
msgid ""
msgstr ""
"Language: es\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

#. a remark
#: bot/app.py:1
msgid "One \"word\"\n"
"and another"
msgstr "Una \"palabra\"\t\\ "
"y otra"

#, fuzzy, python-brace-format
msgid "Guessed"
msgstr "Adivinado"

msgid "Not yet"
msgstr ""

msgid "{count} day"
msgid_plural "{count} days"
msgstr[0] "{count} día"
msgstr[1] "{count} días"

#~ msgid "Gone"
#~ msgstr "Ido"
"""


@pytest.mark.parametrize("file", sorted(LOCALE.glob("*.po")), ids=lambda file: file.stem)
def test_every_text_is_what_babel_reads(file: Path):
    ours = Catalog(file.read_text().splitlines())
    with file.open("rb") as source:
        theirs = [one for one in read_po(source) if one.id]
    assert len(theirs) > 1000
    for one in theirs:
        if one.pluralizable:
            assert [ours.ngettext(*one.id, count) for count in (1, 0, 2)] == [
                one.string[0],
                *2 * one.string[1:],
            ]
        else:
            assert ours.gettext(one.id) == one.string


def test_marks_lines_rules_and_what_is_not_approved_are_read_as_they_are_meant():
    catalog = Catalog(ODD.splitlines())
    assert catalog.gettext('One "word"\nand another') == 'Una "palabra"\t\\ y otra'
    assert [catalog.gettext(text) for text in ("Guessed", "Not yet", "Gone", "")] == [
        "Guessed",
        "Not yet",
        "Gone",
        "",
    ]
    days = [catalog.ngettext("{count} day", "{count} days", count) for count in (0, 1, 2)]
    assert days == ["{count} día", "{count} día", "{count} días"]
    assert [Catalog().ngettext("a", "b", count) for count in (1, 2)] == ["a", "b"]
