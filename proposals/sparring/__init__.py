"""What a proposal's people, its DGO and the secretariat say to each other; it moves nothing."""
