"""Commands of cameras."""

from pathlib import Path
from typing import Annotated, Any

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import fail, run_work, settings_of

camera = typer.Typer(help="Cameras of this node.", no_args_is_help=True)


@camera.command("list")
def camera_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the cameras."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    run_work(operating.show_cameras(loaded))


@camera.command("put")
def camera_put(
    camera_id: str,
    name: Annotated[str, typer.Option(help="What people call it.")],
    site: Annotated[str, typer.Option(help="Where it stands, in words.")],
    place: Annotated[tuple[float, float], typer.Option(help="Latitude and longitude, degrees.")],
    bearing: Annotated[float, typer.Option(help="Where it looks, degrees from north.")] = 0.0,
    source: Annotated[
        str, typer.Option(help="Its address (docs/cameras/streams.md); empty: it pushes.")
    ] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Add or change a camera."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    fields = {"name": name, "site": site, "bearing": bearing, "source": source}
    run_work(operating.put_camera(loaded, camera_id, place, fields))


@camera.command("add")
def camera_add(
    camera_id: str,
    maker: Annotated[str, typer.Option(help="Its maker, such as hikvision.")],
    time_zone: Annotated[
        str, typer.Option(help="Of its clock, such as Europe/Tirane, where it sends none.")
    ] = "",
    scale: Annotated[
        float | None, typer.Option(min=1, help="The greatest confidence it sends: 1, 100, 999.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PLACE", help="Where a field is; for the maker generic."),
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="How it names itself, such as device_id=K-1."),
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option(help="Address it may come from without signing in.")
    ] = None,
    certificate: Annotated[str, typer.Option(help="SHA-256 of its client certificate.")] = "",
    pull_url: Annotated[str, typer.Option(help="Where its own list is asked for.")] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Let a camera that reads plates itself push; prints what to type into it."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    pairs = {"mapping": field or [], "device_keys": device or []}
    fields: dict[str, Any] = {
        "maker": maker,
        "time_zone": time_zone,
        "confidence_scale": scale,
    }
    fields |= {"addresses": tuple(address or ()), "pull_url": pull_url}
    fields |= {"certificate": certificate.replace(":", "").lower()}
    run_work(operating.add_pushing(loaded, camera_id, fields, pairs))


@camera.command("test")
def camera_test(
    name: Annotated[str, typer.Argument(help="The camera's id or name.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Look at a camera that films: what is wrong and how to mend it. Exit code 1: something is."""
    loaded = settings_of(settings, home)
    from morina.wiring.camera_test import test_camera

    run_work(test_camera(loaded, name))


@camera.command("remove")
def camera_remove(
    camera_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Remove a camera; its reads stay."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    run_work(operating.remove_camera(loaded, camera_id))


@camera.command("decode")
def camera_decode(
    file: Annotated[Path, typer.Argument(help="A payload as the camera sent it.")],
    maker: Annotated[str, typer.Option(help="Its maker, such as hikvision.")],
    timezone: Annotated[
        str | None, typer.Option(help="Of the camera's clock, such as Europe/Tirane.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(min=1, help="The greatest confidence it sends: 1, 100, 999.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PLACE", help="Where a field is; for the maker generic."),
    ] = None,
) -> None:
    """Show what a camera's payload becomes: a JSON object a report, a line each."""
    from morina.wiring import decoding

    try:
        setup = decoding.setup_of(timezone, scale, field or [])
        for line in decoding.lines_of(maker, file, setup):
            print(line)
    except decoding.DecodingError as error:
        fail(error)
