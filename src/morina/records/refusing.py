"""How a question is refused."""


class RefusedQuestionError(ValueError):
    """A question that may not be asked so; ``place`` is the field, the message says what to do."""

    def __init__(self, place: str, fault: str, mend: str) -> None:
        super().__init__(f"{place}: {fault}; {mend}")
        self.place, self.fault, self.mend = place, fault, mend
