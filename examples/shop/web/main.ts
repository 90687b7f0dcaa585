import type { Order } from '../store/orders.ts';
import type { Product } from '../store/products.ts';

const list = (id: string) => document.getElementById(id) as HTMLElement;

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/api${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

async function order(product: string): Promise<void> {
  await call('/orders', { method: 'POST', body: JSON.stringify({ product }) });
  await showOrders();
}

async function showProducts(): Promise<void> {
  const { products } = await call<{ products: Product[] }>('/products');
  list('products').replaceChildren(
    ...products.map(({ id, name, priceInCents }) => {
      const button = Object.assign(document.createElement('button'), {
        textContent: 'Order',
        onclick: () => order(id),
      });
      const item = document.createElement('li');
      item.append(`${name}, ${(priceInCents / 100).toFixed(2)} €`, button);
      return item;
    }),
  );
}

/** Called every second, so that you can see the worker change orders from `new` to `handled`. */
async function showOrders(): Promise<void> {
  const { orders } = await call<{ orders: Order[] }>('/orders');
  list('orders').replaceChildren(
    ...orders.map(({ id, product, quantity, state }) =>
      Object.assign(document.createElement('li'), {
        value: id,
        className: state,
        textContent: `${quantity} x ${product}: ${state}`,
      }),
    ),
  );
}

await showProducts();
await showOrders();
setInterval(showOrders, 1000);
