"""The exchange with partners, put together. ``starting.exchange_of`` is what a node calls."""
