import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Order = { id: number; product: string; quantity: number; state: 'new' | 'handled' };

/** Directory of the SQLite file with the orders, which the api and the worker share. */
export const dataDir = process.env.SHOP_DATA || join(import.meta.dirname, '../data');

/** Opens the orders and creates the file on first use. The api and the worker may do this at the same time. */
export function openOrders() {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'orders.db'), { timeout: 5000 });
  db.exec(`CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, product TEXT NOT NULL, quantity INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'new')`);

  const all = db.prepare('SELECT * FROM orders ORDER BY id DESC LIMIT 50');
  const insert = db.prepare('INSERT INTO orders (product, quantity) VALUES (?, ?) RETURNING *');
  const handle = db.prepare("UPDATE orders SET state = 'handled' WHERE state = 'new' RETURNING *");

  return {
    latest: () => all.all() as Order[],
    place: (product: string, quantity: number) => insert.get(product, quantity) as Order,
    handleNew: () => handle.all() as Order[],
  };
}
