"""The point of a picture that stays in view where the picture is cut to another shape; the word is Wagtail's."""

from typing import NamedTuple


class FocalPoint(NamedTuple):
    """Per cent of the picture's width from its left edge, and of its height from its top: where nobody chose, the middle of the top."""

    x: int = 50
    y: int = 0

    @property
    def css_classes(self) -> str:
        """Return the classes of site.css that keep it in view, in steps of ten: public pages take no style of a single element."""
        return f"focal-x-{round(self.x, -1)} focal-y-{round(self.y, -1)}"
