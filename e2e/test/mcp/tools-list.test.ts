import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { serveMcp } from './mcp-client.ts';

test('tools/list lists every tool with its annotations and its fields', async () => {
  const { client } = await serveMcp(sandbox());
  const { tools } = await client.listTools();
  const labels = [
    ['readOnlyHint', 'read-only'],
    ['destructiveHint', 'destructive'],
    ['idempotentHint', 'idempotent'],
    ['openWorldHint', 'open world'],
  ] as const;
  const lines = tools.map(({ name, annotations = {}, inputSchema: { properties = {}, required = [] } }) => {
    const fields = Object.keys(properties).map((field) => (required.includes(field) ? field : `${field}?`));
    const effects = labels.flatMap(([hint, label]) => (annotations[hint] ? label : []));
    return `${name} {${fields.join(', ')}}: ${effects.join(', ') || '-'}`;
  });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "ReservePort {serviceName?, port?, projectDir?}: -
    GetReservedPort {serviceName, projectDir?}: read-only, idempotent
    GetOrReservePort {serviceName, projectDir?}: idempotent
    ReleasePorts {serviceName?, port?, projectDir?}: destructive, idempotent
    ListReservedPorts {showAll?, projectDir?}: read-only, idempotent
    AddServerConfig {name, shell, root?, port?, tty?, projectDir?}: -
    ListServices {showAll?, projectDir?}: read-only, idempotent
    Up {names?, move?, removeOrphans?, timeout?, projectDir?}: destructive, idempotent
    Down {names?, projectDir?}: destructive, idempotent
    CheckStartService {name?, wait?, projectDir?}: idempotent
    StartService {name, move?, wait?, projectDir?}: destructive
    StartTransientService {name, shell, root?, port?, wait?, projectDir?}: destructive
    RestartService {name?, wait?, projectDir?}: destructive
    KillService {name?, port?, projectDir?}: destructive, idempotent
    WaitForReady {name, timeout?, projectDir?}: read-only, idempotent
    WaitForLog {name, message, regex?, timeout?, projectDir?}: read-only, idempotent
    GetLogs {name, limit?, since?, until?, grep?, regex?, run?, startAt?, projectDir?}: read-only, idempotent
    ClearLogs {name?, projectDir?}: destructive, idempotent
    SendInput {name, text, projectDir?}: destructive
    ListPorts {showAll?, serviceName?, projectDir?}: read-only, idempotent
    WhoHasPort {port}: read-only, idempotent
    OpenBrowser {serviceName, named?, projectDir?}: -"
  `);
  for (const { name, title, description, annotations, inputSchema, outputSchema } of tools) {
    expect([name, title, description].every(Boolean), name).toBe(true);
    expect(Object.values(annotations ?? {}), name).toHaveLength(labels.length);
    expect(inputSchema.additionalProperties, name).toBe(false);
    expect(outputSchema?.type, name).toBe('object');
  }
});

test('A client of the 2026 protocol gets the same tools as a client of the 2025 protocol', async () => {
  const box = sandbox({ config: { services: [] } });
  const [older, newer] = await Promise.all([
    serveMcp(box),
    serveMcp(box, { client: { versionNegotiation: { mode: 'auto' } } }),
  ]);
  expect(newer.client.getNegotiatedProtocolVersion()).not.toBe(older.client.getNegotiatedProtocolVersion());
  expect((await newer.client.listTools()).tools).toEqual((await older.client.listTools()).tools);
  const reserved = await newer.ask('ReservePort', { serviceName: 'api' });
  expect(await older.ask('GetReservedPort', { serviceName: 'api' })).toEqual(reserved);
  expect([older.log(), newer.log()]).toEqual(['', '']);
});

test('The server reports its name and its instructions', async () => {
  const { client } = await serveMcp(sandbox());
  expect(client.getServerVersion()).toMatchObject({ name: 'candle' });
  expect(client.getInstructions()).toMatch(/\bUp\b/);
});
