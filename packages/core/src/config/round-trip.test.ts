import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createScanner, parse } from 'jsonc-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { addService, removeService } from './edit-config.ts';
import { getConfig } from './read-config.ts';
import { findServiceNameProblem } from './service-fields.ts';

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'candle-round-'));
});

afterAll(() => rm(project, { recursive: true }));

/** White space and comments, which can appear between any two tokens. */
const trivia = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', ' ', '\n', '\n    ', '\t', '\r\n  ') },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z,{}[\]":/ ]{0,8}$/).map((words) => ` // ${words}\n`) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z,{}[\]":\n ]{0,8}$/).map((words) => `/* ${words} */`) },
);

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => findServiceNameProblem(text) === undefined && text !== 'added');

/** Items between brackets, with trivia everywhere and an optional trailing comma. */
function enclosed(open: string, close: string, items: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const spaced = items.map((item) => fc.tuple(trivia, item, trivia).map((parts) => parts.join('')));
  return fc
    .tuple(fc.tuple(...spaced), items.length > 0 ? fc.constantFrom('', ',') : fc.constant(''), trivia)
    .map(([texts, comma, end]) => `${open}${texts.join(',')}${comma}${end}${close}`);
}

function member(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(trivia, trivia, value)
    .map(([before, after, text]) => `${JSON.stringify(key)}${before}:${after}${text}`);
}

const unknown = member('unknown', fc.json({ maxDepth: 2 }));

function serviceText(serviceName: string, keyed: boolean): fc.Arbitrary<string> {
  const shell = member(
    'shell',
    fc.string({ minLength: 1 }).map((text) => JSON.stringify(`x${text.replaceAll('\0', '')}`)),
  );
  if (keyed) return member(serviceName, enclosed('{', '}', [shell, unknown]));
  return enclosed('{', '}', [member('name', fc.constant(JSON.stringify(serviceName))), unknown, shell]);
}

const configText = fc
  .tuple(fc.uniqueArray(name, { maxLength: 4 }), fc.boolean(), fc.boolean(), trivia, trivia)
  .chain(([names, keyed, servicesFirst, head, tail]) => {
    const [open, close] = keyed ? ['{', '}'] : ['[', ']'];
    const services = member(
      'services',
      enclosed(
        open ?? '',
        close ?? '',
        names.map((each) => serviceText(each, keyed)),
      ),
    );
    const members = servicesFirst ? [services, unknown] : [unknown, services];
    return enclosed('{', '}', members).map((text) => ({ names, text: `${head}${text}${tail}` }));
  });

/** All comments of a text, in order; the scanner returns a comment as a token that begins with a slash. */
function commentsOf(text: string): string[] {
  const comments: string[] = [];
  const scanner = createScanner(text, false);
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return comments;
    if (text[offset] === '/') comments.push(text.slice(offset, offset + scanner.getTokenLength()));
  }
}

function dataOf(text: string): unknown {
  return parse(text, [], { allowTrailingComma: true });
}

test('adding and then removing a service keeps the services, comments and unknown keys of any config', async () => {
  await fc.assert(
    fc.asyncProperty(configText, async ({ text }) => {
      const path = join(project, '.candle.json');
      await writeFile(path, text);
      const before = await getConfig(project, callerTrust);

      const { service } = await addService(callerTrust, project, { name: 'added', shell: 'run "it"' });
      const added = await readFile(path, 'utf8');
      expect((await getConfig(project, callerTrust)).services).toEqual([...before.services, service]);
      expect(commentsOf(added)).toEqual(commentsOf(text));

      await removeService(callerTrust, project, 'added');
      const after = await readFile(path, 'utf8');
      expect(await getConfig(project, callerTrust)).toEqual(before);
      expect(dataOf(after)).toEqual(dataOf(text));
      expect(commentsOf(after)).toEqual(commentsOf(text));
    }),
    { numRuns: 200 },
  );
});

test('removing any service keeps the other services and all comments outside it', async () => {
  await fc.assert(
    fc.asyncProperty(configText, fc.nat(), async ({ names, text }, choice) => {
      const victim = names[choice % Math.max(1, names.length)];
      fc.pre(victim !== undefined);
      const path = join(project, '.candle.json');
      await writeFile(path, text);
      const before = await getConfig(project, callerTrust);

      await removeService(callerTrust, project, victim ?? '');
      const after = await readFile(path, 'utf8');
      expect((await getConfig(project, callerTrust)).services).toEqual(
        before.services.filter((service) => service.name !== victim),
      );

      const left = commentsOf(after);
      const all = commentsOf(text);
      // The removed comments were inside the removed service, so they are consecutive.
      const kept = all.findIndex((comment, index) => comment !== left[index]);
      const start = kept === -1 ? left.length : kept;
      expect([...all.slice(0, start), ...all.slice(all.length - (left.length - start))]).toEqual(left);
    }),
    { numRuns: 200 },
  );
});
