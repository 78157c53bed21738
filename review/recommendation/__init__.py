"""The secretariat's recommendation to the committee ("indstilling")."""
