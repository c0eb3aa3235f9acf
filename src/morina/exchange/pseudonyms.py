"""Officers as partners know them: a name only their own authority can resolve."""

import hashlib
import hmac


def pseudonym(secret: str, node_id: str, officer: str) -> str:
    """``GB:1f3a…``: node, and 16 hex digits of HMAC-SHA-256 over the user name. The same officer
    is always the same, so that caps count and patterns show; ``secret`` stays at the node."""
    made = hmac.new(secret.encode(), officer.encode(), hashlib.sha256).hexdigest()
    return f"{node_id}:{made[:16]}"
