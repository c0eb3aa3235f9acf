"""The demo's authorities: their nodes, what they agreed, and what is played between them."""
