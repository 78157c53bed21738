"""Who was at the meeting, and who took no part in an item."""
