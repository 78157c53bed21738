"""Proposals and tracks about the same."""
