"""Drone flights: the list of them, and one with its video beside the map."""
