"""Being there: visits, check-in and check-out."""
