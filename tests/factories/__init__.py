"""Test data made by walking the real steps."""
