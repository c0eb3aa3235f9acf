"""``python -m morina.cli``: the node starts its own processes so."""

from morina.cli import main

main()
