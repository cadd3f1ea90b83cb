"""Embeddings as the page asks for them: opened once, laid out in jobs, searched, cut into pictures, downloaded."""
