from applications.views.files import FileView
from applications.views.later import LaterView
from applications.views.outcome import OutcomeView
from applications.views.records import RecordView
from applications.views.renew import RenewView
from applications.views.start import ProductListView, StartView
from applications.views.steps import ContinueView, StepView

__all__ = [
    "ContinueView",
    "FileView",
    "LaterView",
    "OutcomeView",
    "ProductListView",
    "RecordView",
    "RenewView",
    "StartView",
    "StepView",
]
