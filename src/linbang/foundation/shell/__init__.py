"""The page frame of every step: layout, components, styles, scripts, icons, languages."""
