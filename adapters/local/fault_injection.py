"""Accidents on the pretend platform, when a test or somebody at the page asks for them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.port import CredentialsRejected, OutcomeUnknown, Rejected, RetryLater
from bot.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned accident: before anything happens, after it happened, or the deed is done only later."""

    before: BaseException | None = None
    after: BaseException | None = None
    late: bool = False


class Faults:
    """The accidents that are planned, by verb (`"post"`, `"update"`, `"find"`, …), and what is broken for now.

    `hide_history` makes `find` and `history` answer `HistoryUnavailable`. `drop_events` makes the bot deaf: people go
    on talking and nothing is told, so only the history knows. With `revoked` the platform takes the bot's token no
    more; while `offline`, nothing reaches the platform, and nothing that people do reaches the bot.
    """

    def __init__(self, clock: Clock) -> None:
        self.hide_history = False
        self.drop_events = False
        self.revoked = False
        self.offline = False
        self._clock = clock
        self._planned: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._refused: dict[str, str] = {}
        self._limited_until: datetime | None = None
        self._late: list[Callable[[], object]] = []

    def next(
        self, verb: str, *, before: BaseException | None = None, after: BaseException | None = None,
        late: bool = False, times: int = 1,
    ) -> None:  # fmt: skip
        """Plan an accident for the next `times` calls of a verb.

        `before`: raised, and nothing happens. `after`: it happens, and then this is raised (a lost answer).
        `late`: `OutcomeUnknown` is raised, and it happens only when `adapter.land()` is called.
        """
        self._planned[verb].extend([Fault(before, after, late)] * times)

    def planned(self, verb: str) -> bool:
        """Whether an accident waits for the next call of a verb."""
        return bool(self._planned[verb])

    def forget(self, verb: str) -> None:
        """Plan no accident for this verb any more."""
        self._planned[verb].clear()

    def refuse(self, channel: str, code: str) -> None:
        """The bot may not write in this channel until `allow`."""
        self._refused[channel] = code

    def allow(self, channel: str) -> None:
        self._refused.pop(channel, None)

    @property
    def deaf(self) -> bool:
        """Whether what people write does not reach the bot."""
        return self.drop_events or self.offline

    def refusal(self, channel: str) -> str | None:
        """Why the bot may not write there, if it may not."""
        return self._refused.get(channel)

    def rate_limit(self, seconds: float) -> None:
        """Writing is refused with `RetryLater` until the clock has moved on by this much."""
        self._limited_until = self._clock.now() + timedelta(seconds=seconds)

    # ── for the adapter ───────────────────────────────────────────────────────

    def before(self, verb: str, channel: str, do: Callable[[], object] | None = None) -> BaseException | None:
        """Raise what must go wrong before the deed; what must go wrong after it is returned."""
        now = self._clock.now()
        if self.offline:
            raise RetryLater("cannot_connect")
        if self.revoked:
            raise CredentialsRejected("token_revoked")
        if do is not None and self._limited_until is not None and now < self._limited_until:
            raise RetryLater("rate_limited", (self._limited_until - now).total_seconds())
        if do is not None and channel in self._refused:
            raise Rejected(self._refused[channel])
        if not self._planned[verb]:
            return None
        fault = self._planned[verb].popleft()
        if fault.before is not None:
            raise fault.before
        if fault.late and do is not None:
            self._late.append(do)
            raise OutcomeUnknown("timed_out")
        return fault.after

    def take_late(self) -> tuple[Callable[[], object], ...]:
        """The deeds that are still under way."""
        late, self._late = tuple(self._late), []
        return late
