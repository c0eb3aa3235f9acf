"""A machine beside the road: ``running`` is the whole of it. Loads no database and no page."""
