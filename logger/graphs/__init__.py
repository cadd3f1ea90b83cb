"""Model graphs: what a framework computes, as nodes in nested groups, read from and written to many formats."""
