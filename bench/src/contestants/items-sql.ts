/** The statements of those who write SQL. */
export const COLUMNS = 'id, artist_id, title, price, likes, status, created_at'
export const INSERT =
  'INSERT INTO items (artist_id, title, price, likes, status, created_at) VALUES (:artist_id, :title, :price, :likes, :status, :created_at)'
export const CREATE = `${INSERT} RETURNING ${COLUMNS}`
export const FIND_BY_ID = `SELECT ${COLUMNS} FROM items WHERE id = ?`
export const FIND_ALL = `SELECT ${COLUMNS} FROM items`
export const SET_LIKES = 'UPDATE items SET likes = ? WHERE id = ?'
export const READ_COUNTER = 'SELECT value FROM counters WHERE id = 1'
export const WRITE_COUNTER = 'UPDATE counters SET value = ? WHERE id = 1'
