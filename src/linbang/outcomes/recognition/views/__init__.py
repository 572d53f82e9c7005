"""Pages of recognition, one file a noun."""
