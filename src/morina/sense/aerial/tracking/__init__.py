"""Things seen again and again at places that agree become tracks on the map plane."""
