from companies.jobs import company_of_scope, handles
from companies.models import Job
from correspondence import windows
from correspondence.models import Message
from correspondence.services.mail import SEND, send


@handles(SEND)
def send_message(job: Job) -> None:
    """Send one message. If the worker dies after the server's yes and before the commit, it goes out again under the
    same Message-ID.
    """
    send(message=Message.objects.select_related("link").get(pk=job.ids["message"]), company=company_of_scope())


__all__ = ["send_message", "windows"]  # windows registers the mails about the computing centre
