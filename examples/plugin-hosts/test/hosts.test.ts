import { openSandbox, type PluginSandbox } from '@candle/cli-kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

let box: PluginSandbox;
beforeEach(async () => {
  box = await openSandbox({
    config: { services: ['api', 'apps/web', 'worker'].map((name) => ({ name, shell: 'sleep 600' })) },
  });
});
afterEach(() => box.close());

async function reserve(name: string, cwd = box.projectDir): Promise<number> {
  return (await box.run(['reserve-port', name, '--json'], { cwd })).json.port;
}

test('each service with a reserved port has a host, and the others are listed on stderr', async () => {
  const api = await reserve('api');
  const web = await reserve('apps/web');
  const { stdout, stderr, exitCode } = await box.run(['hosts']);
  expect({ stdout, exitCode }).toEqual({
    exitCode: 0,
    stdout: `# For Caddy 2, from: candle hosts

# api of ${box.projectDir}
http://api.localhost:80 {
	reverse_proxy localhost:${api}
}

# apps/web of ${box.projectDir}
http://apps-web.localhost:80 {
	reverse_proxy localhost:${web}
}
`,
  });
  expect(stderr).toBe("Omitted because no port is reserved: 'worker' (candle reserve-port NAME)\n");
});

test('a port of the project itself has no host', async () => {
  await reserve('api');
  await box.run(['reserve-port']);
  expect((await box.run(['hosts', '--json'])).json.hosts).toHaveLength(1);
});

test('--json prints the hosts and the same configuration', async () => {
  const port = await reserve('api');
  const options = ['hosts', '--format', 'nginx', '--listen', '8080', '--domain', 'dev.example'];
  const { json, stderr } = await box.run([...options, '--json']);
  expect(json).toEqual({
    hosts: [
      {
        host: 'api.dev.example',
        port,
        serviceName: 'api',
        projectDir: box.projectDir,
        url: 'http://api.dev.example:8080/',
      },
    ],
    format: 'nginx',
    config: (await box.run(options)).stdout,
  });
  expect(stderr).toBe('');
});

test('with --all, host names contain the project name', async () => {
  await reserve('api');
  box.writeFile('../blog/.candle.json', '{"services": []}');
  await reserve('api', `${box.root}/blog`);
  const { json } = await box.run(['hosts', '--all', '--json'], { cwd: box.home });
  expect(json.hosts.map(({ host }: { host: string }) => host)).toEqual(['api.blog.localhost', 'api.project.localhost']);
});

test('fails with a hint if no port is reserved', async () => {
  expect(await box.run(['hosts'])).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: `Error: No service of ${box.projectDir} has a reserved port\nTo reserve a port: candle reserve-port api\n`,
  });
  expect((await box.run(['hosts', '--json'])).json.error.code).toBe('HOSTS_NOTHING_RESERVED');
});

test('a domain that could change the configuration is rejected', async () => {
  await reserve('api');
  const { json, exitCode } = await box.run(['hosts', '--domain', 'x {\n}', '--json']);
  expect(exitCode).toBe(1);
  expect(json.error).toMatchObject({ code: 'USAGE', hint: 'For help: candle hosts --help' });
});
