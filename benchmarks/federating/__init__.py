"""Nodes in network namespaces, disturbed at random, and an oracle that knows what may arrive."""
