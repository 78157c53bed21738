"""Checking, sending, taking back, withdrawing and moving to another round."""
