"""The DGO's desk."""
