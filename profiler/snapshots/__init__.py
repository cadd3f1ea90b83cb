"""Snapshots of the allocator of a GPU: read without executing anything, and what they tell."""
