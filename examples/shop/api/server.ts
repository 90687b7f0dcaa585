import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { openOrders } from '../store/orders.ts';
import { products } from '../store/products.ts';

// There is deliberately no default port: two checkouts of one project would conflict over it.
const port = Number(process.env.PORT);
if (!port) {
  console.error(
    'Error: PORT is not set. Reserve a port and start the api: candle reserve-port api && candle start api',
  );
  process.exit(1);
}

const orders = openOrders();

const app = new Hono()
  .get('/health', (c) => c.json({ status: 'ok' }))
  .get('/products', (c) => c.json({ products }))
  .get('/orders', (c) => c.json({ orders: orders.latest() }))
  .post('/orders', async (c) => {
    const { product, quantity = 1 } = (await c.req.json().catch(() => null)) ?? {};
    if (!products.some(({ id }) => id === product)) return c.json({ error: `No such product: ${product}` }, 400);
    if (!Number.isInteger(quantity) || quantity < 1) return c.json({ error: 'quantity must be 1 or more' }, 400);

    const order = orders.place(product, quantity);
    console.log(`order ${order.id} placed: ${quantity} x ${product}`);
    return c.json({ order }, 201);
  });

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => {
  console.log(`api listening on http://127.0.0.1:${port}`);
});

process.once('SIGTERM', () => server.close(() => console.log('api stopped')));
