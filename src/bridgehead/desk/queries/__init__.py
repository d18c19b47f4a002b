"""Reads for the desk's pages, one module a page."""
