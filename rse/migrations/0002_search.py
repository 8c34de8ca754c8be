from tortoise import migrations
from tortoise.migrations import operations as ops
from rse.kernel.ids import new_id
from tortoise import fields
from tortoise.indexes import Index

# Written by hand, since the two engines have no word in common here. On both, the index follows its
# table by itself: by triggers on SQLite, by a generated column on PostgreSQL.
SQLITE = """
CREATE VIRTUAL TABLE search_index USING fts5(
  title_words, body_words, audience, content='search_document', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
CREATE TRIGGER search_document_in AFTER INSERT ON search_document BEGIN
  INSERT INTO search_index(rowid, title_words, body_words, audience)
  VALUES (new.id, new.title_words, new.body_words, new.audience);
END;
CREATE TRIGGER search_document_out AFTER DELETE ON search_document BEGIN
  INSERT INTO search_index(search_index, rowid, title_words, body_words, audience)
  VALUES ('delete', old.id, old.title_words, old.body_words, old.audience);
END;
CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document BEGIN
  INSERT INTO search_index(search_index, rowid, title_words, body_words, audience)
  VALUES ('delete', old.id, old.title_words, old.body_words, old.audience);
  INSERT INTO search_index(rowid, title_words, body_words, audience)
  VALUES (new.id, new.title_words, new.body_words, new.audience);
END;
CREATE VIRTUAL TABLE search_word_index USING fts5(
  word, content='search_word', content_rowid='id', tokenize='trigram'
);
CREATE TRIGGER search_word_in AFTER INSERT ON search_word BEGIN
  INSERT INTO search_word_index(rowid, word) VALUES (new.id, new.word);
END;
CREATE TRIGGER search_word_out AFTER DELETE ON search_word BEGIN
  INSERT INTO search_word_index(search_word_index, rowid, word) VALUES ('delete', old.id, old.word);
END;
"""
POSTGRES = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER TABLE search_document ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
  setweight(to_tsvector('pg_catalog.simple'::regconfig, title_words), 'A')
  || setweight(to_tsvector('pg_catalog.simple'::regconfig, body_words), 'D')
  || to_tsvector('pg_catalog.simple'::regconfig, audience)
) STORED;
CREATE INDEX search_document_vector ON search_document USING gin (vector) WITH (fastupdate = off);
CREATE INDEX search_word_trigrams ON search_word USING gin (word gin_trgm_ops);
"""
SQLITE_BACK = "DROP TABLE search_index; DROP TABLE search_word_index;"
POSTGRES_BACK = "ALTER TABLE search_document DROP COLUMN vector; DROP INDEX search_word_trigrams;"


async def make_index(_apps, editor):
    await editor.client.execute_script(SQLITE if _is_sqlite(editor) else POSTGRES)


async def drop_index(_apps, editor):
    await editor.client.execute_script(SQLITE_BACK if _is_sqlite(editor) else POSTGRES_BACK)


def _is_sqlite(editor):
    return editor.client.capabilities.dialect == "sqlite"


class Migration(migrations.Migration):
    dependencies = [("rse", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="IndexedText",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("space_id", fields.BigIntField(default=0)),
                ("author_id", fields.BigIntField(default=0)),
                ("title_words", fields.TextField(default="", unique=False)),
                ("body_words", fields.TextField(default="", unique=False)),
                ("audience", fields.CharField(max_length=60)),
            ],
            options={
                "table": "search_document",
                "app": "rse",
                "indexes": [
                    Index(fields=["kind", "id"]),
                    Index(fields=["space_id", "id"]),
                    Index(fields=["author_id", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "The words of one thing, under the thing's own id. What is shown is read from the thing.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="KnownWord",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                ("word", fields.CharField(unique=True, max_length=64)),
                ("shown", fields.CharField(max_length=64)),
            ],
            options={
                "table": "search_word",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A word that was written somewhere, for « did you mean ». No reader sees it unasked.",
            },
            bases=["Record"],
        ),
        ops.RunPython(make_index, drop_index),
    ]
