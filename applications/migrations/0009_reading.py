from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Sql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0008_behalf_wall")]
    operations: ClassVar = [
        Sql('GRANT INSERT ON "companies_trailentry" TO sec_guard'),
        # Advisers write no trail: what their door may leave there is this one sentence, on a draft that they have.
        Definer(
            "note_reading(file bigint, day date) RETURNS void LANGUAGE sql",
            """
            INSERT INTO public.companies_trailentry
              (company_id, code, "on", case_id, subject_kind, subject_id, changed, details, actor_kind, user_id,
               membership_id)
            SELECT d.company_id, 'draft.read', day, d.case_id, 'applications.draft', d.id, '[]', '{}',
              CASE sec.door() WHEN 'advisers' THEN 'adviser' ELSE 'employee' END, m.user_id, m.id
            FROM public.applications_draft d
            JOIN public.companies_membership m ON m.company_id = d.company_id AND m.id = sec.membership()
            WHERE d.company_id = sec.company() AND d.case_id = file AND d.discarded_at IS NULL
              AND CASE sec.door() WHEN 'office' THEN d.filled_in_by <> 'visitor'
                WHEN 'advisers' THEN d.filled_in_by = 'adviser' AND d.adviser_id = sec.party() ELSE false END
              AND NOT EXISTS (SELECT FROM public.companies_trailentry t WHERE t.company_id = d.company_id
                AND t.case_id = d.case_id AND t.code = 'draft.read' AND t.subject_id = d.id
                AND t.membership_id = m.id AND t."on" = day)
            """,
            roles=("bo_app", "bo_public"),
        ),
    ]
