import { describeFallback, type PortClaim } from '@candle/core';

/** Says who has the number that a service would have liked. */
export function noteFallback(claim: PortClaim, note: (text: string) => void): void {
  const sentence = describeFallback(claim);
  if (sentence !== undefined) note(sentence);
}
