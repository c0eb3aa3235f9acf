"""What ``morina exchange keys`` and ``morina exchange directory`` do."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from morina.accountability.signing import SignatureError, Signer
from morina.engines import Home
from morina.exchange import Party, UnknownNodeError
from morina.exchange.adapters.agreement_takes import Told, tell
from morina.exchange.directory import (
    Bundle,
    DirectoryError,
    bundle_of,
    opened,
    root_fingerprint,
    targets_of,
)
from morina.exchange.directory_making import (
    AgreementHash,
    Change,
    changed,
    founded,
    merged,
    missing,
    signed,
)
from morina.exchange.entries import Entry, EntryError, entry_of
from morina.settings import Settings
from morina.wiring.exchange.agreement_files import agreement_in
from morina.wiring.exchange.console import node_at_console
from morina.wiring.exchange.directory_printing import (
    print_directory,
    print_missing,
    print_unsigned,
)
from morina.wiring.exchange.ground import keys_of
from morina.wiring.refused import RefusedError

_Made = TypeVar("_Made")

DIRECTORY_SECRET = "directory"  # noqa: S105 - the name of one


class Card(NamedTuple):
    """What an entry says beside keys: empty where the settings say it."""

    name: str
    contact: str
    tls_root: Path | None


def write_keys(settings: Settings, to: Path, card: Card) -> None:
    """Write this node's entry, to be handed to the others, and print its fingerprint."""
    entry = _entry(entry_made(settings, card).text(), to)
    _write(to, entry.text())
    print(f"{to}: hand this to every partner; it holds no secret")
    print(f"fingerprint {entry.fingerprint}: read it to them over the telephone")


def entry_made(settings: Settings, card: Card) -> Entry:
    """This node's entry, its keys made where there are none; RefusedError."""
    home = _home(settings)
    try:
        keys = keys_of(settings, home)
    except UnknownNodeError as error:
        raise RefusedError(f"exchange.node_id: {error}") from None
    directory_key = Signer.of(home.secret(DIRECTORY_SECRET)).public
    party = Party(
        node_id=keys.node_id, name=card.name, address=settings.exchange.address,
        signing=keys.signer.public, sealing=keys.sealing,
        tls_root=_tls_root(settings, home, card.tls_root), contact=card.contact,
    )  # fmt: skip
    return Entry(party, directory_key)


def found(to: Path, files: Sequence[Path], threshold: int, days: int) -> None:
    """Write a first directory of these entries, for their authorities to sign."""
    entries = [_entry(_read(file), file) for file in files]
    _write(to, _checked(lambda: founded(entries, threshold, _now(), days)).text())
    print(f"{to}: a directory of {len(entries)} nodes; nobody signed it yet")
    print_missing(bundle_of(_read(to)))


class Wanted(NamedTuple):
    """What the next version is to say otherwise: files of entries and of agreements, nodes that
    leave, and how many days it is good."""

    entries: Sequence[Path]
    agreements: Sequence[Path]
    removed: Sequence[str]
    days: int


def add(file: Path, to: Path, wanted: Wanted) -> None:
    """Write the next version of a directory, for the authorities to sign."""
    hashes = [AgreementHash.of(agreement_in(one)) for one in wanted.agreements]
    change = Change(
        entries=[_entry(_read(one), one) for one in wanted.entries],
        agreements=hashes, removed=wanted.removed, days=wanted.days,
    )  # fmt: skip
    made = _checked(lambda: changed(bundle_of(_read(file)), change, _now()))
    _write(to, made.text())
    print(f"{to}: version {targets_of(made).signed.version}; nobody signed it yet")
    print_missing(made)


def sign(settings: Settings, file: Path, key: Path | None, others: Sequence[Path]) -> None:
    """Add this authority's signature, and those other copies of the file bear."""
    secret = _read(key) if key else _home(settings).secret(DIRECTORY_SECRET)
    made = _checked(lambda: signed(bundle_of(_read(file)), Signer.of(secret).key))
    for one in others:
        made = _merged(made, one)
    _write(file, made.text())
    print(f"{file}: signed")
    print_missing(made)


def fingerprint(file: Path) -> None:
    """Print what is compared on paper: of the first root, and of each entry."""
    bundle = _checked(lambda: bundle_of(_read(file)))
    print(f"directory {root_fingerprint(bundle.roots[0])}")
    for text in bundle.files.values():
        entry = entry_of(text)
        print(f"{entry.party.node_id} {entry.fingerprint} {entry.party.name}")


async def show(settings: Settings, file: Path | None) -> None:
    """Show a directory: a file's, or the one in force."""
    if file is not None:
        bundle = _checked(lambda: bundle_of(_read(file)))
        if missing(bundle):
            print_unsigned(bundle)
        else:
            print_directory(_checked(lambda: opened(bundle, bundle.roots[0])))
        return
    async with node_at_console(settings) as node:
        directory = await node.directory.directory()
        if directory is None:
            raise RefusedError("no directory is in force; see: morina exchange directory take")
        print_directory(directory)
        print(f"it is {await node.directory.standing(_now())}")


async def take(settings: Settings, file: Path) -> None:
    """Put a directory in force here, and tell the others of it."""
    bundle = _checked(lambda: bundle_of(_read(file)))
    print(f"version {await put_in_force(settings, bundle)} is in force")


async def put_in_force(settings: Settings, bundle: Bundle) -> int:
    """The version that is in force at the running node then; RefusedError."""
    async with node_at_console(settings) as node:
        try:
            async with node.pool.connection() as connection:
                known = await node.directory.take(connection, bundle, node.officer, _now())
                told = Told(bundle, [one for one in known if one != node.ground.node_id])
                # In the same transaction: signed with the key the others know until they have it.
                await tell(connection, node.ground.outbox, told, _now())
        except DirectoryError as error:
            raise RefusedError(str(error)) from None
        return await node.directory.version()


def _merged(made: Bundle, file: Path) -> Bundle:
    return _checked(lambda: merged(made, bundle_of(_read(file))))


def _checked(work: Callable[[], _Made]) -> _Made:
    try:
        return work()
    except (DirectoryError, EntryError, SignatureError) as error:
        raise RefusedError(str(error)) from None


def _entry(text: str, file: Path) -> Entry:
    try:
        return entry_of(text)
    except EntryError as error:
        raise RefusedError(f"{file}: {error}") from None


def _tls_root(settings: Settings, home: Home, chosen: Path | None) -> str:
    """The root of this node's TLS certificate; empty where messages go on a stick only."""
    file = chosen or home.path / "certs" / "ca.pem"
    if not settings.exchange.address and not file.exists():
        return ""
    if not file.exists():
        raise RefusedError(
            f"{file} is missing; make it with morina certs, or name yours with --tls-root"
        )
    return _read(file)


def _home(settings: Settings) -> Home:
    """The home, made where there is none: an authority without a node has one for its key."""
    path = settings.home.resolve()
    path.mkdir(parents=True, exist_ok=True)
    return Home(path)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, ValueError) as error:
        raise RefusedError(f"{file} cannot be read: {error}") from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text)
    except OSError as error:
        raise RefusedError(f"{file} cannot be written: {error.strerror}") from None


def _now() -> datetime:
    return datetime.now(UTC)
