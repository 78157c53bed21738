"""An idea before a draft ("idé"): half a page to a DGO, answered by it, and a draft with one press."""
