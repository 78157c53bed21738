"""Settling whether somebody is impartial ("habil")."""
