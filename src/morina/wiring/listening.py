"""A socket that waits for connections."""

import socket


def listening_at(host: str, port: int) -> socket.socket:
    """Of IPv4 or IPv6 as ``host`` is; OSError where it cannot be had."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made
