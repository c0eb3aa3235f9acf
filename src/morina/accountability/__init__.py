"""Who may know what, why and for how long."""

from morina.accountability.identity import SignInRefusedError, User, Users

__all__ = ["SignInRefusedError", "User", "Users"]
