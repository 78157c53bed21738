"""What the committee decides, written first and told when it is released."""
