from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        import_module("config.celery")  # the wake-up of a job needs the broker's address
        autodiscover_modules("tasks", "trail_sentences", "navigation", "holdings")
