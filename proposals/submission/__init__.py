"""Checking, sending, withdrawing and moving to another round."""
