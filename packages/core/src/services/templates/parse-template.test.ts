import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillTemplate, parseTemplate, referencesIn } from './parse-template.ts';

const fill = (text: string) => fillTemplate(text, ({ source }) => `<${source.slice(2, -1)}>`);

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['${port}', '<port>'],
  ['-p ${port}:${port}', '-p <port>:<port>'],
  ['${services.api.port}${services.api.url}/x', '<services.api.port><services.api.url>/x'],
  ['${env.A}', '<env.A>'],
  // Shell syntax.
  ['${PORT:-3000} $PORT $(x) ${ports} ${service.a.port}', '${PORT:-3000} $PORT $(x) ${ports} ${service.a.port}'],
  ['${Port} ${ port } ${}', '${Port} ${ port } ${}'],
  ['${PORT:-${services.api.port}}', '${PORT:-<services.api.port>}'],
  ['${port', '${port'],
  ['$port} ${services.api.port', '$port} ${services.api.port'],
  // Escaped.
  ['$${port}', '${port}'],
  ['$${HOME} $${services.api.port}', '${HOME} ${services.api.port}'],
  ['$$${port}', '$${port}'],
  ['$${A:-${port}}', '${A:-<port>}'],
  ['$$ $${ $$', '$$ $${ $$'],
])('%s becomes %s', (text, filled) => {
  expect(fill(text)).toBe(filled);
});

test.each([
  ['${services.api.port}', 'api', 'port'],
  ['${services.my.api.v2.url}', 'my.api.v2', 'url'],
  ['${services.web.browserUrl}', 'web', 'browserUrl'],
  ['${services.a b$c{d.port}', 'a b$c{d', 'port'],
  ['${services.port.port}', 'port', 'port'],
  ['${services.ä/ö.url}', 'ä/ö', 'url'],
])('%s refers to the service %s', (text, name, property) => {
  expect(referencesIn(text)).toEqual([{ kind: 'service', source: text, name, property }]);
});

test.each([
  ['${services.web.ports.HMR_PORT}', { kind: 'further-port', name: 'web', variable: 'HMR_PORT' }],
  ['${services.a.ports.b.ports.X}', { kind: 'further-port', name: 'a.ports.b', variable: 'X' }],
  ['${services.web.ports.port}', { kind: 'service', name: 'web.ports', property: 'port' }],
  ['${ports.db.port}', { kind: 'entry', name: 'db', property: 'port' }],
  ['${ports.my.db.url}', { kind: 'entry', name: 'my.db', property: 'url' }],
  ['${ports.db}', { kind: 'malformed', inside: 'ports.db' }],
])('%s refers to %j', (text, reference) => {
  expect(referencesIn(text)).toEqual([{ source: text, ...reference }]);
});

test.each(['${services.}', '${services.api}', '${services.api.prot}', '${services..port}', '${services.port}'])(
  '%s is malformed',
  (text) => {
    expect(referencesIn(text)).toMatchObject([{ kind: 'malformed', source: text }]);
  },
);

describe('for any text', () => {
  const fragment = fc.constantFrom(
    '$',
    '{',
    '}',
    '${',
    '$${',
    'port',
    'services.',
    'ports.',
    'env.',
    'api',
    '.url',
    '.port',
    ' ',
  );
  const anyText = fc.array(fragment, { maxLength: 24 }).map((fragments) => fragments.join(''));

  test('a text without ${ is unchanged', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) => fill(text) === text,
      ),
    );
  });

  test('a text with every ${ escaped results in the original text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const end = text.lastIndexOf('}') + 1;
        return fill(text.slice(0, end).replaceAll('${', () => '$${') + text.slice(end)) === text;
      }),
      { numRuns: 2000 },
    );
  });

  test('no two text parts are adjacent, and none is empty', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parts = parseTemplate(text);
        return parts.every(
          (part, index) => part.kind !== 'text' || (part.text !== '' && parts[index + 1]?.kind !== 'text'),
        );
      }),
    );
  });
});
