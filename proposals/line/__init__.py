"""The line a proposal walks ("forløbet"): the proposal, its history, who sees it in what capacity, and who may judge it."""
