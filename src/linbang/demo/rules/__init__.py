"""What the demo community is made of: pure, and the same for the same seed."""
