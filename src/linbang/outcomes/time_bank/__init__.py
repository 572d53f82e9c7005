"""Love savings: minutes banked for verified service."""
