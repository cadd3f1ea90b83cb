"""What profiles come to, in a form of their own: figures, text for a terminal, JSON, conditions for a build server."""
