"""The DGO's professional assessment ("faglig kvalificering")."""
