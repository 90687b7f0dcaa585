import { expect, test } from 'vitest';
import { apiVersion, kitVersion } from './api-version.ts';

test('the API version is the major version of the package', () => {
  expect(kitVersion().split('.')[0]).toBe(String(apiVersion));
});
