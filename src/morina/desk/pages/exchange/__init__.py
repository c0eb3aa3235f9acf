"""Pages of the exchange: who tells whom what, by which agreement, and what passed."""
