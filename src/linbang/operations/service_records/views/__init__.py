"""Pages about records, one module a side."""
