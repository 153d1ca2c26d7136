-- What other generators of types get wrong, and what is usual beside it. `database.types.ts` is generated from this.

CREATE TABLE users (
  id         INTEGER PRIMARY KEY,
  email      TEXT NOT NULL UNIQUE,
  user_name  TEXT NOT NULL DEFAULT 'it''s me',
  role       TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('reader', 'author', 'it''s admin')),
  is_active  BOOLEAN NOT NULL DEFAULT 1,
  settings   JSON,
  address    JSONB NOT NULL DEFAULT '{}',
  followers  BIGINT NOT NULL DEFAULT 0,
  born_on    DATE,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  seen_at    DATETIME,
  expires    TIMESTAMP DEFAULT (unixepoch()),
  photo      BLOB,
  score      REAL NOT NULL DEFAULT (1.0 / 2),
  level      INTEGER CHECK (level = 1 OR level = 2 OR level IS NULL)
);

CREATE TABLE posts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id   INTEGER NOT NULL REFERENCES users,
  reviewer_id INT REFERENCES users (id),
  title       VARCHAR(200) NOT NULL,
  slug        TEXT GENERATED ALWAYS AS (lower(title)) STORED NOT NULL,
  words       INT AS (length(title)),
  price       DECIMAL(10, 2),
  required    TEXT NOT NULL DEFAULT NULL,
  anything,
  code        UUID
);
CREATE INDEX posts_by_lower_title ON posts (lower(title)) WHERE price > 0;

-- SQLite lets NULL into a key that is not the rowid, unless the table is STRICT or WITHOUT ROWID.
CREATE TABLE keyed_by_int (id INT PRIMARY KEY, label TEXT COLLATE NOCASE CHECK (label IN ('a', 'b')));
CREATE TABLE keyed_by_text (id TEXT PRIMARY KEY, status TEXT CHECK (status IN ('a', NULL)));
CREATE TABLE keyed_descending (id INTEGER PRIMARY KEY DESC, kind TEXT NOT NULL CHECK (kind NOT IN ('a')));
CREATE TABLE keyed_strictly (id TEXT PRIMARY KEY, any_value ANY NOT NULL, whole INT) STRICT;
CREATE TABLE tags (post_id INTEGER REFERENCES posts, tag TEXT, PRIMARY KEY (post_id, tag)) WITHOUT ROWID;

CREATE TABLE "order-items" ("class" TEXT NOT NULL, "2nd line" TEXT, "say ""hi""" INTEGER, "🎨" TEXT, __proto__ TEXT);
CREATE TABLE order_items (id INTEGER PRIMARY KEY);
CREATE TABLE "2fa" (id INTEGER PRIMARY KEY);
CREATE TABLE dates (id INTEGER PRIMARY KEY, day DATE NOT NULL);

CREATE VIEW authors AS SELECT u.id, u.email, u.is_active, count(*) AS post_count FROM users u JOIN posts p ON p.author_id = u.id GROUP BY u.id;
CREATE VIEW titles AS SELECT id, title FROM posts;
CREATE TRIGGER titles_changed INSTEAD OF UPDATE ON titles BEGIN UPDATE posts SET title = new.title WHERE id = new.id; END;

CREATE VIRTUAL TABLE post_search USING fts5 (title, body);
CREATE VIRTUAL TABLE places USING rtree (id, min_x, max_x, +label TEXT);
CREATE TABLE kysely_migration (name TEXT PRIMARY KEY, timestamp TEXT NOT NULL);
