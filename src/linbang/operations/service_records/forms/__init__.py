"""Forms about records, one file a noun."""
