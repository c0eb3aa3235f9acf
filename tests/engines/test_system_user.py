"""The system user that PostgreSQL runs as where the node is root."""

import os
import pwd
from concurrent.futures import ThreadPoolExecutor
from subprocess import run
from uuid import uuid4

import pytest

from morina.engines import EngineError, postgres

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make users")


def test_nodes_that_start_at_once_share_the_user_that_one_of_them_makes() -> None:
    user = f"m{uuid4().hex[:12]}"
    try:
        with ThreadPoolExecutor(8) as nodes:
            list(nodes.map(postgres._ensure_user, [user] * 8))
        assert pwd.getpwnam(user).pw_name == user
    finally:
        run(["/usr/sbin/userdel", user], check=False, capture_output=True)


def test_a_user_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "USER_MADE_WITHIN_S", 0.0)
    with pytest.raises(EngineError, match="useradd failed"):
        postgres._ensure_user("not a name:")
