"""The proposal's own page with its tabs."""
