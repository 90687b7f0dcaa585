import { execFileSync } from 'node:child_process';
import { defineConfig } from 'vite';

/** The front end asks Candle where its api lives: neither port stands in any file. */
function apiPort(): number {
  const answer = process.env.API_PORT || askCandle();
  const port = Number(answer);
  if (!port) throw new Error(`The front end cannot find its api: '${answer}' is not a port`);
  return port;
}

function askCandle(): string {
  try {
    return execFileSync('candle', ['get-reserved-port', 'api'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    const why = code === 'ENOENT' ? 'candle is not on the PATH (API_PORT does without it)' : stderr;
    throw new Error(`The front end cannot find its api: ${why}`);
  }
}

export default defineConfig(() => {
  if (!process.env.PORT) {
    throw new Error('The front end needs PORT. Reserve one and start it: candle reserve-port web && candle start web');
  }
  return {
    clearScreen: false,
    server: {
      host: '127.0.0.1',
      port: Number(process.env.PORT),
      strictPort: true,
      proxy: {
        '/api': { target: `http://127.0.0.1:${apiPort()}`, rewrite: (path) => path.replace(/^\/api/, '') },
      },
    },
  };
});
