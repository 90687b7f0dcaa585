import { expect, test } from 'vitest';
import { problemsWith, serviceWith } from '../../test/config-text.ts';
import { type ReadyCheck, recheckIntervalOf } from './ready-check.ts';

const duration = "must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'";
const form = 'must be false, or an object with one of port, http, log, exec';
const port = 'must be a port from 1 to 65535, true for the reserved one, or one template like "${services.db.port}"';
const http = "must be a path like '/health' or a URL";

test.each([
  ['false', { kind: 'none' }],
  ['{"port": true}', { kind: 'reserved-port' }],
  ['{"port": 1}', { kind: 'port', port: 1 }],
  ['{"port": 65535}', { kind: 'port', port: 65535 }],
  ['{"http": "/"}', { kind: 'http', target: '/' }],
  ['{"http": "/health?full=1"}', { kind: 'http', target: '/health?full=1' }],
  ['{"http": "https://localhost:8443/up"}', { kind: 'http', target: 'https://localhost:8443/up' }],
  ['{"http": "http://unix:app.sock:/up"}', { kind: 'http', target: 'http://unix:app.sock:/up' }],
  ['{"http": "http://unix:8080/up"}', { kind: 'http', target: 'http://unix:8080/up' }],
  ['{"log": "ready in ("}', { kind: 'log', text: 'ready in (', isRegex: false }],
  ['{"log": "up \\\\d+", "regex": true}', { kind: 'log', text: 'up \\d+', isRegex: true }],
  ['{"log": "(", "regex": false}', { kind: 'log', text: '(', isRegex: false }],
  ['{"exec": "pg_isready"}', { kind: 'exec', shell: 'pg_isready' }],
])('"ready": %s', async (written, target) => {
  expect((await serviceWith(`"ready": ${written}`)).ready).toEqual({ ...target, intervalMs: 250, timeoutMs: 30_000 });
});

test('interval and timeout are durations, and the interval is at least 10 ms', async () => {
  const ready = async (fields: string) => (await serviceWith(`"ready": {"port": true, ${fields}}`)).ready;
  expect(await ready('"interval": 1, "timeout": "2m"')).toMatchObject({ intervalMs: 1_000, timeoutMs: 120_000 });
  expect(await ready('"interval": 0, "timeout": 0')).toMatchObject({ intervalMs: 10, timeoutMs: 0 });
});

test('recheck is a duration of at least a second or false, and depends on the kind of check', async () => {
  const interval = async (written: string) =>
    recheckIntervalOf((await serviceWith(`"ready": ${written}`)).ready as ReadyCheck);
  expect(await interval('{"http": "/"}')).toBe(30_000);
  expect(await interval('{"http": "/", "recheck": "2m"}')).toBe(120_000);
  expect(await interval('{"http": "/", "recheck": false}')).toBeUndefined();
  expect(await interval('{"exec": "true"}')).toBeUndefined();
  expect(await interval('{"exec": "true", "recheck": 0}')).toBe(1_000);
  for (const never of ['false', '{"port": true}', '{"log": "up"}']) expect(await interval(never)).toBeUndefined();
});

test.each(['true', 'null', '"x"', '1', '[]', '{}', '{"timeout": 1}', '{"port": true, "http": "/"}'])(
  '"ready": %s is not one of its forms',
  async (written) => {
    expect(await problemsWith(`"ready": ${written}`)).toEqual([`3 ready: ${form}`]);
  },
);

test.each([
  ...['0', '-1', '65536', '1.5', '"80"', 'false', 'null'].map((bad) => [`{"port": ${bad}}`, `port: ${port}`]),
  ...['""', '"health"', '"ftp://x"', '"/a b"', '"http://"', '1', 'null'].map((bad) => [
    `{"http": ${bad}}`,
    `http: ${http}`,
  ]),
  ...['http://unix:/run/app.sock', 'http://unix:app.sock:up', 'http://unix:app.sock:/a b'].map((bad) => [
    `{"http": "${bad}"}`,
    "http: must contain the path of a socket and that of a page, like 'http://unix:/run/app.sock:/health'",
  ]),
  ['{"log": ""}', 'log: must be a non-empty text'],
  ['{"log": 1}', 'log: must be a non-empty text'],
  ['{"log": "(", "regex": true}', 'log: must be a regular expression that Candle supports: missing closing ): ('],
  [
    '{"log": "a(?=b)", "regex": true}',
    'log: must be a regular expression that Candle supports: look-around is not supported: (?= at character 2',
  ],
  ['{"log": "a", "regex": "yes"}', 'regex: must be true or false'],
  ['{"exec": " "}', 'exec: must be a non-empty string'],
  ['{"exec": "a\\u0000"}', 'exec: must not contain null characters'],
  ['{"exec": ["a"]}', 'exec: must be a non-empty string'],
  ['{"port": true, "interval": "often"}', `interval: ${duration}`],
  ...['{"port": true, "recheck": "10s"}', '{"log": "up", "recheck": false}'].map((bad) => [
    bad,
    'recheck: needs http or exec: a port is checked whenever it is shown, and a line is printed only once',
  ]),
  ['{"exec": "true", "recheck": true}', 'recheck: must be false or a duration'],
  ['{"port": true, "timeout": null}', `timeout: ${duration}`],
])('"ready": %s: %s', async (written, problem) => {
  expect(await problemsWith(`"ready": ${written}`)).toEqual([`3 ready.${problem}`]);
});

test('several invalid values are reported at once, each with its own line', async () => {
  expect(await problemsWith('"ready": {\n"port": 0,\n"interval": "x",\n"timeout": -1\n}')).toEqual([
    `4 ready.port: ${port}`,
    `5 ready.interval: ${duration}`,
    `6 ready.timeout: ${duration}`,
  ]);
});

test.each([
  ['"ready": {"log": "up", "timout": "1s"}', 'ready.timout', 'timeout'],
  ['"ready": {"ports": 1}', 'ready.ports', 'port'],
  ['"restart": {"policy": "always", "maxAttempt": 3}', 'restart.maxAttempt', 'maxAttempts'],
  ['"logs": {"maxbytes": "1MB"}', 'logs.maxbytes', 'maxBytes'],
])('%s has a misspelt field', async (written, field, meant) => {
  expect(await problemsWith(written)).toEqual([`3 ${field}: is not a known field; did you mean '${meant}'?`]);
});

test('other unknown fields are allowed', async () => {
  expect((await serviceWith('"ready": {"log": "up", "comment": "", "regexp": 1, "regex": true}')).ready.kind).toBe(
    'log',
  );
});
