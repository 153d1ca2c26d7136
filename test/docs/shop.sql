-- The shop of the guides: every page finds it as ./data/shop.db.
CREATE TABLE artists (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT
);
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT,
  artist_id INTEGER REFERENCES artists
);
CREATE TABLE works (
  id INTEGER PRIMARY KEY,
  artist_id INTEGER NOT NULL DEFAULT 1 REFERENCES artists,
  title TEXT NOT NULL,
  slug TEXT UNIQUE,
  status TEXT NOT NULL DEFAULT 'listed' CHECK (status IN ('draft', 'listed', 'sold')),
  price INTEGER NOT NULL DEFAULT 10,
  stock INTEGER NOT NULL DEFAULT 10,
  likes INTEGER NOT NULL DEFAULT 0,
  featured BOOLEAN NOT NULL DEFAULT 0,
  meta JSON NOT NULL DEFAULT '{}',
  version INTEGER NOT NULL DEFAULT 1,
  sold_at TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
CREATE INDEX works_by_artist ON works (artist_id);
CREATE INDEX works_by_age ON works (created_at);
CREATE VIRTUAL TABLE works_search USING fts5 (
  title, slug, content='works', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
CREATE TRIGGER works_search_added AFTER INSERT ON works BEGIN
  INSERT INTO works_search (rowid, title, slug) VALUES (new.id, new.title, new.slug);
END;
CREATE TRIGGER works_search_removed AFTER DELETE ON works BEGIN
  INSERT INTO works_search (works_search, rowid, title, slug) VALUES ('delete', old.id, old.title, old.slug);
END;
CREATE TRIGGER works_search_changed AFTER UPDATE OF id, title, slug ON works BEGIN
  INSERT INTO works_search (works_search, rowid, title, slug) VALUES ('delete', old.id, old.title, old.slug);
  INSERT INTO works_search (rowid, title, slug) VALUES (new.id, new.title, new.slug);
END;
CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES works ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
CREATE INDEX comments_by_work ON comments (work_id);
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE work_tags (
  work_id INTEGER NOT NULL REFERENCES works ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags,
  PRIMARY KEY (work_id, tag_id)
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL DEFAULT 1 REFERENCES users,
  work_id INTEGER REFERENCES works,
  placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
  work_id INTEGER NOT NULL REFERENCES works,
  quantity INTEGER NOT NULL DEFAULT 1,
  unit_price INTEGER NOT NULL DEFAULT 10
);
CREATE INDEX order_lines_by_order ON order_lines (order_id);
CREATE TABLE roles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE user_roles (
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  role_id INTEGER NOT NULL REFERENCES roles,
  PRIMARY KEY (user_id, role_id)
) WITHOUT ROWID;

INSERT INTO artists (name, country) VALUES ('Ida Moon', 'DK'), ('Per Sand', 'SE');
WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10)
INSERT INTO users (email, name) SELECT 'user' || value || '@example.org', 'User ' || value FROM n;
WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 40)
INSERT INTO works (artist_id, title, slug, price, likes, meta)
  SELECT 1 + value % 2, 'Moon over dunes ' || value, 'moon-' || value, 10 + value, value * 7 % 50,
    json_object('palette', json_array('blue', 'sand'), 'size', json_object('w', value, 'h', 2 * value))
  FROM n;
WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 100)
INSERT INTO comments (work_id, user_id, body) SELECT 1 + value % 40, 1 + value % 10, 'Comment ' || value FROM n;
INSERT INTO tags (name) VALUES ('sea'), ('sand');
WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 40)
INSERT INTO work_tags SELECT value, 1 + value % 2 FROM n;
INSERT INTO roles (name) VALUES ('admin'), ('editor');
INSERT INTO user_roles VALUES (7, 1), (7, 2);
INSERT INTO orders (user_id, work_id) VALUES (1, 1), (2, 2);
INSERT INTO order_lines (order_id, work_id, quantity) VALUES (1, 1, 1), (1, 2, 2), (2, 3, 1);
