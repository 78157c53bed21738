"""What was said about a proposal outside the portal, by telephone or at a meeting, kept on its case ("notatpligt")."""
