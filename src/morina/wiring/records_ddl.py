"""What makes the record store's tables on a cluster of ClickHouse servers."""

from morina.records.adapters.clickhouse_cluster import NoClusterError, cluster_statements

__all__ = ["NoClusterError", "ddl"]


def ddl(cluster: str, shards: int) -> str:
    """The statements as a script for ``clickhouse-client``; NoClusterError."""
    return "".join(f"{statement.strip()};\n\n" for statement in cluster_statements(cluster, shards))
