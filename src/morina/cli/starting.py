"""Commands that start something: a node, the demo, reading files, a worker process."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile, WorkerKind
from morina.cli.running import fail, run_work, settings_of
from morina.sense.recogniser.format import Format
from morina.settings import SettingsError


def up(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Start a node with its engines; ends cleanly on Ctrl-C or SIGTERM."""
    loaded = settings_of(settings, home)
    from morina.wiring.node import run_node

    run_work(run_node(loaded))


def demo(
    home: Annotated[
        Path | None, typer.Option(help="Keep the demo here; else it is removed.")
    ] = None,
    partner_ports: Annotated[
        tuple[int, int], typer.Option(help="Ports of the desks of GB and XK.")
    ] = (8601, 8602),
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Three authorities: one with cameras and rendered traffic, two partners it exchanges with."""
    loaded = settings_of(settings, home)
    from morina.wiring.demonstration import run_demo

    run_work(run_demo(loaded, home is not None, partner_ports))


def read(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|VIDEO|- ...", help="Pictures, videos, folders; - is one picture."
        ),
    ],
    country: Annotated[
        str, typer.Option(help="Only these countries, codes or signs with commas: GB,AL.")
    ] = "",
    format_: Annotated[
        Format, typer.Option("--format", help="How results are printed.")
    ] = Format.TABLE,
    draw: Annotated[
        Path | None, typer.Option(help="A folder for the pictures with their plates marked.")
    ] = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Read the plates in pictures and videos. Exit code 3: some file could not be read."""
    from morina.sense.recogniser.session import UnknownCountryError, Wanted, countries_of, run
    from morina.wiring.recogniser import recogniser

    try:
        countries = countries_of(country)
    except UnknownCountryError as error:
        raise typer.BadParameter(str(error), param_hint="--country") from error
    try:
        reader = recogniser(settings_of(settings, None).reading, countries)
    except SettingsError as error:
        fail(error)
    raise typer.Exit(run(Wanted(names, format_, draw), reader))


def worker(
    kind: WorkerKind,
    group: Annotated[int, typer.Option(min=0, help="Which cameras or live source.")] = 0,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """A process the node starts for itself."""
    loaded = settings_of(settings, None)
    from morina.wiring.bounding import bound_worker

    bound_worker(loaded)
    if kind is WorkerKind.SORTIES:
        from morina.wiring.aerial.working import work_sorties

        return run_work(work_sorties(loaded))
    if kind is WorkerKind.LIVE:
        from morina.wiring.aerial.live import record_live

        return run_work(record_live(loaded, group))
    if kind is WorkerKind.LOOKING:
        from morina.wiring.aerial.looking import look_live

        return run_work(look_live(loaded, group))
    from morina.wiring.reading import follow_cameras, read_handed_over

    cameras = kind is WorkerKind.CAMERAS
    return run_work(follow_cameras(loaded, group) if cameras else read_handed_over(loaded))
