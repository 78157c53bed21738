"""The secretariat's desk: the round at a glance."""
