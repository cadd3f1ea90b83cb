"""The model graph for the page: which graphs there are, their pictures, and what is asked about their parts."""
