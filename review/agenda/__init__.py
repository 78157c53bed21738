"""A meeting's agenda ("dagsorden"), from draft to publication."""
