import { describeDisplacement, type PortClaim } from '@candle/core';

/** Says who has the number that a service would have liked. */
export function noteDisplacement(claim: PortClaim, note: (text: string) => void): void {
  const sentence = describeDisplacement(claim);
  if (sentence !== undefined) note(sentence);
}
