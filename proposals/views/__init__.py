"""The pages about a proposal that belong to its people, split by what they are doing."""
