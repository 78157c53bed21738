"""The proposal as a paper: PDF, the RUS form, and Word out and back in."""
