"""The start of every command: settings are read, and what an operator can mend ends the process with its own code."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.chat.menu import Menu
    from bot.people.tables import Community
    from bot.settings.model import Settings

CONFIG = 78
"""Exit code for a configuration error (EX_CONFIG of sysexits.h), so that a supervisor can stop restarting."""
TEMPORARY = 75
"""Exit code for what passes by itself (EX_TEMPFAIL), like a database that is away: start it again after a while."""


def read_settings(*, serving: bool = False, calm: bool = False) -> Settings:
    """The settings, or a clear word on standard error and exit code 78.

    Only what serves logs what it does; `calm`: only if the operator chose how much is logged.
    """
    from bot.runtime.logs import calm_logs, configure_logs
    from bot.settings.environment import unknown_variables

    found = _load_settings()
    for name, meant in unknown_variables(found).items():
        typer.echo(f"{name} is set, but Tilth has no such setting. {meant}", err=True)
    if calm and "log" not in found.model_fields_set:
        serving = False
        calm_logs()
    configure_logs(found.log if serving else "warning", found.log_format)
    return found


def _load_settings() -> Settings:
    from bot.platforms import PLATFORMS
    from bot.settings.environment import SettingsError, load

    try:
        return load(PLATFORMS)
    except SettingsError as error:
        stop(str(error))


def pick_community(homes: Sequence[Community], slug: str) -> Community:
    """The community of this slug among those of a database; ends with the exit code 2 where there is none."""
    home = next((one for one in homes if one.slug == slug), None)
    if home is None:
        stop(f"There is no community {slug} in this database.", 2)
    return home


def require_port(settings: Settings) -> None:
    """Refuse to start where another program listens on our port, before the database is made or opened.

    Where the other program is a Tilth on the same database, that is what is said (`AlreadyRunning`).
    """
    from bot.runtime.web import is_port_free
    from bot.settings.environment import SettingsError
    from bot.store.engine import database_file
    from bot.store.single_process import hold_database

    web, url = settings.web, settings.store.url.get_secret_value()
    if is_port_free(web.host, web.port):
        return
    file = database_file(url)
    if file is not None and file.exists():
        hold_database(url).release()
    raise SettingsError(
        f"TILTH_WEB__PORT is {web.port}, and another program listens there. Stop it, or set another port, like "
        f"TILTH_WEB__PORT={web.port + 1 if web.port < 65535 else 8421}."
    )


def is_set_up(settings: Settings) -> bool:
    """Whether any platform has been given its tokens."""
    return any(one.is_set_up for one in settings.by_platform().values())


def stop(words: str, code: int = CONFIG) -> NoReturn:
    """Say something on standard error, and exit."""
    typer.echo(words, err=True)
    raise typer.Exit(code)


def run_guarded(run: Callable[[], object]) -> None:
    """Run something that opens the store or reads content; what an operator can mend exits with 78, what passes with 75."""
    from bot.chat.port import CannotConnect
    from bot.content import ContentError, ContentErrors
    from bot.runtime.alarm import ClockWrong
    from bot.settings.environment import SettingsError
    from bot.store.errors import AlreadyRunning, StoreBroken, StoreFault, StoreUnavailable, WriteUnclear

    try:
        run()
    except (StoreUnavailable, WriteUnclear) as error:
        stop(str(error), CONFIG if isinstance(error, StoreBroken) else TEMPORARY)
    except (AlreadyRunning, ClockWrong) as error:
        stop(str(error), TEMPORARY)
    except (ContentError, ContentErrors, StoreFault, CannotConnect, SettingsError) as error:
        stop(str(error))
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        stop(f"{error.strerror or error}: {error.filename or 'the address this process listens on'}")


def hold_when_wrong(run: Callable[[], object]) -> None:
    """Run something, and when it ends with 78, wait to be stopped: for supervisors that start everything again.

    A container that is always restarted would ask a platform with a refused token once a minute, for as long as nobody
    looks. Held, it is unwell (`tilth health`) and quiet, and its last words are the reason.
    """
    try:
        run()
    except typer.Exit as end:
        if end.exit_code != CONFIG or os.name != "posix":
            raise
        typer.echo("Waiting, because of --hold. Fix this, then stop Tilth and start it again.", err=True)
        # Waited for and not handled: the first process of a container ignores a signal it has said nothing about.
        signals = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        signal.sigwait(signals)
        raise


@contextmanager
def collecting_no_garbage() -> Iterator[None]:
    """Leave the garbage collector off while modules are imported and the bot is put together.

    Nearly nothing of that is garbage, and to find so costs a third of the time. It is set aside, or the collector would look
    through all of it as soon as it is back; once the bot runs it does so once (`run_until_stopped`).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class PlatformTools:
    """What the commands of one platform may use of the core; implements `bot.chat.platform.OperatorTools`."""

    def __init__(self, platform: str) -> None:
        self._platform = platform

    def settings(self) -> Any:
        """The platform's own settings."""
        return read_settings().by_platform()[self._platform]

    def menu(self) -> Menu:
        """Every command of the bot."""
        from bot.playground.bare_app import bare_menu

        return bare_menu(_load_settings())

    def stop(self, words: str) -> NoReturn:
        """Say what is wrong on standard error, and exit."""
        stop(words)
