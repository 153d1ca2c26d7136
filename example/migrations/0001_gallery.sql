-- The gallery: artists, works, what visitors say about them, and what they buy.
--
-- Tables are STRICT, so a column holds what it says. Moments are TEXT in ISO-8601 UTC, money is INTEGER cents.

CREATE TABLE artists (
  id         INTEGER PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE CHECK (slug <> ''),
  name       TEXT NOT NULL CHECK (name <> ''),
  place      TEXT NOT NULL,
  bio        TEXT NOT NULL,
  work_count INTEGER NOT NULL DEFAULT 0 CHECK (work_count >= 0)
) STRICT;

CREATE INDEX artists_by_name ON artists (name);

CREATE TABLE artworks (
  id          INTEGER PRIMARY KEY,
  artist_id   INTEGER NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
  title       TEXT NOT NULL CHECK (title <> ''),
  style       TEXT NOT NULL
              CHECK (style IN ('dunes', 'currents', 'honeycomb', 'orbits', 'glass', 'tides', 'petals', 'quilt')),
  seed        INTEGER NOT NULL,
  story       TEXT NOT NULL,
  price_cents INTEGER NOT NULL CHECK (price_cents > 0),
  edition     INTEGER NOT NULL CHECK (edition > 0),
  stock       INTEGER NOT NULL CHECK (stock >= 0 AND stock <= edition),
  likes       INTEGER NOT NULL DEFAULT 0 CHECK (likes >= 0),
  created_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

-- One index for each order the catalogue offers, and one for each way to a smaller set.
CREATE INDEX artworks_newest ON artworks (created_at, id);
CREATE INDEX artworks_by_likes ON artworks (likes, id);
CREATE INDEX artworks_by_price ON artworks (price_cents, id);
CREATE INDEX artworks_by_style ON artworks (style, created_at, id);
CREATE INDEX artworks_by_artist ON artworks (artist_id, created_at, id);
CREATE INDEX artworks_sold_out ON artworks (created_at, id) WHERE stock = 0;

CREATE TABLE tags (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

CREATE TABLE artwork_tags (
  artwork_id INTEGER NOT NULL REFERENCES artworks (id) ON DELETE CASCADE,
  tag_id     INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (artwork_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX artwork_tags_by_tag ON artwork_tags (tag_id);

-- Anonymous visitors. The cookie holds a random token, the table only its hash: who reads the file cannot pass for one.
CREATE TABLE visitors (
  id         INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE TABLE likes (
  artwork_id INTEGER NOT NULL REFERENCES artworks (id) ON DELETE CASCADE,
  visitor_id INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
  PRIMARY KEY (artwork_id, visitor_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX likes_by_visitor ON likes (visitor_id);

CREATE TABLE comments (
  id         INTEGER PRIMARY KEY,
  artwork_id INTEGER NOT NULL REFERENCES artworks (id) ON DELETE CASCADE,
  visitor_id INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  body       TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 1000),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE INDEX comments_by_artwork ON comments (artwork_id, id);
CREATE INDEX comments_by_visitor ON comments (visitor_id);

CREATE TABLE cart_items (
  visitor_id INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
  artwork_id INTEGER NOT NULL REFERENCES artworks (id) ON DELETE CASCADE,
  quantity   INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 5),
  added_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  PRIMARY KEY (visitor_id, artwork_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX cart_items_by_artwork ON cart_items (artwork_id);

-- An order is kept whatever becomes of the visitor or the work, hence RESTRICT. The checkout token makes a form that
-- is sent twice one order.
CREATE TABLE orders (
  id             INTEGER PRIMARY KEY,
  reference      TEXT NOT NULL UNIQUE,
  visitor_id     INTEGER NOT NULL REFERENCES visitors (id) ON DELETE RESTRICT,
  checkout_token TEXT NOT NULL,
  name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  total_cents    INTEGER NOT NULL CHECK (total_cents >= 0),
  created_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (visitor_id, checkout_token)
) STRICT;

-- A row for each copy sold. The number of the copy is unique for its work: the same copy cannot be sold twice.
CREATE TABLE order_copies (
  id          INTEGER PRIMARY KEY,
  order_id    INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
  artwork_id  INTEGER NOT NULL REFERENCES artworks (id) ON DELETE RESTRICT,
  copy        INTEGER NOT NULL CHECK (copy > 0),
  price_cents INTEGER NOT NULL CHECK (price_cents > 0),
  UNIQUE (artwork_id, copy)
) STRICT;

CREATE INDEX order_copies_by_order ON order_copies (order_id);

-- Counters that the lists show, kept right by the database itself.
CREATE TRIGGER likes_counted AFTER INSERT ON likes BEGIN
  UPDATE artworks SET likes = likes + 1 WHERE id = new.artwork_id;
END;

CREATE TRIGGER likes_uncounted AFTER DELETE ON likes BEGIN
  UPDATE artworks SET likes = likes - 1 WHERE id = old.artwork_id;
END;

CREATE TRIGGER works_counted AFTER INSERT ON artworks BEGIN
  UPDATE artists SET work_count = work_count + 1 WHERE id = new.artist_id;
END;

CREATE TRIGGER works_uncounted AFTER DELETE ON artworks BEGIN
  UPDATE artists SET work_count = work_count - 1 WHERE id = old.artist_id;
END;
