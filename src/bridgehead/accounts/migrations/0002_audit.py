import hashlib
import hmac
import json
import secrets
import uuid
from datetime import UTC

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models, transaction
from django.utils import timezone

from bridgehead.accounts.audit import heads

#: What the database answers when somebody would change or delete what has been written.
WORDS = "what the audit says does not change"

VIEW = "id, partnership_id, at, actor, role, what, urns, key, digest"
OLD, NEW = (", ".join(f"{row}.{name}" for name in VIEW.split(", ")) for row in ("OLD", "NEW"))
TABLES = ("auditentry", "auditview", "pseudonym")

#: A sighting is given its batch once; nothing else is ever changed.
ONLY_WHERE = {
    "sqlite": {"auditview": f"WHEN OLD.batch IS NOT NULL OR ({OLD}) IS NOT ({NEW})"},
    "postgresql": {
        "auditview": f"WHEN (OLD.batch IS NOT NULL OR ROW({OLD}) IS DISTINCT FROM ROW({NEW}))"
    },
}


def guard(apps, schema_editor):
    """Let the database itself refuse a change, and PostgreSQL a deletion: on SQLite a table can
    only be emptied row by row, which a restore and a test must be able to do. Erasure deletes a
    pseudonym."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION accounts_audit_written_once() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END
            $$ LANGUAGE plpgsql"""
        )
    for table in TABLES:
        when = ONLY_WHERE[vendor].get(table, "")
        name = f"accounts_{table}_written_once"
        if vendor == "sqlite":
            schema_editor.execute(
                f"""CREATE TRIGGER {name} BEFORE UPDATE ON accounts_{table} {when}
                BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""
            )
            continue
        schema_editor.execute(
            f"""CREATE TRIGGER {name} BEFORE UPDATE ON accounts_{table} FOR EACH ROW {when}
            EXECUTE FUNCTION accounts_audit_written_once()"""
        )
        if table != "pseudonym":
            schema_editor.execute(
                f"""CREATE TRIGGER accounts_{table}_kept BEFORE DELETE ON accounts_{table}
                FOR EACH ROW EXECUTE FUNCTION accounts_audit_written_once()"""
            )


def unguard(apps, schema_editor):
    """Take the guards away, before the tables go."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on = "" if vendor == "sqlite" else f" ON accounts_{table}"
        schema_editor.execute(f"DROP TRIGGER accounts_{table}_written_once{on}")
        if vendor == "postgresql" and table != "pseudonym":
            schema_editor.execute(f"DROP TRIGGER accounts_{table}_kept{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION accounts_audit_written_once()")


def plain_digest(entry):
    """The digest of a line as it was before there was a key."""
    return hashlib.sha256(text_of(_said(entry, [entry.actor_id, entry.actor, entry.role]))).hexdigest()


def sealed_digest(entry, key):
    """The digest of a line under a key."""
    said = _said(entry, [entry.actor, entry.role]) | {"key": entry.key}
    return hmac.new(key.encode(), text_of(said), hashlib.sha256).hexdigest()


def _said(entry, actor):
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "partnership": entry.partnership_id,
        "actor": actor,
        "verb": entry.verb,
        "about": [entry.object_kind, entry.object_id],
        "details": entry.details,
        "previous": entry.previous,
    }


def text_of(said):
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def reseal(apps, schema_editor):
    """Check what is there by the old rule; put pseudonyms where people's names were; seal every
    line with the key; and say all this in a line of its own, with the digest that the ledger ended
    on before, so that nothing pretends to have been under the key from the first."""
    alias = schema_editor.connection.alias
    Entry, Head = _rows(apps, alias, "AuditEntry"), _rows(apps, alias, "AuditHead")
    ledgers = list(Entry.order_by("partnership_id").values_list("partnership_id", flat=True).distinct())
    if not ledgers:
        return
    key = settings.AUDIT_KEYS[0]
    name = hashlib.sha256(b"bridgehead audit key " + key.encode()).hexdigest()[:12]
    word_of = _pseudonyms(apps, alias, key, name)
    for ledger in ledgers:
        head = Head.filter(partnership_id=ledger).first() or Head.model(partnership_id=ledger)
        number, old, new, found = 0, "", "", ""
        for entry in Entry.filter(partnership_id=ledger).order_by("number"):
            number += 1
            if not found and (entry.number, entry.previous) != (number, old):
                found = f"line {number} was missing or out of order"
            elif not found and entry.digest != plain_digest(entry):
                found = f"line {number} had been changed"
            old = entry.digest
            _without_names(entry, word_of)
            entry.number, entry.previous, entry.key = number, new, name
            entry.digest = new = sealed_digest(entry, key)
            entry.save()
        if not found and (head.count, head.digest) != (number, old):
            found = f"{head.count} lines had been written"
        last = Entry.model(
            partnership_id=ledger,
            number=number + 1,
            at=timezone.now(),
            actor="the command line",
            role="Command line",
            verb="sealed the ledger with a key",
            object_kind="",
            object_id="",
            details={"lines": number, "last digest before": old, "found amiss": found or "nothing"},
            previous=new,
            key=name,
        )
        last.digest = sealed_digest(last, key)
        last.save(using=alias)
        head.count, head.digest = last.number, last.digest
        head.save(using=alias)
        transaction.on_commit(lambda at=(ledger, last.number, last.digest): _outside(*at), using=alias)


def unseal(apps, schema_editor):
    """The same lines without a key, with the names of those who are still known."""
    alias = schema_editor.connection.alias
    Entry, Head = _rows(apps, alias, "AuditEntry"), _rows(apps, alias, "AuditHead")
    people = {p.word: p.person for p in _rows(apps, alias, "Pseudonym").select_related("person")}
    digest = {}
    for entry in Entry.order_by("partnership_id", "number"):
        if person := people.get(entry.actor):
            entry.actor_id, entry.actor = person.pk, person.name
        if entry.object_kind == "accounts.auditview":  # what it sealed goes
            entry.object_kind = ""
        if person := people.get(entry.object_id):
            entry.object_id = str(person.pk)
        if person := people.get(entry.details.get("person")):
            entry.details["person"] = person.pk
        entry.previous = digest.get(entry.partnership_id, "")
        digest[entry.partnership_id] = entry.digest = plain_digest(entry)
        entry.save()
    for ledger, last in digest.items():
        Head.filter(partnership_id=ledger).update(digest=last)
        transaction.on_commit(lambda ledger=ledger: _aside(ledger), using=alias)


def _rows(apps, alias, model):
    """The rows of a model in the database that is being migrated, which need not be the site's."""
    return apps.get_model("accounts", model).objects.using(alias)


def _pseudonyms(apps, alias, key, name):
    """Pseudonyms of everybody who is known, by their ids."""
    people, pseudonyms = _rows(apps, alias, "User"), _rows(apps, alias, "Pseudonym")
    word_of = {pk: f"person-{secrets.token_hex(6)}" for pk in people.values_list("pk", flat=True)}
    pseudonyms.bulk_create(
        pseudonyms.model(
            word=word,
            person_id=pk,
            key=name,
            digest=hmac.new(key.encode(), text_of([word, pk]), hashlib.sha256).hexdigest(),
        )
        for pk, word in word_of.items()
    )
    return word_of


def _without_names(entry, word_of):
    unknown = "somebody who is no longer known"
    if entry.actor_id is not None:
        entry.actor = word_of.get(entry.actor_id, unknown)
    if entry.object_kind == "accounts.user" and entry.object_id.isdecimal():
        entry.object_id = word_of.get(int(entry.object_id), unknown)
        entry.details.pop("name", None)
    if isinstance(entry.details.get("person"), int):
        entry.details["person"] = word_of.get(entry.details["person"], unknown)


def _outside(ledger, number, digest):
    _aside(ledger)
    heads.write(ledger, number, digest)


def _aside(ledger):
    heads.set_aside(ledger, timezone.now().strftime("%Y-%m-%dT%H%M%S"))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditentry',
            name='key',
            field=models.CharField(default='', max_length=12),
        ),
        migrations.CreateModel(
            name='AuditView',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('partnership_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=150)),
                ('role', models.CharField(max_length=100)),
                ('what', models.CharField(max_length=100)),
                ('urns', models.TextField()),
                ('key', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('batch', models.PositiveBigIntegerField(null=True)),
            ],
            options={
                'ordering': ['-at', 'id'],
                'indexes': [models.Index(fields=['partnership_id', 'at'], name='accounts_auditview_at'), models.Index(fields=['partnership_id', 'batch'], name='accounts_auditview_batch')],
            },
        ),
        migrations.CreateModel(
            name='Pseudonym',
            fields=[
                ('word', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pseudonym', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RunPython(reseal, unseal),
        migrations.RemoveField(
            model_name='auditentry',
            name='actor_id',
        ),
        migrations.RunPython(guard, unguard),
    ]
