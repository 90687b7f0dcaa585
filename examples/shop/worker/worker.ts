import { dataDir, openOrders } from '../store/orders.ts';

const orders = openOrders();
console.log(`worker started, checking for orders in ${dataDir}`);

const timer = setInterval(() => {
  for (const { id, product, quantity } of orders.handleNew()) {
    console.log(`order ${id} handled: ${quantity} x ${product}`);
  }
}, 1000);

process.once('SIGTERM', () => {
  clearInterval(timer);
  console.log('worker stopped');
});
