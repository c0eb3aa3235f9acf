"""Why something in a joint operation is refused."""


class RefusedItemError(ValueError):
    """Something that may not be said or done in an operation; names the field and what to do."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


class NoSuchItemError(LookupError):
    """No item of that id is kept here, or none this person may see."""
