-- All comments, newest first: a page of the feed is found by its place, however many there are.

CREATE INDEX comments_newest ON comments (created_at);
