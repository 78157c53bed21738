"""The list of proposals one may see."""
