"""Outcomes of a call to a platform, and how long to wait after each."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.models import Place
from bot.chat.port import CredentialsRejected, PlatformError, Rejected, RetryLater

log = logging.getLogger(__name__)

BASE, CAP = 2.0, 300.0


@dataclass(frozen=True, slots=True)
class CallSucceeded:
    """It is there. For a thread, `place` is the thread and `message` what it hangs on.

    `parts` is how many calls the whole card takes.
    """

    place: Place
    message: str
    parts: int = 1


@dataclass(frozen=True, slots=True)
class CallDelayed:
    """Certainly not done; the platform told us to wait for `seconds`, or did not say how long."""

    code: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class CallRejected:
    """Certainly not done, and not by asking again."""

    code: str


@dataclass(frozen=True, slots=True)
class CallLockedOut:
    """Certainly not done: the space refuses our credentials."""

    code: str


@dataclass(frozen=True, slots=True)
class CallSkipped:
    """No call was made: the lease was nearly over."""

    code: str = "paused"


@dataclass(frozen=True, slots=True)
class CallLost:
    """Nobody knows."""

    code: str
    place: Place | None


Outcome = CallSucceeded | CallDelayed | CallRejected | CallLockedOut | CallSkipped | CallLost


def classify_error(error: Exception, place: Place | None) -> Outcome:
    """What an error of a call says about the call."""
    match error:
        case RetryLater():
            return CallDelayed(error.code, error.seconds)
        case Rejected():
            return CallRejected(error.code)
        case CredentialsRejected():
            return CallLockedOut(error.code)
    return CallLost(code_of(error), place)


def classify_unsent(error: Exception) -> Outcome:
    """The same for a call that says nothing yet, such as opening a direct message: then nothing was said."""
    outcome = classify_error(error, None)
    return CallDelayed(outcome.code, None) if isinstance(outcome, CallLost) else outcome


def code_of(error: Exception) -> str:
    """The platform's word for it; for a bug, its type: an exception's own text may quote what a member wrote."""
    if isinstance(error, PlatformError):
        return error.code
    if not isinstance(error, TimeoutError):
        where = "".join(traceback.format_tb(error.__traceback__)[-3:])
        log.error("an adapter raised %s at\n%s", type(error).__name__, where)
    return type(error).__name__


def retry_delay(seconds: float, chance: float) -> timedelta:
    """What we were told, and up to a tenth more, so that not everybody comes back at the same instant."""
    return timedelta(seconds=max(0.0, seconds) * (1 + chance / 10))


def backoff_delay(tries: int, chance: float) -> timedelta:
    """Full jitter: up to 2, 4, 8 … 300 s (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter)."""
    return timedelta(seconds=chance * min(CAP, BASE * 2 ** min(tries - 1, 10)))
