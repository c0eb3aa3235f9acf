"""Morina: one border, worked together by the authorities of several countries."""
