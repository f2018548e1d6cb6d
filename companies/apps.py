from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        import_module("companies.signins")
        import_module("companies.factors.binding")
        import_module("companies.factors.bridge")
        import_module("companies.security_log")
        post_migrate.connect(install_keys, sender=self)
        post_migrate.connect(import_module("companies.planner").tell_planner, sender=self)
        import_module("config.celery")  # the wake-up of a job needs the broker's address
        autodiscover_modules("tasks", "trail_sentences", "navigation", "holdings", "imports", "references")
        import_module("companies.people.navigation")


def install_keys(**_: Any) -> None:
    """After migrating, the database knows the keys that our processes prove with; a new key takes the old one's place.

    The owner alone writes them, and only where his environment holds them.
    """
    from companies.signing import KEYS, key_of, pads

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('sec.key') IS NOT NULL AND has_table_privilege('sec.key', 'INSERT')")
        if not cursor.fetchone()[0]:
            return
        for name in KEYS:
            try:
                inner, outer = pads(key_of(name))
            except LookupError:
                continue
            cursor.execute(
                "INSERT INTO sec.key VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE "
                "SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
                [name, inner, outer],
            )
