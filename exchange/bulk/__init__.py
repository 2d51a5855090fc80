"""Tables that institutions upload in the admin: read, checked and taken in by the worker, while a page shows how far it is."""
