"""The same tables on a cluster: replicated ones on every shard, and what is asked above them.

What is queried has the name it has on one machine (``morina.reads``) and is ``Distributed`` over
the tables that hold the rows (``morina.reads_local``). The views fill through it too, as
``passed`` lies by camera and ``texts`` by text, not where the read lies.
"""

import re

from morina.records.adapters.clickhouse_schema import ADDED, PARTS, TABLES, Table, add, create
from morina.records.adapters.sql_figures import HOURS

LOCAL = "_local"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_FORWARDED = "fsync_after_insert = 1, fsync_directories = 1"


class NoClusterError(ValueError):
    """A name or number no cluster of ClickHouse has."""


def cluster_statements(cluster: str, shards: int) -> tuple[str, ...]:
    """To be run once, in order, on any one server of ``cluster``; the first refuses a wrong one.

    The servers' macros ``shard`` and ``replica`` must be set, as ClickHouse's manual has it.
    """
    if not _NAME.fullmatch(cluster):
        raise NoClusterError(f"{cluster[:64]!r} is no name of a cluster; see system.clusters")
    if shards < 1:
        raise NoClusterError(f"a cluster has no {shards} shards; give 1 or more")
    on = f" ON CLUSTER '{cluster}'"
    made = [_check(cluster, shards), f"CREATE DATABASE IF NOT EXISTS morina{on}"]
    for table in TABLES:
        made += [_local(table, on), _above(table, cluster, on)]
        if table.name in ADDED:
            names = (f"morina.{table.name}{LOCAL}", f"morina.{table.name}")
            made += [add(table, name, on) for name in names]
    made += [_view(table, on) for table in TABLES if table.filled_by]
    return (*made, _parts(cluster, on), _hours(on))


def _check(cluster: str, shards: int) -> str:
    says = f"the cluster {cluster} has not {shards:d} shards; see system.clusters"
    counted = f"SELECT throwIf(uniqExact(shard_num) != {shards:d}, '{says}')"
    return f"{counted} FROM system.clusters WHERE cluster = '{cluster}'"


def _local(table: Table, on: str) -> str:
    name = f"morina.{table.name}{LOCAL}"
    path = f"/clickhouse/tables/{{shard}}/morina/{table.name}"
    return create(table, name, f"Replicated{table.engine}('{path}', '{{replica}}')", on)


def _above(table: Table, cluster: str, on: str) -> str:
    local = f"morina.{table.name}{LOCAL}"
    return (
        f"CREATE TABLE IF NOT EXISTS morina.{table.name}{on} AS {local}\n"
        f"ENGINE = Distributed('{cluster}', 'morina', '{table.name}{LOCAL}', {table.shard_by})\n"
        f"SETTINGS {_FORWARDED}"
    )


def _view(table: Table, on: str) -> str:
    return (
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS morina.{table.name}_filled{on}\n"
        f"TO morina.{table.name} AS {table.filled_by.format(reads=f'morina.reads{LOCAL}')}"
    )


def _parts(cluster: str, on: str) -> str:
    everywhere = f"clusterAllReplicas('{cluster}', system.parts)"
    view = PARTS.strip().format(parts=everywhere, table=f"reads{LOCAL}")
    return view.replace("reads_parts AS", f"reads_parts{on} AS", 1)


def _hours(on: str) -> str:
    """One table for all shards: counts are few, and every server answers from its own copy."""
    path = "'/clickhouse/tables/all/morina/camera_hours', '{shard}-{replica}', counted_at"
    return (
        HOURS.strip()
        .replace("camera_hours (", f"camera_hours{on} (", 1)
        .replace("ReplacingMergeTree(counted_at)", f"ReplicatedReplacingMergeTree({path})")
    )
