"""How the detector of thermal drone video is made; nothing here is part of the product."""
