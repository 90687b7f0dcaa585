import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { browserUrlsOf, findUrl, labelsFor } from './service-url.ts';

const http = (target: string) => ({ name: 'web', ready: { kind: 'http', target } });

test.each([
  ['by default, a service speaks HTTP', { name: 'web' }, 'http://localhost:4000'],
  ['a database has no URL', { name: 'web', shell: 'redis-server' }, undefined],
  [
    'a configured URL is used as it is',
    { name: 'web', url: 'postgres://db:${port}/x', usesTls: true },
    'postgres://db:4000/x',
  ],
  ['a check that needed TLS', { ...http('/'), usesTls: true }, 'https://localhost:4000'],
  ['a check by https of the own port', http('https://localhost:${port}/health'), 'https://localhost:4000'],
  ['the same by its number', http('https://127.0.0.1:4000/health'), 'https://localhost:4000'],
  ['the same by its name', http('https://web.localhost:${services.web.port}/'), 'https://localhost:4000'],
  ['a check of another port', http('https://localhost:4001/'), 'http://localhost:4000'],
  ["a check of another service's port", http('https://localhost:${services.api.port}/'), 'http://localhost:4000'],
  ['a check of another host', http('https://example.com:${port}/'), 'http://localhost:4000'],
])('the URL of a port: %s', (_, addressed, url) => {
  expect(findUrl(addressed, 4000)).toBe(url);
});

describe('labels of host names', () => {
  const labelOf = (text: string) => labelsFor([text]).get(text);

  test.each([
    ['web', 'web'],
    ['Fix/Login_2', 'fix-login-2'],
    ['--a..b--', 'a-b'],
    ['xn--abc', 'xn-abc'],
    ['Café Ærø', 'cafe-r'],
    ['x'.repeat(63), 'x'.repeat(63)],
  ])('%s becomes %s', (text, label) => {
    expect(labelOf(text)).toBe(label);
  });

  test('a text that is too long, or has no letters or digits, gets a hash', () => {
    expect(labelOf('日本')).toMatch(/^[0-9a-f]{8}$/);
    expect(labelOf('x'.repeat(64))).toMatch(/^x{54}-[0-9a-f]{8}$/);
    expect(labelOf('x'.repeat(64))).not.toBe(labelOf('x'.repeat(65)));
  });

  test('if several have the same label, the one that is a label keeps it, or else the first in the alphabet', () => {
    const labels = labelsFor(['fix/a', 'fix-a', 'FIX/a']);
    expect(labels.get('fix-a')).toBe('fix-a');
    expect(labels.get('fix/a')).toMatch(/^fix-a-[0-9a-f]{8}$/);
    expect(labelsFor(['web.b', 'web b']).get('web b')).toBe('web-b');
  });

  test('any ids get different valid labels, which do not depend on their order', () => {
    const similar = fc.array(fc.constantFrom('a', 'b', 'A', 'ä', '-', '.', '/', '_', '日', '0'), { maxLength: 5 });
    const id = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      similar.map((parts) => parts.join('')),
    );
    const ids = fc.uniqueArray(id, { maxLength: 12 });
    fc.assert(
      fc.property(ids, (given) => {
        const labels = labelsFor(given);
        // A label that another id's hash results in is taken too.
        const again = labelsFor([...given, ...labels.values()]);
        for (const each of [labels, again]) {
          expect(new Set(each.values()).size).toBe(each.size);
          for (const label of each.values()) {
            expect(label).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
            expect(label).not.toContain('--');
          }
        }
        expect(labelsFor(given.toReversed())).toEqual(labels);
      }),
    );
  });
});

describe('URLs for browsers', () => {
  const services = ['web', 'my_api', 'Web', 'docs'].map((name) => ({ name, ports: [] }));
  const known = ['web', 'Old Web', 'my-api'];
  const find = browserUrlsOf({ services, ports: [], known, domain: 'fix-login.shop.localhost' });

  test.each([
    ['web', 'http://localhost:4000', 'http://web.fix-login.shop.localhost:4000'],
    ['my_api', 'https://localhost:4000/v1?x=1', 'https://my-api.fix-login.shop.localhost:4000/v1?x=1'],
    ['docs', 'http://LOCALHOST/', 'http://docs.fix-login.shop.localhost/'],
    ['Old Web', 'http://localhost:1', 'http://old-web.fix-login.shop.localhost:1'],
    ['unconfigured', 'http://localhost:1', 'http://unconfigured.fix-login.shop.localhost:1'],
    ['docs', 'http://localhost.example.com:4000', undefined],
    ['docs', 'http://127.0.0.1:4000', undefined],
    ['docs', 'postgres://localhost:4000', undefined],
    ['docs', undefined, undefined],
  ])('%s at %s is %s', (name, url, expected) => {
    expect(find(name, url)).toBe(expected);
  });

  test('without a configuration, known names keep different labels', () => {
    const domain = 'main.shop.localhost';
    const labelled = browserUrlsOf({ services: [], ports: [], known: ['my web', 'my-web'], domain });
    expect(labelled('my-web', 'http://localhost:1')).toBe('http://my-web.main.shop.localhost:1');
    expect(labelled('my web', 'http://localhost:1')).toMatch(/^http:\/\/my-web-[0-9a-f]{8}\.main/);
  });

  test('a name that is not configured never takes the label of one that is', () => {
    expect(find('my-api', 'http://localhost:1')).toMatch(/^http:\/\/my-api-[0-9a-f]{8}\.fix-login/);
  });
});
