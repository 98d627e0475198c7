"""The command line. `main` is the entry point; every command is a small function in a module of its group.

Nothing here reads data, and nothing slow is imported before a command needs it: `--help` answers at once.
Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import codecs
import gc
import signal
import sys
import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from friction import __version__
from friction.cli.commands import asks_for_help
from friction.cli.early import begun
from friction.cli.speech import choose, speaking
from friction.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, FrictionError, InternalError

PLAINER = {
    **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", " "),
    **dict.fromkeys("“”«»", '"'),
    **{"’": "'", "−": "-", "…": "...", "×": "x", "·": "-", "●": "*", "○": "-"},
}
"""What a terminal without Unicode shows instead."""


SELDOM = (50_000, 20, 20)
"""How many objects are made before Python looks for cycles among them. A report is a million objects without one, and
looking at each again and again takes longer than reading them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (`friction.errors`)."""
    words = list(sys.argv[1:] if argv is None else argv)
    options = words[: words.index("--")] if "--" in words else words
    if "--version" in options:
        print(f"friction {__version__}")
        return EXIT_DONE
    choose(options)
    gc.set_threshold(*SELDOM)
    _prepare_streams()
    _end_on_signals()
    try:
        return _run(words)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except FrictionError as error:
        return _told(error, options)
    except BrokenPipeError:
        # Whoever read our output has seen enough; without this the interpreter complains once more at its
        # end.
        sys.stdout = None
        return EXIT_DONE
    except Exception as fault:
        return _told(_ours(fault, options), options)


def _front() -> int:
    from shutil import get_terminal_size

    from friction.cli.front import front

    print(front(speaking(), get_terminal_size().columns), end="", flush=True)
    return EXIT_DONE


def _run(words: list[str]) -> int:
    if asks_for_help(words):
        return _front()
    with begun(words):
        return _carried_out(words)


def _carried_out(words: list[str]) -> int:
    import typer

    from friction.cli.app import command

    asked = command(words)
    try:
        code = asked(args=words, standalone_mode=False, prog_name="friction")
        sys.stdout.flush()
    except typer.Abort:
        return EXIT_INTERRUPTED
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help
            print(error.format_message(), file=sys.stderr)
            return EXIT_USAGE
        from friction.cli.wrong import wrong

        raise wrong(error, asked, words) from None
    return code if isinstance(code, int) else EXIT_DONE


def _told(error: FrictionError, options: Sequence[str]) -> int:
    from friction.cli.voice import tell_problem

    as_json = "--format=json" in options or ("--format", "json") in pairwise(options)
    tell_problem(error.problem, as_json=as_json)
    return error.exit_code


def _ours(fault: Exception, options: Sequence[str]) -> FrictionError:
    """A fault of our own, or of a full disk behind stdout; its details only when they were asked for."""
    from friction.files import full_disk

    if (full := full_disk(fault)) is not None:
        sys.stdout = None  # what it still holds cannot be written either
        return full
    if "--verbose" in options:
        import traceback

        traceback.print_exception(fault)
    detail = f"an unexpected fault ({type(fault).__name__}); this is ours, not yours"
    return InternalError("internal.fault", detail, remedy="run this again with --verbose to see the details")


def _prepare_streams() -> None:
    """A character that the terminal cannot show must not end the command: the plainer one is shown, else `?`."""
    codecs.register_error("plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plainer")


def _plainer(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeEncodeError)
    written = fault.object[fault.start : fault.end]
    return "".join(PLAINER.get(char, "?") for char in written), fault.end


def _end_on_signals() -> None:
    """Being asked to stop is an orderly end: the child is ended and the private folder removed. So is a terminal that
    was closed, unless the command was started to outlive it (`nohup`).

    An interrupt ends the same way: a `KeyboardInterrupt` inside `exec`, where dataclasses are made, is remembered
    though it is caught, and `python -m friction` would end by a signal instead of with the code of ours.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _stop)
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
            signal.signal(signal.SIGHUP, _stop)


def _stop(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)
