/** The joins in SQL, for whoever writes SQL. */
export const EMPLOYEE_WITH_MANAGER =
  'SELECT e.id, e.name, m.name AS manager FROM employees AS e LEFT JOIN employees AS m ON m.id = e.reports_to WHERE e.id = ?'

export const PRODUCT_WITH_SUPPLIER =
  'SELECT p.id, p.name, p.price, s.company AS supplier FROM products AS p JOIN suppliers AS s ON s.id = p.supplier_id WHERE p.id = ?'

export const ORDER_WITH_DETAILS =
  'SELECT o.id, o.ordered, d.price, d.quantity, p.name AS product FROM orders AS o JOIN details AS d ON d.order_id = o.id JOIN products AS p ON p.id = d.product_id WHERE o.id = ?'

export const ORDER_TOTALS =
  'SELECT o.id, o.ordered, count(d.id) AS lines, sum(d.price * d.quantity) AS total FROM orders AS o JOIN details AS d ON d.order_id = o.id GROUP BY o.id ORDER BY o.id LIMIT ? OFFSET ?'
