"""A look into files that strangers sent: whole or cut off, locked, one thing or two, harmless or not.

Runs only in the fenced process (`python -m media.inspection`); knows nothing of Django, the database or the store.
"""
