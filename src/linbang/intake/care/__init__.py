"""Who is on the care register, and in which category."""
