"""The pages of the savings, one file a noun."""
