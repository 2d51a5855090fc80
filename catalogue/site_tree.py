"""The pages, groups and the workflow that every site has. Made after each migration and after a flush; safe to repeat."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Site, Workflow, WorkflowPage, WorkflowTask

from catalogue.models import CatalogueIndexPage, CuratorTask, HomePage, InstitutionIndexPage, InstitutionPage
from catalogue.vocabulary import VOCABULARIES
from members import groups

NEEDED_TABLES = frozenset({"catalogue_homepage", "catalogue_curatortask", "wagtailcore_grouppagepermission", "members_institution"})


def after_migrate(using: str, **_: Any) -> None:
    """Put up the tree once the tables are there (Django's post_migrate signal)."""
    connection = connections[using]
    if using == "default" and NEEDED_TABLES.issubset(connection.introspection.table_names()):
        ensure_site_tree()


@transaction.atomic
def ensure_site_tree() -> HomePage:
    """Return the home page; make what is missing of: root, home, its two indexes, the site, the groups, the workflow."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    home = _ensure_home(_ensure_root())
    _ensure_child(home, CatalogueIndexPage(title="Catalogue", slug="catalogue"))
    institutions = _ensure_child(home, InstitutionIndexPage(title="Institutions", slug="institutions"))
    for group in (groups.curators_group(), groups.secretariat_group()):
        let_into_admin(group)
    _let_edit_vocabularies(groups.secretariat_group())
    _ensure_workflow(institutions)
    return home


def let_into_admin(group: Group) -> None:
    """Let the group's people open Wagtail's admin; alone it allows nothing there."""
    content_type, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    permission, _ = Permission.objects.get_or_create(
        content_type=content_type, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    group.permissions.add(permission)


def let_contribute(group: Group, page: InstitutionPage) -> None:
    """Let the group add and change below its institution's page; publishing, moving and deleting are nobody's."""
    let_into_admin(group)
    content_type = ContentType.objects.get_for_model(Page)
    for codename, name in (("add_page", "Can add page"), ("change_page", "Can change page")):
        permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _let_edit_vocabularies(group: Group) -> None:
    for model in VOCABULARIES.values():
        content_type = ContentType.objects.get_for_model(model)
        for action in ("view", "add", "change"):
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model._meta.model_name}",  # noqa: SLF001 - documented by Django
                defaults={"name": f"Can {action} {model._meta.verbose_name_raw}"},  # noqa: SLF001
            )
            group.permissions.add(permission)


def _ensure_root() -> Page:
    root: Page | None = Page.objects.filter(depth=1).first()
    return root or Page.add_root(instance=Page(title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page)))


def _ensure_home(root: Page) -> HomePage:
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        welcome = root.get_children().filter(content_type=ContentType.objects.get_for_model(Page), slug="home").first()
        if welcome is not None:  # Wagtail's greeting
            Site.objects.filter(root_page=welcome).delete()
            welcome.delete()
            root.refresh_from_db()
        home = HomePage(title=settings.SITE_NAME, slug="home")
        root.add_child(instance=home)
    address = urlsplit(settings.SITE_URL)
    where = {"hostname": address.hostname, "port": address.port or (443 if address.scheme == "https" else 80)}
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    wanted = {**where, "root_page_id": home.pk, "site_name": settings.SITE_NAME}
    if any(getattr(site, field) != value for field, value in wanted.items()):
        for field, value in wanted.items():
            setattr(site, field, value)
        site.save()
    return home


def _ensure_child(home: HomePage, page: Any) -> Any:
    existing = type(page).objects.first()
    if existing is None:
        home.refresh_from_db()
        home.add_child(instance=page)
    return existing or page


def _ensure_workflow(institutions: Page) -> None:
    """One workflow of one step for everything below the institutions; editions alone take part in it (catalogue.models)."""
    if CuratorTask.objects.filter(active=True).exists():
        return
    task = CuratorTask.objects.create(name="Curator's review")
    task.groups.set([groups.curators_group()])
    workflow = Workflow.objects.create(name="Moderation")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.update_or_create(page=institutions, defaults={"workflow": workflow})
