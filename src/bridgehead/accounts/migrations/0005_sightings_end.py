from django.db import migrations

WORDS = "what the audit says does not change"

#: The newest line of the ledger, written in the same transaction, tells that this very batch has
#: had its time. CASE, because a database may look at the number of a line that is about a word.
ON_TIME = """
CREATE FUNCTION accounts_auditview_on_time() RETURNS trigger AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM accounts_audithead head JOIN accounts_auditentry line
      ON line.partnership_id = head.partnership_id AND line.number = head.count
    WHERE head.partnership_id = OLD.partnership_id
      AND CASE WHEN line.verb = 'deleted who saw what, on time'
          THEN line.object_id::bigint >= OLD.batch ELSE FALSE END
  ) THEN RETURN OLD; END IF;
  RAISE EXCEPTION '%s' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql
""" % WORDS
GUARD = """CREATE TRIGGER accounts_auditview_kept BEFORE DELETE ON accounts_auditview
FOR EACH ROW EXECUTE FUNCTION {}()"""
DROP = "DROP TRIGGER accounts_auditview_kept ON accounts_auditview"


def let_go_on_time(apps, schema_editor):
    """Let PostgreSQL delete sightings that the ledger tells of, and still no other. SQLite refuses
    no deletion (``0002_audit``); there verifying alone finds one."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (ON_TIME, DROP, GUARD.format("accounts_auditview_on_time")):
            schema_editor.execute(statement)


def keep_for_ever(apps, schema_editor):
    """No sighting can be deleted, as before."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)
        schema_editor.execute(GUARD.format("accounts_audit_written_once"))
        schema_editor.execute("DROP FUNCTION accounts_auditview_on_time()")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_passkeys'),
    ]

    operations = [
        migrations.RunPython(let_go_on_time, keep_for_ever),
    ]
