"""What a plate is: text, issuing country, grammar, look-alikes. Pure."""

from morina.plates.plate import NotAPlateError, Plate, plate_text

__all__ = ["NotAPlateError", "Plate", "plate_text"]
