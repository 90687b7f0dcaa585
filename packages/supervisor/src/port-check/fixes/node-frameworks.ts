import { type Framework, flagWins, longPort, option, port, readsNone } from './framework.ts';

/** Programs for Node.js and compatible runtimes. */
export const nodeFrameworks: readonly Framework[] = [
  {
    name: 'Vite',
    program: /^(?:vite|svelte-kit dev|react-router dev|remix vite:dev)(?: (?!build|optimize)|$)/,
    why: readsNone,
    flag: '--port $PORT --strictPort',
    given: longPort,
  },
  { name: 'Astro', program: /^astro (?:dev|preview)\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  // Since version 22, PORT takes precedence over everything else.
  {
    name: 'Angular',
    program: /^ng (?:serve|s|dev)\b/,
    why: `${readsNone} before version 22`,
    flag: '--port $PORT',
    given: longPort,
  },
  { name: 'Next.js', program: /^next(?:-server\b| (?:dev|start)\b|$)/, why: flagWins, flag: '-p $PORT', given: port },
  { name: 'Nuxt', program: /^(?:nuxt|nuxi) (?:dev|preview)\b/, why: flagWins, flag: '--port $PORT', given: port },
  {
    name: 'webpack-dev-server',
    program: /^(?:webpack-dev-server|webpack (?:serve|server|s)\b|webpack-cli serve)/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  { name: 'Create React App', program: /^react-scripts start\b/, why: 'reads PORT, unless a .env file sets another' },
  { name: 'Vue CLI', program: /^vue-cli-service serve\b/, why: flagWins, flag: '--port $PORT', given: longPort },
  { name: 'Gatsby', program: /^gatsby develop\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'Docusaurus',
    program: /^docusaurus (?:start|serve)\b/,
    why: 'may not read PORT',
    flag: '--port $PORT',
    given: port,
  },
  { name: 'Parcel', program: /^parcel(?: (?!build|watch)|$)/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'esbuild',
    program: /^esbuild .*--serve\b/,
    why: readsNone,
    flag: '--serve=$PORT',
    given: / --serve(?:=\d+)?(?= |$)/,
  },
  {
    name: 'Storybook',
    program: /^storybook dev\b/,
    why: readsNone,
    flag: '-p $PORT --exact-port',
    given: port,
  },
  { name: 'http-server', program: /^http-server\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'serve',
    program: /^serve(?: |$)/,
    why: flagWins,
    flag: '-l $PORT',
    given: option('--listen', '--port', '-l', '-p'),
  },
  { name: 'json-server', program: /^json-server\b/, why: 'may not read PORT', flag: '--port $PORT', given: port },
  { name: 'Wrangler', program: /^wrangler (?:dev|pages dev)\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  { name: 'Deno', program: /^deno serve\b/, why: readsNone, flag: '--port $PORT', given: longPort },
];
