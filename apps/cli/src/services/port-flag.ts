import { type PortWish, parsePort } from '@candle/core';

/** `auto`, or the number that is preferred. @throws InvalidPortError */
export function parsePortFlag(text: string): PortWish {
  return text === 'auto' ? { kind: 'auto' } : { kind: 'preferred', port: parsePort(text) };
}
