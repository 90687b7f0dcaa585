import { expect, test } from 'vitest';
import { kitErrors } from './catalogue.ts';
import { isCandleError } from './errors.ts';

test('every error of this package has a hint and is recognised as an expected error', () => {
  for (const error of kitErrors) {
    expect(isCandleError(error)).toBe(true);
    expect(error.code).toMatch(/^PLUGIN_[A-Z_]+$/);
    expect(error.exitCode).toBe(1);
    expect(error.hint, error.code).toBeTruthy();
    expect(error.message, error.code).not.toMatch(/^Error|undefined|\[object/);
  }
});
