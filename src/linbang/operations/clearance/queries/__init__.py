"""Reads of clearance."""

from linbang.operations.clearance.queries.causes import causes_in_words, reasons_against

__all__ = ["causes_in_words", "reasons_against"]
