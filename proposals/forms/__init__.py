"""What people fill in about a proposal, split by what they are doing."""
