"""The tables of a cluster, parsed by the engine; no cluster is to be had here."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from morina.cli import app
from morina.records.adapters.clickhouse_cluster import NoClusterError, cluster_statements
from morina.records.adapters.clickhouse_schema import TABLES, statements
from reads_process import in_a_process


def test_the_engine_understands_every_statement(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        from morina.records.adapters.clickhouse_cluster import cluster_statements
        client = engine(folder)
        for statement in cluster_statements("border", 4):
            asked = client.query("SELECT formatQuery({sql:String})", {"sql": statement})
            assert "border" in asked.result_rows[0][0], statement
            wrong = {"sql": statement + " x y"}
            asked = client.query("SELECT formatQueryOrNull({sql:String})", wrong)
            assert asked.result_rows[0][0] is None, statement
        client.close()
    """)  # fmt: skip


def test_one_machine_stands_for_a_cluster_of_one(tmp_path: Path) -> None:
    """All of it runs, but for what needs a keeper and servers: ON CLUSTER and Replicated."""
    in_a_process(tmp_path, """
        import re
        from morina.records.adapters.clickhouse_cluster import cluster_statements
        client = engine(folder)
        for statement in cluster_statements("border", 1)[1:]:
            alone = statement.replace(" ON CLUSTER 'border'", "").replace("Replicated", "")
            alone = re.sub("'/clickhouse[^']*', '[^']*'(, )?", "", alone)
            alone = alone.replace("clusterAllReplicas('border', system.parts)", "system.parts")
            alone = re.sub(r"Distributed\\('border', ('\\w+'), ('\\w+'), .*\\)\\nSETTINGS.*",
                           r"Merge(\\1, '^' || \\2 || '$')", alone)
            client.command(alone)
        client.close()
    """)  # fmt: skip


def test_what_is_queried_has_the_same_names_and_columns_as_on_one_machine() -> None:
    alone, together = "\n".join(statements()), "\n".join(cluster_statements("border", 4))
    made = re.compile(r"CREATE (?:TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS (morina\.\w+)")
    names = set(made.findall(together))
    assert set(made.findall(alone)) <= names
    assert names - set(made.findall(alone)) == {
        *(f"morina.{table.name}_local" for table in TABLES),
        "morina.camera_hours",
    }
    assert all(table.columns in together for table in TABLES)
    assert "ENGINE = MergeTree" not in together
    assert "ENGINE = ReplacingMergeTree" not in together


def test_the_command_prints_it_and_refuses_what_is_no_cluster() -> None:
    printed = CliRunner().invoke(
        app, ["records", "ddl", "--cluster", "border", "--shards", "3"]
    )  # fmt: skip
    assert printed.exit_code == 0
    assert printed.output.count("ON CLUSTER 'border'") == len(cluster_statements("border", 3)) - 1
    assert "has not 3 shards" in printed.output
    with pytest.raises(NoClusterError, match="no name of a cluster"):
        cluster_statements("a'; DROP TABLE b", 1)
    with pytest.raises(NoClusterError, match="0 shards"):
        cluster_statements("border", 0)
