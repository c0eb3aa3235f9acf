"""Reads handed over to a running node, and waited for until its records have them."""

import time
from collections.abc import Sequence

import httpx

from morina.sense import Read
from running import START_WITHIN_S, RunningNode


def kept(node: RunningNode, token: str, reads: Sequence[Read]) -> None:
    """Publish them, captured within 24 hours; until whoever has the token sees them all."""
    node.publish(reads)
    wanted, until = {str(read.read_id) for read in reads}, time.monotonic() + START_WITHIN_S
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=node.url, headers=headers, timeout=START_WITHIN_S) as http:
        while time.monotonic() < until:
            latest = http.get("/api/v1/reads", params={"limit": 1000}).json()
            if wanted <= {read["read_id"] for read in latest}:
                return
            time.sleep(0.2)
    raise AssertionError("the reads were not kept")
