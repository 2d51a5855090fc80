"""What Wagtail's admin offers on our pages. Wagtail derives it from group permissions; here fewer things are anybody's."""

from typing import Any

from wagtail.models import PagePermissionTester


class CataloguePermissions(PagePermissionTester):
    """Publishing is the curators' approval, withdrawing and moving are services, deleting is nobody's: a withdrawn thing stays."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._is_superuser and super().can_delete(ignore_bulk)

    def can_publish(self) -> bool:
        return self._is_superuser and super().can_publish()

    def can_unpublish(self) -> bool:
        return self._is_superuser and super().can_unpublish()

    def can_publish_subpage(self) -> bool:
        return self._is_superuser and super().can_publish_subpage()

    def can_move(self) -> bool:
        return self._is_superuser and super().can_move()

    def can_reorder_children(self) -> bool:
        return self._is_superuser and super().can_reorder_children()

    def can_lock(self) -> bool:
        return self._is_superuser

    @property
    def _is_superuser(self) -> bool:
        return bool(self.user.is_active and self.user.is_superuser)


class StructurePermissions(CataloguePermissions):
    """Of pages that are no editions: people add below them, and change them through services alone."""

    def can_edit(self) -> bool:
        return self._is_superuser and super().can_edit()

    def can_copy(self) -> bool:
        return False


class HasCataloguePermissions:
    """Mixin for ResourcePage."""

    def permissions_for_user(self, user: Any) -> CataloguePermissions:
        return CataloguePermissions(user, self)


class HasStructurePermissions:
    """Mixin for the pages above the editions."""

    def permissions_for_user(self, user: Any) -> StructurePermissions:
        return StructurePermissions(user, self)
