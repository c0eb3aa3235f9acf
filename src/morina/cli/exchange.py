"""Commands of the exchange with partners. Each topic is a typer app in a module of its own,
``exchange_TOPIC.py``, added here: with a name it is a group of commands, without one its commands
stand beside the others."""

import typer

from morina.cli.exchange_agreement import agreement
from morina.cli.exchange_directory import directory, keys
from morina.cli.exchange_evidence import evidence
from morina.cli.exchange_sharing import sharing
from morina.cli.exchange_stick import delivery
from morina.cli.exchange_webhooks import webhook

exchange = typer.Typer(help="Exchange with partners.", no_args_is_help=True)
exchange.add_typer(evidence)
exchange.add_typer(delivery)
exchange.add_typer(keys, name="keys")
exchange.add_typer(directory, name="directory")
exchange.add_typer(agreement, name="agreement")
exchange.add_typer(sharing)
exchange.add_typer(webhook, name="webhook")
