from django.db import migrations
from django.db.models import Q

#: The kinds of the schools that were taken before kinds were told apart, the last word last.
KINDS = [
    (Q(), "other school"),
    (Q(type_group="maintained"), "maintained school"),
    (Q(type_group="academy"), "academy"),
    (Q(type_group="independent"), "independent school"),
    (Q(type_group="college"), "college"),
    (Q(type_name__icontains="higher education"), "university"),
    (Q(phase="alternative provision"), "alternative provision"),
    (Q(phase="nursery"), "nursery school"),
    (Q(phase="special") | Q(type_name__icontains="special"), "special school"),
    (Q(type_name__icontains="secure") | Q(type_name__icontains="prison"), "prison education"),
]


def tell_apart(apps, schema_editor):
    """By the same order as ``schools.rules.kind_of`` had on the day of this migration."""
    schools = _organisations(apps, schema_editor).filter(urn__isnull=False)
    for which, kind in KINDS:
        schools.filter(which).update(kind=kind)


def all_alike(apps, schema_editor):
    """As it was before."""
    _organisations(apps, schema_editor).update(kind="school")


def _organisations(apps, schema_editor):
    """In the database that is being migrated, which need not be the site's."""
    organisation = apps.get_model("schools", "Organisation")
    return organisation.objects.using(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_members_of_every_kind")]
    operations = [migrations.RunPython(tell_apart, all_alike)]
