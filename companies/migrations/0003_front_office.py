from typing import ClassVar

from django.db import migrations

from companies.knocks import knock_definer
from companies.walls import Definer


class Migration(migrations.Migration):
    """What an applicant may ask for beside sending in: to be mailed his own address; and when an address ends."""

    dependencies: ClassVar = [("companies", "0002_wall")]
    operations: ClassVar = [
        knock_definer(),
        Definer(
            "link_until() RETURNS timestamptz LANGUAGE sql",
            "SELECT l.expires_at FROM public.companies_link l WHERE l.company_id = sec.company() AND l.id = sec.link()",
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]
