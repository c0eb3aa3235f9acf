"""Airframes, batteries, pilots, airspace and limits: checks before a sortie is cleared."""
