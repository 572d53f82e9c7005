"""What is typed or measured at the door, one file a noun."""
