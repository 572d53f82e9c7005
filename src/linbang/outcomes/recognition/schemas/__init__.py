"""What the API and the workbook say of stars, ratings and honours."""
