"""Pages of service, one file a noun."""
