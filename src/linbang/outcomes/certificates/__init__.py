"""Certificates of verified service that anybody can check, and the cards volunteers carry."""
