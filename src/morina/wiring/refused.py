"""A command that cannot be carried out."""


class RefusedError(Exception):
    """The command cannot be carried out; the message says why and what to do."""
