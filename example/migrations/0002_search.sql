-- Full-text search over titles, artists and tags. Triggers keep it in step, so no code of the shop has to think of it.

CREATE VIRTUAL TABLE artwork_search USING fts5 (
  title, artist, tags,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '2 3'
);

INSERT INTO artwork_search (rowid, title, artist, tags)
SELECT w.id, w.title, a.name,
       coalesce((SELECT group_concat(t.name, ' ') FROM artwork_tags l JOIN tags t ON t.id = l.tag_id WHERE l.artwork_id = w.id), '')
FROM artworks w JOIN artists a ON a.id = w.artist_id;

CREATE TRIGGER artwork_search_added AFTER INSERT ON artworks BEGIN
  INSERT INTO artwork_search (rowid, title, artist, tags)
  VALUES (new.id, new.title, (SELECT name FROM artists WHERE id = new.artist_id), '');
END;

CREATE TRIGGER artwork_search_removed AFTER DELETE ON artworks BEGIN
  DELETE FROM artwork_search WHERE rowid = old.id;
END;

CREATE TRIGGER artwork_search_renamed AFTER UPDATE OF title, artist_id ON artworks BEGIN
  UPDATE artwork_search
  SET title = new.title, artist = (SELECT name FROM artists WHERE id = new.artist_id)
  WHERE rowid = new.id;
END;

CREATE TRIGGER artist_search_renamed AFTER UPDATE OF name ON artists BEGIN
  UPDATE artwork_search SET artist = new.name WHERE rowid IN (SELECT id FROM artworks WHERE artist_id = new.id);
END;

CREATE TRIGGER tag_search_added AFTER INSERT ON artwork_tags BEGIN
  UPDATE artwork_search
  SET tags = trim(tags || ' ' || (SELECT name FROM tags WHERE id = new.tag_id))
  WHERE rowid = new.artwork_id;
END;

CREATE TRIGGER tag_search_removed AFTER DELETE ON artwork_tags BEGIN
  UPDATE artwork_search
  SET tags = coalesce((SELECT group_concat(t.name, ' ') FROM artwork_tags l JOIN tags t ON t.id = l.tag_id
                       WHERE l.artwork_id = old.artwork_id), '')
  WHERE rowid = old.artwork_id;
END;
