"""The layers that come with Morina, ready simplified: GeoJSON, WGS 84, longitude before latitude.

They cover 18.5-23.5 degrees east and 39.5-44 degrees north. docs/map.md names their sources,
``extract/LICENCES.txt`` their licences.
"""

from pathlib import Path
from types import MappingProxyType

_EXTRACT = Path(__file__).parent / "extract"

LAYERS = MappingProxyType(
    {name: _EXTRACT / f"{name}.geojson" for name in ("borders", "places", "rivers", "lakes")}
)
"""Layer name to its file."""

ATTRIBUTION = (
    "Borders © OpenStreetMap contributors (ODbL 1.0). Places: GeoNames (CC BY 4.0). "
    "Rivers and lakes: Natural Earth."
)
"""What the licences of the layers want said on the map; a message to translate."""
