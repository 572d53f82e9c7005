"""The page frame every step shows itself in: layout, components, styles, scripts, icons, languages."""
