"""Home pages, navigation and the root of the API: where the product meets people."""
