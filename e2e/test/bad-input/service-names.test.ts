import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { commandsOnServices, commandsThatMakeServices, lineOf } from './commands-on-services.ts';
import { inSandbox, jsonRefusal, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'sleep 600' }] };

test('finds the commands that take a service name', () => {
  expect(commandsOnServices).toEqual(expect.arrayContaining(['start', 'kill', 'logs', ...commandsThatMakeServices]));
  expect(commandsOnServices.length).toBeGreaterThanOrEqual(13);
});

inPart(2).each([
  // An empty name must not count as omitted, because that selects every service.
  ['that is empty', '', 'A service name must not be empty'],
  ['with a newline', 'a\nb', "Service name 'a\\u000ab' must not contain control characters"],
  ['with an escape sequence', 'a\u001b[2Jb', "Service name 'a\\u001b[2Jb' must not contain control characters"],
  ['with ../', '../api', "Service name '../api' must not contain '.' or '..' as a path segment"],
  ['with a leading dash', '-api', "Service name '-api' must not begin with '-'"],
  ['of 10,000 characters', 'x'.repeat(10_000), `Service name '${'x'.repeat(60)}…' must be at most 100 characters long`],
])('a name %s is rejected by every command that takes one, and nothing changes', async (_what, name, sentence) => {
  const box = sandbox({ config });
  const configBefore = readFileSync(join(box.projectDir, '.candle.json'), 'utf8');
  await box.candle(['reserve-port', 'web']);
  await box.candle(['start', 'api', '--bg']);
  const before = await box.candleJson(['ps']);

  await Promise.all(
    commandsOnServices.map(async (command) => {
      const check = command === 'start' ? refusal : jsonRefusal;
      const { code, message, hint, details } = await check(inSandbox(box), lineOf(command, name));
      expect([command, code, message]).toEqual([command, 'SERVICE_NAME_INVALID', sentence]);
      expect(hint).toContain('1 to 100 printable characters');
      expect(details).toMatchObject({ name });
    }),
  );

  expect(await box.candleJson(['ps'])).toEqual(before);
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toMatchObject([{ serviceName: 'web' }]);
  expect(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).toBe(configBefore);
});
