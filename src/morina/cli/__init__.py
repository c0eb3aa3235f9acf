"""Commands: argument parsing and a call into ``wiring``, nothing else; a module a topic."""

import typer

from morina.cli import handing, keeping, starting
from morina.cli.aerial import aerial
from morina.cli.asking import records
from morina.cli.auditing import audit
from morina.cli.backups import backup, restore
from morina.cli.cameras import camera
from morina.cli.certificates import certs
from morina.cli.exchange import exchange
from morina.cli.hotlists import hotlist
from morina.cli.people import user
from morina.cli.register import register
from morina.cli.sites import edge, site

__all__ = ["app", "handing", "keeping", "main"]

app = typer.Typer(
    help="Morina: plate reads, hotlists and alerts for authorities that share a border.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(starting.up)
app.command()(starting.demo)
app.command()(starting.read)
app.command(hidden=True)(starting.worker)
app.add_typer(hotlist, name="hotlist")
app.add_typer(camera, name="camera")
app.add_typer(user, name="user")
app.add_typer(site, name="site")
app.add_typer(edge, name="edge")
app.add_typer(records, name="records")
app.add_typer(audit, name="audit")
app.add_typer(backup, name="backup")
app.add_typer(certs, name="certs")
app.add_typer(exchange, name="exchange")
app.add_typer(aerial, name="aerial")
app.add_typer(register, name="register")
app.command()(restore)


def main() -> None:
    """The ``morina`` command."""
    app()
