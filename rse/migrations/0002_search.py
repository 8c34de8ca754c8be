from tortoise import migrations
from tortoise.migrations import operations as ops

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
        ops.RunPython(make_index, drop_index),
    ]
