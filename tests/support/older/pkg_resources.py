"""What taky asks of a module that newer setuptools no longer bring: its own version."""

from importlib.metadata import PackageNotFoundError as DistributionNotFound
from importlib.metadata import distribution as get_distribution

__all__ = ["DistributionNotFound", "get_distribution"]
