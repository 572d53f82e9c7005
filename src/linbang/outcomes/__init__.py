"""What the service was worth; these apps never import each other."""
