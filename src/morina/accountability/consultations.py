"""The log of what was asked, as a role: written before the answer, never changed."""

from typing import Protocol

from morina.accountability.purpose import Asked, Consultation, Outcome


class NoSuchConsultationError(LookupError):
    """No question was written down under that number, or its outcome is known already."""


class Consultations(Protocol):
    """Questions asked of the records, durable. What was written stays as it is.

    ConnectionError where it cannot be written; whoever asks then gets no answer.
    """

    async def begin(self, asked: Asked) -> int:
        """Write down what is about to be asked; its number, once it is durable.

        The approval it needs is used up with it; RefusedApprovalError where that may not be.
        """

    async def end(self, number: int, outcome: Outcome) -> None:
        """Write down what became of it, once; NoSuchConsultationError."""

    async def newest(
        self, *, officer: str = "", plate: str = "", before: int | None = None, limit: int = 100
    ) -> list[Consultation]:
        """Newest first; those by ``officer``, those that asked for ``plate``, those numbered below
        ``before``, to go on from a page."""
