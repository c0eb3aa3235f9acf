"""One run of ``morina read``: results as they come, a bar meanwhile, and what went wrong."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from morina.plates import COUNTRIES, country_of_sign
from morina.sense.recogniser.files import UnreadableFileError, files_of, read_file
from morina.sense.recogniser.format import Format
from morina.sense.recogniser.output import DrawingError, draw, header, lines_of
from morina.sense.recogniser.reading import Recogniser

SOME_UNREADABLE = 3


class UnknownCountryError(ValueError):
    """A country named is neither a code nor a sign; the message says which are."""


def countries_of(names: str) -> tuple[str, ...]:
    """ISO codes of countries given as codes or signs with commas, such as ``GB,RKS``."""
    codes = []
    for name in filter(None, (part.strip().upper() for part in names.split(","))):
        code = name if name in COUNTRIES else country_of_sign(name)
        if code is None:
            raise UnknownCountryError(
                f"country {name!r} is not known; use codes or signs such as GB, AL, XK or RKS"
            )
        codes.append(code)
    return tuple(codes)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read and how to show it. ``drawings`` is a folder for marked pictures, or None."""

    names: Sequence[str]
    format: Format
    drawings: Path | None = None


def run(wanted: Wanted, recogniser: Recogniser) -> int:
    """Read everything, printing each result at once; the exit code: 0, or 3 when a file failed."""
    files = files_of(wanted.names)
    if not files:
        _complain("no picture or video is in the folders named; name files or another folder")
        return SOME_UNREADABLE
    if (first := header(wanted.format)) is not None:
        print(first, flush=True)
    with _bar() as bar:
        task = bar.add_task("", total=len(files))
        failed = 0
        for done, name in enumerate(files):
            bar.update(task, description=Path(name).name)

            def progress(part: float, before: int = done) -> None:
                bar.update(task, completed=before + part)

            failed += not _read_one(name, wanted, recogniser, bar, progress)
            progress(1)
    return SOME_UNREADABLE if failed else 0


def _read_one(
    name: str,
    wanted: Wanted,
    recogniser: Recogniser,
    bar: Progress,
    progress: Callable[[float], None],
) -> bool:
    """Print the results of one file; False when something failed, which is then said."""
    try:
        for result in read_file(name, recogniser, sys.stdin.buffer.read, progress):
            with _aside(bar):
                print("\n".join(lines_of(result, wanted.format)), flush=True)
            if wanted.drawings is not None:
                draw(result, wanted.drawings)
    except (UnreadableFileError, DrawingError) as error:
        with _aside(bar):
            _complain(str(error))
        return False
    return True


def _complain(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _bar() -> Progress:
    """Shown on standard error, only on a terminal, and gone when all is read."""
    return Progress(
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        redirect_stdout=False,
        redirect_stderr=False,
    )


@contextmanager
def _aside(bar: Progress) -> Iterator[None]:
    """The bar off the screen while something is printed; printed lines stay whole."""
    bar.stop()
    yield
    bar.start()
