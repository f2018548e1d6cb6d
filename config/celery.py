"""The worker: Celery carries a job's number and ticket and merely wakes; the table of jobs is the queue of record."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun
from django.conf import settings
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("polisdesk")
app.config_from_object(settings.CELERY)
# Else Celery closes the database's connection after each task, and each job pays for a new one whose plans and tables
# are unknown again: a quarter of a worker's time.
app.conf["CELERY_DB_REUSE_MAX"] = 1000


@task_prerun.connect
def keep_what_is_usable(**_: Any) -> None:
    """A connection that broke, or is older than its time, isn't used again: as before each request of a page."""
    close_old_connections()


app.autodiscover_tasks(["companies"])
