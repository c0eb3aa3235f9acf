"""Knows every part and names the adapters.

``node`` holds the path of a read as one loop; ``reading`` what reads pictures; ``operating`` what
the commands do. Apart, so that ``morina read`` need not load a node, nor a node the recogniser.
"""
