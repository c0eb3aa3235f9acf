"""A sortie is looked through, picture by picture."""
