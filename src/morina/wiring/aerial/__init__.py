"""Builds what drone flights are worked with."""
