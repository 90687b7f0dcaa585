/** One way to write a service of a project, and what is expected of it. */
export interface Attempt {
  /** The command of the service. */
  readonly shell: string;
  /** What that runs in the end, where the command does not say it. */
  readonly runs?: string;
  /** Files of the project that are written before, and what the page says of them. */
  readonly changed?: { readonly files: Readonly<Record<string, string>>; readonly inWords: string };
  /** Fields of the service in `.candle.json` beside its name, command and port. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where it listens when all numbers are free. */
  readonly listensOn: 'reserved' | 'nothing' | number;
  /** What it does when another program has that number: it ends, or listens on the number that is so many further on. */
  readonly whenTaken?: 'ends' | number;
}

/** A project of projects/, with what Candle makes of it as it is, and then with the remedy. */
export interface FrameworkCase {
  readonly name: string;
  readonly project: string;
  /** The package whose version the page names. */
  readonly dependency?: string;
  /** A program that the machine must have. */
  readonly needs?: string;
  readonly attempts: readonly Attempt[];
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const readsPort = `import { createServer } from 'node:http';

const port = Number(process.env.PORT);
createServer((_request, response) => response.end('Hello')).listen(port, () => console.log('Listening on', port));
`;

export const cases: readonly FrameworkCase[] = [
  {
    name: 'Vite',
    project: 'vite',
    dependency: 'vite',
    attempts: [
      { shell: 'npm run dev', runs: 'vite', listensOn: 5173, whenTaken: 1 },
      { shell: 'npm run dev -- --port $PORT', runs: 'vite --port $PORT', listensOn: 'reserved', whenTaken: 1 },
      {
        shell: 'npm run dev -- --port $PORT --strictPort',
        runs: 'vite --port $PORT --strictPort',
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
  },
  {
    name: 'Next.js',
    project: 'next',
    dependency: 'next',
    attempts: [{ shell: 'npm run dev', runs: 'next dev', listensOn: 'reserved', whenTaken: 'ends' }],
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
  },
  {
    name: 'Fastify',
    project: 'fastify',
    dependency: 'fastify',
    attempts: [{ shell: 'npm start', runs: 'node server.js', listensOn: 'reserved', whenTaken: 'ends' }],
  },
  {
    name: 'Express',
    project: 'express',
    dependency: 'express',
    attempts: [{ shell: 'npm start', runs: 'node server.js', listensOn: 'reserved', whenTaken: 'ends' }],
  },
  {
    name: 'Python `http.server`',
    project: 'python',
    needs: 'python3',
    attempts: [
      { shell: 'python3 -m http.server', listensOn: 8000, whenTaken: 'ends' },
      { shell: 'python3 -m http.server $PORT', listensOn: 'reserved', whenTaken: 'ends' },
    ],
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
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
      {
        shell: 'npm run dev',
        runs: 'turbo run dev',
        changed: {
          files: {
            'turbo.json': json({ tasks: { dev: { cache: false, persistent: true, passThroughEnv: ['PORT'] } } }),
          },
          inWords: '`"passThroughEnv": ["PORT"]` for the task in `turbo.json`',
        },
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
  },
  {
    name: 'A number in the code',
    project: 'number-in-code',
    attempts: [
      { shell: 'node server.mjs', listensOn: 8080, whenTaken: 'ends' },
      {
        shell: 'node server.mjs',
        changed: { files: { 'server.mjs': readsPort }, inWords: '`process.env.PORT` in the place of the number' },
        listensOn: 'reserved',
        whenTaken: 'ends',
      },
    ],
  },
  {
    name: 'A server that tries the next number',
    project: 'slides',
    attempts: [{ shell: 'node server.mjs', listensOn: 'reserved', whenTaken: 1 }],
  },
  {
    name: 'A worker that never listens',
    project: 'worker',
    attempts: [
      { shell: 'node worker.mjs', listensOn: 'nothing' },
      { shell: 'node worker.mjs', config: { ready: false }, listensOn: 'nothing' },
    ],
  },
];
