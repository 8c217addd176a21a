"""The reader of a command's arguments: options, positional values and free text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.language import _, format_list
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing import suggestions
from bot.chat.parsing.suggestions import (
    bad_value,
    clip_text,
    nearest_words,
    spell_out,
)
from bot.chat.parsing.tokens import Token, has_lone_dash, readable_text, token_at
from bot.chat.parsing.values import NameLookup, ParsedValue, parse_value

_CLOSE = 0.75
_LOOSE = (OptionKind.WORD, OptionKind.GROUP, OptionKind.NAME)  # they hold any words
_AHEAD = 16  # words that a phrase may look at; the longest phrase of time has about ten


class ArgumentReader:
    """Walks over the arguments of one command and collects their values."""

    def __init__(self, command: Command, said: str, at: int, names: NameLookup) -> None:
        self.command, self.said, self.at, self.names = command, said, at, names
        self.values: dict[str, object] = {}
        self.written: dict[str, str] = {}
        self.name: tuple[Option, int] | None = None
        """The name without quotes with which the words end that were read, and where it begins."""
        self.loose: set[str] = set()
        """The names that stand without quotes."""
        self.listening = False
        """Whether the free text has begun."""

    def read(self) -> None:
        while (token := token_at(self.said, self.at)) is not None:
            if token.dash and self.command.text is not None:
                return self._listen(token.end)
            if not (self._take_option(token) if token.key is not None else self._take_positional(token)):
                if self.command.text is None:
                    raise self._surplus(token)
                return self._listen(token.start)
        return None

    @property
    def waiting(self) -> list[Option]:
        """Positional options that have no value yet."""
        options = (option for option in self.command.options if option.kind is not OptionKind.TEXT)
        return [option for option in options if option.positional and option.name not in self.values]

    def _listen(self, start: int, end: int | None = None) -> None:
        """Take the rest as free text: only unescaped, so that line breaks, spaces and quotes stay the author's."""
        text = readable_text(self.said[start:end]).strip()
        if text and self.command.text is not None:
            self.values[self.command.text.name] = self.written[self.command.text.name] = text
        self.at, self.listening = len(self.said), True

    def _take_option(self, token: Token) -> bool:
        """Take `key:value`; False when it only looks like one and begins the free text."""
        key = (token.key or "").casefold()
        option = next((one for one in self.command.options if one.name.casefold() == key), None)
        if option is None:
            return self._leave_unknown(token, key)
        if option.name in self.values:
            twice = _("`{option}` appears twice.", option=option.name)
            raise Refusal(twice, _("Keep one of them."), self._line())
        if option.kind is OptionKind.TEXT:
            whole = token.quoted and token_at(self.said, token.end) is None
            self._listen(token.value + whole, token.end - 1 if whole else None)
            return True
        if token.unclosed:
            open_quote = _("The quote after `{key}` never closes.", key=f"{option.name}:")
            raise Refusal(open_quote, _('Close it with ".'), self._line())
        value = replace(token, start=token.value, key=None)
        words = [value] if token.quoted or token.text else []
        if not token.quoted:
            words += next_words(self.said, token.end, _AHEAD, dashes=self.command.text is None)
        if option.kind is OptionKind.NAME:
            words = self._name_words(option, words, token)
        found = parse_value(option, words, self.names) if words else None
        if found is None or found.value == "":
            raise bad_value(option, spell_out(words), self._line(), self.said, value)
        self._store(option, found, words)
        return True

    def _store(self, option: Option, found: ParsedValue, words: Sequence[Token]) -> None:
        self.values[option.name], self.at = found.value, words[found.used - 1].end
        self.written[option.name] = spell_out(words[: found.used])
        loose = option.kind is OptionKind.NAME and not words[0].quoted
        self.loose |= {option.name} if loose else set()
        self.name = (option, words[0].value) if loose else None

    def _leave_unknown(self, token: Token, key: str) -> bool:
        """False when an unknown key may begin the text; a refusal when it was surely meant as a key.

        Guessing wrongly is not harmless: in `anon:yes -- …` the author would lose their anonymity.
        """
        for option in self.command.options:
            if key in option.formerly:
                raise suggestions.renamed_option(self.said, token, option)
        keys = [option.name for option in self.command.options if option.kind is not OptionKind.TEXT]
        near = [name for name in keys if len(key) > 1 and name.startswith(key)] or nearest_words(
            key, keys, _CLOSE
        )
        meant = near or (token.text and has_lone_dash(self.said, token.end))
        if self.command.text is not None and not meant:
            return False
        fix = [_("Did you mean `{command}`?", command=f"{near[0]}:")] if near else []
        if keys:
            listed = format_list([f"`{name}:`" for name in nearest_words(key, keys, 0.0)])
            fix.append(_("Its options are {options}.", options=listed))
        else:
            fix.append(_("Write it like {example}.", example=f"`{self.command.usage}`"))
        if self.command.text is not None:
            fix.append(_("If that is your text, put -- before it."))
        start, end = token.value - 1 - len(token.key or ""), token.value - 1
        line = self.said[:start] + near[0] + self.said[end:] if near else self.said
        problem = _("/{command} has no such option.", command=self.command.path)
        raise Refusal(problem, " ".join(fix), readable_text(line).strip())

    def _take_positional(self, token: Token) -> bool:
        """Give the next words to the first option they fit; False when they fit none and may be free text."""
        takes_text = self.command.text is not None
        marked = takes_text and has_lone_dash(self.said, token.end)
        words = [token] if token.quoted else next_words(self.said, token.start, _AHEAD, dashes=not takes_text)
        passed = False  # a required option that these words are not
        for option in self.waiting:
            found = parse_value(
                option, words, self.names, prose=takes_text and not marked and not option.required
            )
            if option.kind is OptionKind.WORD and (passed or self._fits_better(option, words)):
                found = None
            elif option.kind is OptionKind.NAME and found is not None:
                found = self._take_name(option, words, passed=passed)
            if found is not None:
                self._store(option, found, words)
                return True
            passed = passed or option.required
        needed = [option for option in self.waiting if option.required]
        formed = self.command.opens and not marked  # the form asks for what is missing and keeps the text
        blamed = [] if takes_text and formed else needed or ([] if takes_text else self.waiting)
        if blamed:
            raise bad_value(blamed[0], spell_out(words), self._line(), self.said, token)
        return False

    def _take_name(self, option: Option, words: Sequence[Token], *, passed: bool) -> ParsedValue | None:
        """A name of several words, up to what begins the value of another option.

        `passed`: something required has not come yet, so the name is one only where that follows it.
        """
        if self._fits_better(option, words):
            return None
        name = self._name_words(option, words)
        return None if passed and len(name) == len(words) else parse_value(option, name, self.names)

    def _name_words(
        self, option: Option, words: list[Token] | Sequence[Token], key: Token | None = None
    ) -> list[Token]:
        """Those of the words that belong to a name: the rest is another option, or the free text after one word."""
        if key is not None and self.command.text is not None and not has_lone_dash(self.said, key.end):
            return list(words[:1])
        others = [one for one in self.waiting if one is not option and one.kind not in _LOOSE]
        for at in range(1, len(words)):
            if any(parse_value(one, words[at:], self.names, prose=True) is not None for one in others):
                return list(words[:at])
        return list(words)

    def _fits_better(self, loose: Option, words: Sequence[Token]) -> bool:
        """Whether an unquoted word that an optional name would swallow is something else: `c1` is a course."""
        if loose.required or words[0].quoted:
            return False
        others = [option for option in self.waiting if option.kind not in _LOOSE]
        return any(parse_value(option, words, self.names, prose=True) is not None for option in others)

    def _surplus(self, token: Token) -> Refusal:
        stopped = _("I stopped at “{word}”.", word=clip_text(token.text))
        shape = _("Write it like {example}.", example=f"`{self.command.usage}`")
        problem = _("/{command} takes fewer words.", command=self.command.path)
        return Refusal(problem, f"{stopped} {shape}", self._line())

    def _line(self) -> str:
        return readable_text(self.said).strip()


def next_words(said: str, at: int, most: int, dashes: bool) -> list[Token]:
    """The next plain tokens: up to the first key, quote or (unless `dashes`) dash on its own."""
    found: list[Token] = []
    while len(found) < most and (token := token_at(said, at)) is not None:
        if token.key is not None or token.quoted or (token.dash and not dashes):
            break
        found.append(token)
        at = token.end
    return found
