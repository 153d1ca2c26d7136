/** The columns of the shop, for those who have to name them. */
export const CUSTOMER = list(
  'id company_name contact_name contact_title address city postal_code region country phone fax',
)
export const EMPLOYEE = list(
  'id last_name first_name title title_of_courtesy birth_date hire_date address city postal_code country home_phone extension notes recipient_id',
)
export const SUPPLIER = list('id company_name contact_name contact_title address city region postal_code country phone')
export const PRODUCT = list(
  'id name qt_per_unit unit_price units_in_stock units_on_order reorder_level discontinued supplier_id',
)
export const ORDER = list(
  'id order_date required_date shipped_date ship_via freight ship_name ship_city ship_region ship_postal_code ship_country customer_id employee_id',
)
export const DETAIL = list('id unit_price quantity discount order_id product_id')

const NULLABLE = list('postal_code region fax first_name recipient_id shipped_date ship_region ship_postal_code')
const INTEGERS = list(
  'id extension recipient_id units_in_stock units_on_order reorder_level discontinued supplier_id ship_via customer_id employee_id quantity order_id product_id',
)
const REALS = list('unit_price freight discount')

export type ColumnType = 'integer' | 'real' | 'text'

export function typeOf(column: string): ColumnType {
  if (INTEGERS.includes(column)) return 'integer'
  return REALS.includes(column) ? 'real' : 'text'
}

export function isNullable(column: string): boolean {
  return NULLABLE.includes(column)
}

function list(names: string): readonly string[] {
  return names.split(' ')
}
