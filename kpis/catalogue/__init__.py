"""Sotkanet's catalogue: our copy of it, searching it, linking its indicators, and what is amiss with a link.

Nothing here asks Sotkanet while a page is served: `jobs` reads the catalogue in batches, pages show our copy.
"""
