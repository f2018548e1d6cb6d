"""The worker: Celery carries a job's number and ticket and merely wakes; the table of jobs is the queue of record."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("polisdesk")
app.config_from_object(settings.CELERY)
app.autodiscover_tasks(["companies"])
