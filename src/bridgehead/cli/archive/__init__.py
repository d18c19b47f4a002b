"""The file of a backup: one zip with a manifest, the rows of the database in a form that is the
same for SQLite and PostgreSQL, and the files of the home.

``models`` which models there are; ``rows`` a model's rows as text and back; ``databases`` one
moment of a database, and one made anew; ``places`` which files belong to it; ``manifest`` what a
backup says of itself; ``writing``; ``reading``; ``staging`` how a restore takes effect at once;
``restoring``.
"""
