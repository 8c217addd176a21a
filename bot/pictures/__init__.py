"""Charts as SVG, rendered to PNG that is the same on every machine."""
