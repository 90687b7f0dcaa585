import type { FrameworkCase } from './framework-case.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const readsPort = `import { createServer } from 'node:http';

const port = Number(process.env.PORT);
createServer((_request, response) => response.end('Hello')).listen(port, () => console.log('Listening on', port));
`;

const devTask = { cache: false, persistent: true };

export const cases: readonly FrameworkCase[] = [
  {
    name: 'Vite',
    project: 'vite',
    dependency: 'vite',
    attempts: [
      { shell: 'npm run dev', runs: 'vite', listensOn: 5173, whenTaken: 1 },
      {
        shell: 'npm run dev -- --port $PORT --strictPort',
        runs: 'vite --port $PORT --strictPort',
        advised: '"shell": "npm run dev -- --port $PORT --strictPort"',
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
      { shell: 'npm run dev -- --port $PORT', runs: 'vite --port $PORT', listensOn: 'reserved', whenTaken: 1 },
    ],
    page: { shows: 'Hello', counts: true, edited: 'index.html' },
  },
  {
    name: 'Next.js',
    project: 'next',
    dependency: 'next',
    attempts: [{ shell: 'npm run dev', runs: 'next dev', listensOn: 'reserved', whenTaken: 'ends' }],
    page: { shows: 'Hello', counts: true, edited: 'app/page.jsx' },
  },
  {
    name: 'Next.js',
    project: 'next-16.2',
    dependency: 'next',
    attempts: [{ shell: 'npm run dev', runs: 'next dev', listensOn: 'reserved', whenTaken: 'ends' }],
    page: {
      shows: 'Hello',
      counts: true,
      edited: 'app/page.jsx',
      allowedBy: {
        files: { 'next.config.mjs': "export default { allowedDevOrigins: ['**.localhost'] };\n" },
        inWords: "`allowedDevOrigins: ['**.localhost']` in `next.config.mjs`",
      },
    },
  },
  {
    name: 'Astro',
    project: 'astro',
    dependency: 'astro',
    attempts: [
      { shell: 'npm run dev', runs: 'astro dev', listensOn: 4321, whenTaken: 1 },
      {
        shell: 'npm run dev -- --port $PORT',
        runs: 'astro dev --port $PORT',
        advised: '"shell": "npm run dev -- --port $PORT"',
        listensOn: 'reserved',
        whenTaken: 1,
      },
      {
        shell: 'npm run dev -- --port $PORT',
        runs: 'astro dev --port $PORT',
        changed: {
          files: { 'astro.config.mjs': 'export default { vite: { server: { strictPort: true } } };\n' },
          inWords: '`vite: { server: { strictPort: true } }` in `astro.config.mjs`',
        },
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
    page: { shows: 'Hello', counts: true, edited: 'src/pages/index.astro' },
  },
  {
    name: 'Fastify',
    project: 'fastify',
    dependency: 'fastify',
    attempts: [{ shell: 'npm start', runs: 'node server.js', listensOn: 'reserved', whenTaken: 'ends' }],
    page: { shows: 'world' },
  },
  {
    name: 'Express',
    project: 'express',
    dependency: 'express',
    attempts: [{ shell: 'npm start', runs: 'node server.js', listensOn: 'reserved', whenTaken: 'ends' }],
    page: { shows: 'Log in' },
    hasLogin: true,
  },
  {
    name: 'Python’s http.server',
    project: 'python',
    needs: 'python3',
    attempts: [
      { shell: 'python3 -m http.server', listensOn: 8000, whenTaken: 'ends' },
      {
        shell: 'python3 -m http.server $PORT',
        advised: '"shell": "python3 -m http.server $PORT"',
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
    page: { shows: 'Hello' },
  },
  {
    name: 'Turborepo',
    project: 'turbo',
    dependency: 'turbo',
    attempts: [
      { shell: 'npm run dev', runs: 'turbo run dev', listensOn: 3000, whenTaken: 'ends' },
      {
        shell: 'npm run dev -- --env-mode=loose',
        runs: 'turbo run dev --env-mode=loose',
        advised: 'turbo run --env-mode=loose',
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
      {
        shell: 'npm run dev',
        runs: 'turbo run dev',
        changed: {
          files: { 'turbo.json': json({ globalPassThroughEnv: ['PORT'], tasks: { dev: devTask } }) },
          inWords: '`"globalPassThroughEnv": ["PORT"]` in `turbo.json`',
        },
        advised: '"globalPassThroughEnv": ["PORT"]',
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
      {
        shell: 'npm run dev',
        runs: 'turbo run dev',
        changed: {
          files: { 'turbo.json': json({ tasks: { dev: { ...devTask, passThroughEnv: ['PORT'] } } }) },
          inWords: '`"passThroughEnv": ["PORT"]` for the task in `turbo.json`',
        },
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
    page: { shows: 'Hello' },
  },
  {
    name: 'A hard-coded port',
    project: 'number-in-code',
    attempts: [
      { shell: 'node server.mjs', listensOn: 8080, whenTaken: 'ends' },
      {
        shell: 'node server.mjs',
        advised: 'make it read PORT',
        changed: { files: { 'server.mjs': readsPort }, inWords: '`process.env.PORT` instead of the number' },
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
    page: { shows: 'Hello' },
  },
  {
    name: 'A server that tries the next port',
    project: 'slides',
    attempts: [
      { shell: 'node server.mjs', listensOn: 'reserved', whenTaken: 1 },
      { shell: 'node build.mjs && node server.mjs', isOvertaken: true, listensOn: 4001 },
    ],
    page: { shows: 'Hello' },
  },
  {
    name: 'A worker that never listens',
    project: 'worker',
    attempts: [
      { shell: 'node worker.mjs', listensOn: 'nothing' },
      { shell: 'node worker.mjs', advised: '"ready": false', config: { ready: false }, listensOn: 'nothing' },
    ],
  },
];
