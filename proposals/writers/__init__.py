"""Who writes and reads along, whose the proposal is, and on whose behalf."""
