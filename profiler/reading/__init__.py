"""Files of profilers, one reader a format."""
