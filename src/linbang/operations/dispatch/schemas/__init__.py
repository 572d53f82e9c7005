"""The shapes of dispatch in the API, one file a noun."""
