"""What service was worth to others: stars, ratings and honours."""
