"""Linbang: one community's volunteer service, from a need to a report."""
