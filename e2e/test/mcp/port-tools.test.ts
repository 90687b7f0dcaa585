import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { failureOf, serveMcp, textOf } from './mcp-client.ts';

const config = { services: [] };

test('Every port tool returns the same object that its command prints with --json', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);

  const reserved = await mcp.ask('ReservePort', { serviceName: 'api' });
  expect(reserved).toEqual({ port: expect.any(Number), serviceName: 'api', projectDir: box.projectDir });
  expect(reserved).toEqual(await box.candleJson(['get-reserved-port', 'api']));
  expect(await mcp.ask('GetReservedPort', { serviceName: 'api' })).toEqual(reserved);

  const own = await mcp.ask('ReservePort');
  expect(own).toEqual({ port: expect.any(Number), serviceName: null, projectDir: box.projectDir });

  expect(await mcp.ask('GetOrReservePort', { serviceName: 'web' })).toEqual({
    port: expect.any(Number),
    serviceName: 'web',
    projectDir: box.projectDir,
    wasReserved: true,
  });
  expect(await mcp.ask('GetOrReservePort', { serviceName: 'web' })).toEqual(
    await box.candleJson(['get-or-reserve-port', 'web']),
  );

  expect(await mcp.ask('ListReservedPorts')).toEqual(await box.candleJson(['list-reserved-ports']));

  expect(await mcp.ask('ReleasePorts', { serviceName: 'api' })).toEqual({
    releasedCount: 1,
    releasedPort: reserved.port,
    serviceName: 'api',
    projectDir: box.projectDir,
  });
  expect(await mcp.ask('ReleasePorts', { port: own.port })).toEqual({
    releasedCount: 1,
    releasedPort: own.port,
    serviceName: null,
    projectDir: box.projectDir,
  });
  expect(await mcp.ask('ReleasePorts')).toEqual({ releasedCount: 1, projectDir: box.projectDir });
  expect(await mcp.ask('ReleasePorts')).toEqual(await box.candleJson(['release-ports']));
});

test('ReservePort with a port reserves that port or fails, and AddServerConfig stores the port setting of a service', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const port = await freePort(7400);
  expect(await mcp.ask('AddServerConfig', { name: 'web', shell: 'x', port })).toMatchObject({ port });
  expect(await mcp.ask('AddServerConfig', { name: 'api', shell: 'x', port: 'auto' })).toMatchObject({ port: 'auto' });
  expect(await mcp.ask('AddServerConfig', { name: 'docs', shell: 'x' })).toMatchObject({ port: 'auto' });
  expect(await mcp.ask('AddServerConfig', { name: 'job', shell: 'x', port: null })).toMatchObject({ port: null });
  expect(JSON.parse(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).services).toMatchObject([
    ...[
      { name: 'web', port },
      { name: 'api', port: 'auto' },
      { name: 'docs', port: 'auto' },
      { name: 'job', port: null },
    ],
  ]);
  expect(await mcp.ask('ReservePort', { serviceName: 'web' })).toMatchObject({ port });
  expect(failureOf(await mcp.call('ReservePort', { serviceName: 'api', port }))).toEqual({
    code: 'PORT_NOT_AVAILABLE',
    sentence: `Port ${port} is not available for service 'api': it is reserved for service 'web' of this project`,
  });
  const codeOf = async (tool: string, input: Record<string, unknown>) => failureOf(await mcp.call(tool, input)).code;
  expect(await codeOf('ReservePort', { serviceName: 'job' })).toBe('PORT_NEVER_RESERVED');
  expect(await codeOf('GetOrReservePort', { serviceName: 'job' })).toBe('PORT_NEVER_RESERVED');
  expect(await codeOf('ReservePort', { port: 80 })).toBe('PORT_PRIVILEGED');
  expect(await codeOf('ReservePort', { port: 70_000 })).toBe('PORT_INVALID');
  expect(await codeOf('ReservePort', { port: '5173' })).toBe('MCP_INPUT_INVALID');
  expect(await codeOf('AddServerConfig', { name: 'db', shell: 'x', port: 5173.5 })).toBe('PORT_INVALID');
  expect(await codeOf('AddServerConfig', { name: 'db', shell: 'x', port: 'any' })).toBe('MCP_INPUT_INVALID');
});

test('The text of a result is its structured content as JSON', async () => {
  const mcp = await serveMcp(sandbox({ config }));
  const result = await mcp.call('ReservePort', { serviceName: 'api' });
  expect(JSON.parse(textOf(result))).toEqual(result.structuredContent);
});

test('ReservePort for a service that already has a port fails with the message of reserve-port', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const reserved = await mcp.ask('ReservePort', { serviceName: 'api' });

  const second = await mcp.call('ReservePort', { serviceName: 'api' });
  expect(second.isError).toBe(true);
  const sentence = `Service 'api' already has a reserved port: ${reserved.port}`;
  expect(textOf(second).split('\n', 1)).toEqual([sentence]);
  expect(second.structuredContent).toEqual(await box.candleJson(['reserve-port', 'api']));
});

test('The error for a service without a port suggests a similar name that has one', async () => {
  const mcp = await serveMcp(sandbox({ config }));
  await mcp.ask('ReservePort', { serviceName: 'api' });
  for (const tool of ['GetReservedPort', 'ReleasePorts']) {
    expect(textOf(await mcp.call(tool, { serviceName: 'apo' }))).toBe(
      "No reserved port found for service 'apo'\nDid you mean 'api'?",
    );
  }
});

test('An empty name is an error and is not treated as an omitted name', async () => {
  const mcp = await serveMcp(sandbox({ config }));
  await mcp.ask('ReservePort', { serviceName: 'api' });
  for (const tool of ['ReservePort', 'GetReservedPort', 'GetOrReservePort', 'ReleasePorts']) {
    expect(failureOf(await mcp.call(tool, { serviceName: '' }))).toEqual({
      code: 'SERVICE_NAME_INVALID',
      sentence: 'A service name must not be empty',
    });
  }
  for (const tool of ['ReservePort', 'GetReservedPort', 'GetOrReservePort', 'ReleasePorts', 'ListReservedPorts']) {
    expect(failureOf(await mcp.call(tool, { serviceName: 'api', projectDir: '' })).code).toBe('MCP_INPUT_INVALID');
  }
  expect((await mcp.ask('ListReservedPorts')).ports).toHaveLength(1);
});

test('Input that violates the schema is rejected with one sentence, and nothing is released', async () => {
  const mcp = await serveMcp(sandbox({ config }));
  await mcp.ask('ReservePort', { serviceName: 'api' });
  const sentence = async (tool: string, input: Record<string, unknown>) =>
    failureOf(await mcp.call(tool, input)).sentence;
  expect({
    misspelt: await sentence('ReleasePorts', { service: 'api' }),
    null: await sentence('ReleasePorts', { serviceName: null }),
    type: await sentence('ReleasePorts', { port: '4000' }),
    fraction: await sentence('ReleasePorts', { port: 4000.5 }),
    range: await sentence('ReleasePorts', { port: 0 }),
    both: await sentence('ReleasePorts', { serviceName: 'api', port: 4000 }),
    foreign: await sentence('ReleasePorts', { port: 4999 }),
    missing: await sentence('GetReservedPort', {}),
    all: await sentence('ListReservedPorts', { showAll: true, projectDir: '.' }),
    control: await sentence('ReservePort', { serviceName: 'a\u001b[2Jb' }),
    long: await sentence('ReservePort', { serviceName: 'x'.repeat(10_000) }),
  }).toMatchInlineSnapshot(`
    {
      "all": "Invalid input for ListReservedPorts: showAll covers all projects, so it cannot be combined with projectDir",
      "both": "Invalid input for ReleasePorts: serviceName cannot be combined with port",
      "control": "Service name 'a\\u001b[2Jb' must not contain control characters",
      "foreign": "Port 4999 is not reserved",
      "fraction": "'4000.5' is not a port number",
      "long": "Service name 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' must be at most 100 characters long",
      "missing": "Invalid input for GetReservedPort: serviceName is missing",
      "misspelt": "Invalid input for ReleasePorts: unknown field 'service'",
      "null": "Invalid input for ReleasePorts: serviceName must be a string",
      "range": "'0' is not a port number",
      "type": "Invalid input for ReleasePorts: port must be a number",
    }
  `);
  expect((await mcp.ask('ListReservedPorts')).ports).toHaveLength(1);
});

test('16 concurrent GetOrReservePort calls on each of two servers get the same port', async () => {
  const box = sandbox({ config });
  const servers = await Promise.all([serveMcp(box), serveMcp(box)]);
  const answers = await Promise.all(
    servers.flatMap((mcp) => Array.from({ length: 16 }, () => mcp.ask('GetOrReservePort', { serviceName: 'api' }))),
  );
  expect([...new Set(answers.map(({ port }) => port))]).toHaveLength(1);
  expect(answers.filter(({ wasReserved }) => wasReserved)).toHaveLength(1);
});

test('Concurrent ReservePort calls on two servers and the command line each get a different port', async () => {
  const box = sandbox({ config });
  const servers = await Promise.all([serveMcp(box), serveMcp(box)]);
  const answers = await Promise.all([
    ...servers.flatMap((mcp, server) =>
      Array.from({ length: 8 }, (_, index) => mcp.ask('ReservePort', { serviceName: `s${server}-${index}` })),
    ),
    ...Array.from({ length: 4 }, (_, index) => box.candleJson(['reserve-port', `cli-${index}`])),
  ]);
  expect(new Set(answers.map(({ port }) => port)).size).toBe(20);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(20);
});

test('A running server sees changes made from the command line', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  expect(await mcp.ask('ListReservedPorts')).toEqual({ ports: [] });
  const reserved = await box.candleJson(['reserve-port', 'api']);
  expect(await mcp.ask('GetReservedPort', { serviceName: 'api' })).toEqual(reserved);
  await box.candle(['release-ports', 'api']);
  expect(failureOf(await mcp.call('GetReservedPort', { serviceName: 'api' })).code).toBe('PORT_NOT_RESERVED');
});

test('projectDir, --project and the working directory select the project, in this order', async () => {
  const box = sandbox({ config });
  const [a, b] = ['a', 'b'].map((name) => {
    mkdirSync(join(box.projectDir, name, 'below'), { recursive: true });
    box.writeFile(`${name}/.candle.json`, '{}');
    return join(box.projectDir, name);
  });
  const here = await serveMcp(box);
  expect((await here.ask('ReservePort')).projectDir).toBe(box.projectDir);
  expect((await here.ask('ReservePort', { projectDir: 'a/below' })).projectDir).toBe(a);
  expect((await here.ask('ReservePort', { projectDir: b })).projectDir).toBe(b);

  const inA = await serveMcp(box, { args: ['mcp', '--project', 'a'] });
  expect((await inA.ask('ReservePort')).projectDir).toBe(a);
  expect((await inA.ask('ReservePort', { projectDir: 'b' })).projectDir).toBe(b);
  expect((await inA.ask('ListReservedPorts')).ports).toHaveLength(2);
  expect((await inA.ask('ListReservedPorts', { showAll: true })).ports).toHaveLength(5);
  expect(await inA.ask('ListReservedPorts', { showAll: true })).toEqual(
    await box.candleJson(['list-reserved-ports', '--all']),
  );
});

test('Without a project, the error says to set projectDir', async () => {
  const box = sandbox();
  const mcp = await serveMcp(box, { cwd: box.home });
  expect(textOf(await mcp.call('ReservePort', { serviceName: 'api' }))).toBe(
    `${box.home} is not used as a project by default, because everything below it would belong to it\nSet projectDir to the directory of the project`,
  );
  expect(textOf(await mcp.call('ListServices', { projectDir: box.projectDir }))).toBe(
    `No .candle.json was found in ${box.projectDir} or its parent directories\nSet projectDir to the directory of the project`,
  );
});
