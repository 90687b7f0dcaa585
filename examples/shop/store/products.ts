export type Product = { id: string; name: string; priceInCents: number };

export const products: Product[] = [
  { id: 'beeswax', name: 'Beeswax candle', priceInCents: 1250 },
  { id: 'tealight', name: 'Tea lights, box of 30', priceInCents: 690 },
  { id: 'wick', name: 'Cotton wick, 5 m', priceInCents: 320 },
];
