"""How long one must wait after failed tries, so that guessing is slow and nobody is locked out.

A stranger's tries count against the name at his own address, so they do not make its owner wait
elsewhere. Guesses from many addresses at one name slow down browsers that never signed in to it;
one that did has a count of its own, and a passkey waits for nothing (decisions/0014).
"""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from morina.accountability.own_sessions import Whence

_IPV6_HOME = 64
"""Bits of an IPv6 address that one household or attacker commands the rest of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One count: from the ``free``-th try on ``first_s``, doubling up to ``longest_s``.

    One try is forgiven every ``forgiven_s`` seconds (0: none until a day without any), and all of
    them by a success where ``cleared``, else that one try only.
    """

    key: str
    free: int
    first_s: int
    longest_s: int
    forgiven_s: int = 0
    cleared: bool = False


def waits(what: str, name: str, whence: Whence, is_known: bool) -> tuple[Wait, ...]:
    """What a try of ``what`` (password, code) counts against, the narrowest first.

    ``is_known``: this browser has signed in as ``name`` before.
    """
    if is_known:
        device = sha256(whence.device.encode()).hexdigest()
        return (_narrow(f"{what} device {device} {name}"),)
    where = network(whence.address)
    return (
        _narrow(f"{what} pair {where} {name}"),
        Wait(key=f"{what} name {name}", free=50, first_s=15, longest_s=60, forgiven_s=60),
        Wait(key=f"{what} from {where}", free=100, first_s=15, longest_s=900, forgiven_s=30),
        Wait(key=f"{what} all", free=1000, first_s=1, longest_s=5, forgiven_s=1),
    )


def _narrow(key: str) -> Wait:
    return Wait(key=key, free=5, first_s=15, longest_s=900, cleared=True)


def network(address: str) -> str:
    """``address`` as it is counted: an IPv4 address, the /64 of an IPv6 one."""
    try:
        known = ip_address(address)
    except ValueError:
        return "elsewhere"
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    home = int(known) >> (128 - _IPV6_HOME) << (128 - _IPV6_HOME)
    return f"{IPv6Address(home)}/{_IPV6_HOME}"
