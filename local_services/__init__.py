"""The launcher: real servers on one machine without containers, and the commands of the Makefile.

It knows the site only by `manage.py` and its settings (environment variables), never by import, and needs nothing but the standard library
until `.venv` is there. docs/howto/local-services.md tells the user's side.
"""
