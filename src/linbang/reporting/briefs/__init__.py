"""Numbered work briefs written from the figures."""
