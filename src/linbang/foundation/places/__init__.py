"""The region tree on national codes, grids and buildings below it, and stations."""
