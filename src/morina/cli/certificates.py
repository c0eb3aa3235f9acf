"""Commands of an authority's own certificates."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, Passphrase, SettingsFile
from morina.cli.running import do, settings_of, told
from morina.settings import Settings

certs = typer.Typer(help="Certificates of an authority of your own.", no_args_is_help=True)


@certs.command("ca")
def certs_ca(
    within: Annotated[
        list[str], typer.Option(help="A domain or network it vouches for; may be repeated.")
    ],
    name: Annotated[str, typer.Option(help="What it is called.")] = "Morina authority",
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make a certificate authority of your own in this home."""
    loaded = settings_of(settings, home)
    from morina.wiring import certs_commands as work

    secret = told(lambda: work.passphrase_of(passphrase))
    do(lambda: work.run_certs(loaded, lambda kept: print(kept.found(name, within, secret))))


@certs.command("node")
def certs_node(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Host names, addresses.")],
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue a certificate for a node's desk, for desk.certificate and desk.key."""
    _issue(settings_of(settings, home), "node", names, passphrase)


@certs.command("exchange")
def certs_exchange(
    node_id: Annotated[str, typer.Argument(help="The node's id: GB, GB-COAST.")],
    hosts: Annotated[
        list[str], typer.Argument(metavar="HOST...", help="Hosts its inbox answers at.")
    ],
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue a certificate a node shows to partners, for exchange.certificate and exchange.key."""
    _issue(settings_of(settings, home), "exchange", [node_id, *hosts], passphrase)


@certs.command("camera")
def certs_camera(
    name: str,
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue a certificate a camera shows when it pushes."""
    _issue(settings_of(settings, home), "camera", [name], passphrase)


@certs.command("site")
def certs_site(
    name: str,
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue a certificate a machine at a site shows to your proxy or VPN."""
    _issue(settings_of(settings, home), "site", [name], passphrase)


@certs.command("renew")
def certs_renew(
    name: str,
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue a certificate anew under the same names; a running desk takes it up by itself."""
    loaded = settings_of(settings, home)
    from morina.wiring import certs_commands as work

    secret = told(lambda: work.passphrase_of(passphrase))
    do(lambda: work.run_certs(loaded, lambda kept: work.told(kept, kept.renew(name, secret))))


@certs.command("revoke")
def certs_revoke(
    name: str,
    passphrase: Passphrase = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Put a certificate on the list of those to be refused, certs/ca.crl."""
    loaded = settings_of(settings, home)
    from morina.wiring import certs_commands as work

    secret = told(lambda: work.passphrase_of(passphrase))
    do(lambda: work.run_certs(loaded, lambda kept: kept.revoke(name, secret)))


@certs.command("list")
def certs_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show what was issued. Exit code 1: one ends within 30 days."""
    loaded = settings_of(settings, home)
    from morina.wiring import certs_commands as work

    do(lambda: work.run_certs(loaded, work.show_certificates))


def _issue(settings: Settings, kind: str, names: list[str], passphrase: Path | None) -> None:
    from morina.wiring import certs_commands as work

    secret = told(lambda: work.passphrase_of(passphrase))
    do(
        lambda: work.run_certs(
            settings, lambda kept: work.told(kept, kept.issue(kind, names, secret))
        )
    )
