"""A directory as commands show it."""

from rich.console import Console
from rich.table import Table

from morina.exchange.directory import Bundle, Directory, root_fingerprint, targets_of
from morina.exchange.directory_making import missing


def print_directory(directory: Directory) -> None:
    """Version, time and nodes of a directory whose signatures hold."""
    print(
        f"version {directory.version}, good until {directory.expires:%Y-%m-%d %H:%M} UTC;"
        f" {directory.threshold} of {len(directory.authorities)} authorities sign"
    )
    print(f"first root {root_fingerprint(directory.bundle.roots[0])}")
    table = Table("Node", "Name", "Address", "Keys", "Entry", "Old keys")
    for name, entry in sorted(directory.entries.items()):
        party = entry.party
        table.add_row(name, party.name, party.address or "stick only", party.fingerprint,
                      entry.fingerprint, str(len(entry.old)))  # fmt: skip
    Console().print(table)
    for (agreement_id, version), digest in sorted(directory.agreements.items(), key=str):
        print(f"agreement {agreement_id} version {version}: {digest}")


def print_unsigned(bundle: Bundle) -> None:
    """Which version a file holds that is not signed by enough."""
    print(f"version {targets_of(bundle).signed.version}, not in force anywhere:")
    print_missing(bundle)


def print_missing(bundle: Bundle) -> None:
    """Who may still sign."""
    wanted = missing(bundle)
    for what, (count, may) in wanted.items():
        print(f"{what}: {count} more must sign, of {', '.join(may)}")
    if not wanted:
        print("enough authorities signed; put it in force with: morina exchange directory take")
