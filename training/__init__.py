"""How the models Morina reads plates with are made. Not part of the product."""
