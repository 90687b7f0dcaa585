import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf, withCompose, withoutCompose, writtenIn } from '../test/findings.ts';
import { memoryFiles } from '../test/memory-files.ts';
import { ProjectNotConfiguredError } from './errors.ts';
import { isSourceFile, proposeConfig } from './propose-config.ts';

const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '8' } };
const server = { scripts: { dev: 'node server.js' } };

function propose(contents: Record<string, unknown>, context = withoutCompose) {
  return proposeConfig(memoryFiles(contents), context);
}

function namesIn(contents: Record<string, unknown>, context = withoutCompose): readonly string[] {
  return propose(contents, context).services.map(({ service }) => service.name);
}

test('a Procfile describes everything below it', () => {
  const { services, ignored } = propose({
    'Procfile.dev': 'web: npm run dev\nworker: node worker.js\n',
    'package.json': vite,
    'client/package.json': vite,
    'go.mod': 'module shop',
    'main.go': 'package main\nfunc main() { http.ListenAndServe(":8080", nil) }',
  });
  expect(services.map(({ service, from }) => [service.name, from.file])).toEqual([
    ['web', 'Procfile.dev'],
    ['worker', 'Procfile.dev'],
  ]);
  expect(linesOf(ignored)).toEqual([]);
});

test('a Procfile in a directory describes only that directory', () => {
  expect(
    namesIn({ 'backend/Procfile': 'api: ./serve $PORT', 'backend/package.json': vite, 'web/package.json': vite }),
  ).toEqual(['api', 'web']);
});

test('of several files of process managers in one directory, the first one is used', () => {
  const { services, ignored } = propose({
    'Procfile.dev': 'web: npm run dev',
    'mprocs.yaml': 'procs:\n  other:\n    shell: node other.js\n',
    'package.json': vite,
  });
  expect(services.map(({ service }) => service.name)).toEqual(['web']);
  expect(linesOf(ignored)).toEqual([
    'mprocs.yaml This file is not used, because another file describes how to develop this directory',
  ]);
});

test('a Procfile with a release phase is for deployment, and used only if nothing else serves', () => {
  const deployment = { Procfile: 'web: gunicorn shop.wsgi\nrelease: ./manage.py migrate\n' };
  const django = { 'manage.py': 'import django' };
  expect(propose({ ...deployment, ...django }).services.map(({ from }) => from.file)).toEqual(['manage.py']);
  expect(propose(deployment).services.map(({ from }) => from.file)).toEqual(['Procfile']);
});

test('a language is a service beside a package, unless a script of the package starts it', () => {
  const laravel = { artisan: '<?php', 'composer.json': '{"require": {"laravel/framework": "13"}}' };
  expect(namesIn({ 'package.json': vite, ...laravel })).toHaveLength(2);
  expect(
    namesIn({ 'package.json': { scripts: { dev: 'python3 manage.py runserver' } }, 'manage.py': 'django' }),
  ).toEqual(['app']);
});

test('a Python program belongs to the nearest project', () => {
  const app = 'from fastapi import FastAPI\napp = FastAPI()\n';
  const { services } = propose({
    'backend/pyproject.toml': '',
    'backend/app/__init__.py': '',
    'backend/app/main.py': app,
  });
  expect(writtenIn({ ...propose({}), services })).toEqual({
    backend: expect.objectContaining({ root: 'backend', shell: expect.stringContaining('app.main:app') }),
  });
});

test('sources of last resort are used only if there is nothing else', () => {
  const makefile = { Makefile: 'dev:\n\t./serve\n' };
  expect(namesIn({ ...makefile, 'package.json': vite })).toEqual(['app']);
  expect(propose({ ...makefile, 'package.json': vite }).services[0]?.from.file).toBe('package.json');
  expect(propose(makefile).services[0]?.from.file).toBe('Makefile');
});

test('containers are services in addition, unless they are the same program', () => {
  const compose = `services:
  db: { image: "postgres:18", ports: ["\${DB_PORT:-5432}:5432"] }
  app: { image: "ghcr.io/shop/app", ports: ["3001:3000"] }
`;
  const files = {
    'compose.yaml': compose,
    'package.json': { scripts: { dev: 'node server.js' } },
    'server.js': 'http.createServer().listen(process.env.PORT || 3001)',
  };
  const { services, ignored } = propose(files, withCompose);
  expect(services.map(({ service }) => service.name)).toEqual(['app', 'db']);
  expect(linesOf(ignored)).toEqual([
    "compose.yaml:3 'app' is the same program as another service, because its port 3001 is that of 'app' (package.json)",
  ]);
  expect(propose(files).ports.map(({ name, port }) => [name, port])).toEqual([
    ['db', { port: 'auto', portEnv: 'DB_PORT' }],
  ]);
});

test('a script that starts Compose starts its containers', () => {
  const files = {
    'compose.yaml': 'services:\n  db: { image: "postgres:18", ports: ["5432:5432"] }\n',
    'package.json': { scripts: { dev: 'docker compose up -d && vite' } },
  };
  expect(namesIn(files, withCompose)).toEqual(['app']);
});

test('names differ, also in the variables that other services get', () => {
  const files = { 'client/web/package.json': vite, 'server/web/package.json': server, 'server/web/server.js': '' };
  expect(namesIn(files)).toEqual(['web', 'server-web']);
  expect(namesIn({ 'a/web-1/package.json': vite, 'b/web_1/package.json': vite })).toEqual(['web-1', 'b-web_1']);
});

test('no files make the search throw', () => {
  const file = fc.constantFrom('package.json', 'Procfile', 'compose.yaml', 'manage.py', 'go.mod', 'web/package.json');
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('{', 'web: x', 'services: {db: {image: x}}', JSON.stringify(vite)),
  );
  fc.assert(
    fc.property(fc.dictionary(file, text), (contents) => {
      const names = namesIn(contents, withCompose);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test.each([
  ['Procfile', 'Procfile.dev', 'node procfile.js'],
  ['Procfile.dev', 'Procfile', 'node procfile.js'],
  ['bin/dev', 'Makefile', 'bin/dev'],
  ['Makefile', 'bin/dev', 'make dev'],
  ['docker-compose.dev.yml', 'compose.yaml', 'docker compose -f docker-compose.dev.yml up db'],
])('only %s is used, and not %s', (from, other, shell) => {
  const text = 'dev: node procfile.js\n';
  const compose = 'services:\n  db:\n    image: postgres\n    ports: ["5432:5432"]\n';
  const contentOf = (name: string) => (name.endsWith('ml') ? compose : text);
  const files = memoryFiles({ [from]: contentOf(from), [other]: contentOf(other) });
  const { services } = proposeConfig(files, { ...withCompose, from });
  expect(services.map(({ service }) => service.shell)).toEqual([shell]);
});

test.each(['pyproject.toml', 'main.py'])(
  'a program in Python is found by %s, and runs through the tool of the project',
  (from) => {
    const files = memoryFiles({ 'pyproject.toml': '[tool.uv]\n', 'main.py': 'app = FastAPI()\n' });
    const { services } = proposeConfig(files, { ...withCompose, from });
    expect(services.map(({ service }) => service.shell)).toEqual(['uv run uvicorn main:app --reload --port ${port}']);
  },
);

test.each(['server.js', 'src/dev', 'Procfile.prod', 'bin/package.json.bak'])(
  'no services are looked for in %s',
  (path) => {
    expect(isSourceFile(path)).toBe(false);
  },
);

test.each(['web/deno.jsonc', 'a/bin/rails', 'Shop.csproj', 'Shop.fsproj', 'GNUmakefile', 'compose.dev.yaml'])(
  '%s can contain services',
  (path) => {
    expect(isSourceFile(path)).toBe(true);
  },
);

test('the error about a missing configuration lists a few of many services', () => {
  const names = Array.from({ length: 200 }, (_, at) => `app-${at}`);
  const { message } = new ProjectNotConfiguredError('/shop', { names });
  expect(message).toMatch(/Services were found: app-0, .*, app-7 and 192 more$/);
});
