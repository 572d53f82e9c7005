"""Units and teams in one tree, their members and their liaison persons."""
