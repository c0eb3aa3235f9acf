"""From a pixel to the ground: geoid, imported heights, rays, errors, what can be seen."""
