import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import companies.fields
from companies.walls import Definer, GuardTrigger, Sql, Wall

MINE = "sec.door() = 'front' AND case_id = sec.\"case\"()"
# A public door sees a file as a paper of its case, or as what was added to its own application.
FILE_OF_MINE = (
    "EXISTS (SELECT 1 FROM documents_document d WHERE d.company_id = documents_file.company_id "
    "AND d.file_id = documents_file.id) OR EXISTS (SELECT 1 FROM applications_upload u "
    "WHERE u.company_id = documents_file.company_id AND u.file_id = documents_file.id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0005_renewal"),
        ("companies", "0004_website"),
        ("documents", "0002_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4)),
                ("question", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("removed_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "case",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.case"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_default=companies.fields.CurrentCompany(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "file",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.file"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["company", "id"],
                        condition=models.Q(("removed_at__isnull", False)),
                        name="upload_removed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "case", "question", "file"), name="upload_once"),
                    models.UniqueConstraint(fields=("company", "public_id"), name="upload_public_id"),
                ],
            },
        ),
        Wall("upload", app="SD", public="SU", public_update=["removed_at"], sees=MINE, guard="SIU"),
        Sql(
            "DROP POLICY door ON documents_file",
            f"CREATE POLICY door ON documents_file TO bo_public USING ({FILE_OF_MINE}) WITH CHECK ({FILE_OF_MINE})",
            "GRANT INSERT, DELETE ON documents_file TO sec_guard",
        ),
        GuardTrigger(
            "upload",
            "upload_stays",
            "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
            """
            BEGIN
              IF (TG_OP = 'UPDATE' OR OLD.removed_at IS NULL) AND EXISTS (SELECT FROM public.applications_application a
                         WHERE a.company_id = OLD.company_id AND a.case_id = OLD.case_id) THEN
                RAISE EXCEPTION 'a file that was submitted stays' USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              IF TG_OP = 'UPDATE' THEN
                RETURN NEW;
              END IF;
              RETURN OLD;
            END
            """,
        ),
        # Row and bytes of a hash come and go under one lock, so that no row ever stands without its bytes.
        Definer(
            "add_upload(target bigint, question text, name text, hash text, kind text, bytes bigint) RETURNS uuid LANGUAGE plpgsql",
            """
            DECLARE here bigint := sec.company(); v_file bigint; v_public uuid;
            BEGIN
              IF sec.own_draft(target) IS NOT TRUE THEN
                RAISE EXCEPTION 'a file is added to one''s own draft' USING ERRCODE = 'insufficient_privilege';
              END IF;
              IF hash !~ '^[0-9a-f]{64}$' OR kind <> ALL (ARRAY['application/pdf', 'image/jpeg', 'image/png'])
                 OR bytes NOT BETWEEN 1 AND 10000000 OR name = '' OR (
                   SELECT pg_catalog.count(*) FROM public.applications_upload u
                   WHERE u.company_id = here AND u.case_id = target) >= 60 THEN
                RAISE EXCEPTION 'no such file, or too many of them' USING ERRCODE = 'check_violation';
              END IF;
              PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(here || ':' || hash, 0));
              INSERT INTO public.documents_file (company_id, sha256, media_type, size) VALUES (here, hash, kind, bytes)
              ON CONFLICT ON CONSTRAINT file_once DO NOTHING;
              SELECT f.id INTO v_file FROM public.documents_file f WHERE f.company_id = here AND f.sha256 = hash;
              INSERT INTO public.applications_upload AS u (company_id, case_id, public_id, question, file_id, name)
              VALUES (here, target, pg_catalog.gen_random_uuid(), question, v_file, name)
              ON CONFLICT ON CONSTRAINT upload_once DO UPDATE SET removed_at = NULL, name = EXCLUDED.name;
              SELECT u.public_id INTO v_public FROM public.applications_upload u
              WHERE u.company_id = here AND u.case_id = target AND u.question = add_upload.question AND u.file_id = v_file;
              RETURN v_public;
            END
            """,
            roles=("bo_app", "bo_public"),
        ),
        Definer(
            "drop_file(hash text) RETURNS boolean LANGUAGE plpgsql",
            """
            DECLARE here bigint := sec.company(); v_file bigint;
            BEGIN
              IF here IS NULL OR sec.door() IS DISTINCT FROM 'worker' THEN
                RAISE EXCEPTION 'only the worker removes what nobody submitted' USING ERRCODE = 'insufficient_privilege';
              END IF;
              PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(here || ':' || hash, 0));
              SELECT f.id INTO v_file FROM public.documents_file f WHERE f.company_id = here AND f.sha256 = hash;
              IF EXISTS (SELECT FROM public.documents_document d
                         WHERE d.company_id = here AND v_file IN (d.file_id, d.source_id))
                 OR EXISTS (SELECT FROM public.applications_upload u WHERE u.company_id = here AND u.file_id = v_file) THEN
                RETURN false;
              END IF;
              DELETE FROM public.documents_file f WHERE f.company_id = here AND f.id = v_file;
              RETURN true;
            END
            """,
            roles=("bo_app",),
        ),
    ]
