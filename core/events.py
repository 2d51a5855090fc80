"""Signals by which a lower room tells higher ones that something changed. They carry ids only; receivers reload.

All are sent inside the transaction of the change, so a receiver's own rows live or die with it.
"""

from django.dispatch import Signal

work_changed = Signal()
"""`work_id: UUID` — anything a reader or the index sees of a work changed, or it is gone. Sender: None."""

object_changed = Signal()
"""`object_id: UUID` — the state or the derived files of a stored object changed. Sender: None."""

institution_changed = Signal()
"""`institution_id: UUID` — name, country or visibility of an institution changed. Sender: None."""
