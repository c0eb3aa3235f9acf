"""What is seen, in the formats of others: GeoJSON, KML, MISB ST 0903."""
