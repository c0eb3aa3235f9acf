"""What ``morina site`` and ``morina edge status`` do."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from morina.engines import Home
from morina.sense.site import JoinError, SiteHeard, SiteState, written
from morina.settings import Settings
from morina.wiring.refused import RefusedError
from morina.wiring.site_folder import SiteFolder
from morina.wiring.site_states import heard

FRESH_S = 10.0


def add_site(settings: Settings, name: str, scope: list[str]) -> None:
    """Print the join token of a new site; the node takes the site up within seconds."""
    try:
        token = _folder(settings).add(name, tuple(scope))
    except FileExistsError:
        raise RefusedError(
            f"there is a site {name}; remove it first, its token then no longer works: "
            f"morina site remove {name}"
        ) from None
    except JoinError as error:
        raise RefusedError(str(error)) from None
    print(written(token).decode(), end="")


def remove_site(settings: Settings, name: str) -> None:
    """Let a site join no more."""
    try:
        _folder(settings).remove(name)
    except FileNotFoundError:
        raise RefusedError(f"no site {name}; morina site list shows those there are") from None
    except JoinError as error:
        raise RefusedError(str(error)) from None
    print(f"{name}: removed")


def show_sites(settings: Settings) -> None:
    """Print the sites and what each last said of itself."""
    folder = _folder(settings)
    table = Table("Site", "Scope", "Heard", "Waiting", "Dropped", "Clock", "Hotlist")
    for one in heard(folder):
        scope = "; ".join(one.scope) or "listings for everywhere"
        table.add_row(one.site, scope, *_row(one))
    Console().print(table)


def show_edge(settings: Settings) -> None:
    """Print how the site of this home is; RefusedError when it does not run."""
    file = Path(settings.home) / "run" / "edge.json"
    if not file.exists():
        raise RefusedError(f"no site has run on {file.parent.parent}; start one: morina edge")
    state = msgspec.json.decode(file.read_bytes(), type=SiteState)
    table = Table(show_header=False)
    for name, value in json.loads(file.read_bytes()).items():
        table.add_row(name.replace("_", " "), _plain(value))
    Console().print(table)
    age_s = datetime.now(UTC).timestamp() - file.stat().st_mtime
    if age_s > FRESH_S:
        raise RefusedError(
            f"the site {state.site} said this {age_s:,.0f} s ago and does not run; start it: "
            "morina edge --join TOKENFILE"
        )


def _row(known: SiteHeard) -> list[str]:
    state = known.state
    if known.heard_at is None or state is None:
        return ["never", "", "", "", ""]
    ago_s = (datetime.now(UTC) - known.heard_at).total_seconds()
    offset = "" if state.clock_offset_s is None else f"{state.clock_offset_s:+.3f} s"
    wrong = "".join(f", {name} {behind:+.0f} s" for name, behind in state.wrong_clocks.items())
    entries = "" if state.hotlist_entries is None else f"{state.hotlist_entries:,} entries"
    return [
        f"{ago_s:,.0f} s ago",
        f"{state.reads_waiting:,} reads, {state.pictures_waiting:,} pictures",
        f"{state.reads_dropped:,} reads, {state.pictures_dropped:,} pictures",
        offset + wrong,
        entries,
    ]


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items()) or "none"
    return "not known" if value is None else str(value)


def _folder(settings: Settings) -> SiteFolder:
    home = Home(Path(settings.home).resolve())
    home.path.mkdir(parents=True, exist_ok=True)
    return SiteFolder(home, settings)
