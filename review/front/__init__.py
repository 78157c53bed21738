"""The front page, and the menu of every page."""
