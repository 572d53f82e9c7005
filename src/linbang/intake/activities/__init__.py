"""What is planned: brands, campaigns, projects, activities with their posts and shifts, rosters."""
