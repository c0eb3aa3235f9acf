"""Duties of the authority: breaches, requests of persons, and what it has to be able to show."""

from morina.accountability.duties.matters import (
    Concern,
    Matter,
    Matters,
    NoSuchMatterError,
    Opened,
    RefusedMatterError,
    Step,
)

__all__ = [
    "Concern",
    "Matter",
    "Matters",
    "NoSuchMatterError",
    "Opened",
    "RefusedMatterError",
    "Step",
]
