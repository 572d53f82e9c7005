"""The figures of any region and period, defined once."""
