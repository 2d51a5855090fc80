"""Signals by which a lower room tells higher ones that something changed. They carry ids only; receivers reload.

All are sent inside the transaction of the change, so a receiver's own rows live or die with it.
"""

from django.dispatch import Signal

works_changed = Signal()
"""`work_ids: Sequence[UUID]` — anything a reader or the index sees of these works changed, or they are gone. Sender: None.

At most a thousand at a time, each once, in the order of their ids, so that receivers that lock rows never wait for each other in a
circle. A change that touches more works sends several.
"""

object_changed = Signal()
"""`object_id: UUID` — the state or the derived files of a stored object changed. Sender: None."""

institution_changed = Signal()
"""`institution_id: UUID` — name, country or visibility of an institution changed. Sender: None."""
