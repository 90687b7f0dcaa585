import { execFileSync } from 'node:child_process';
import { defineConfig } from 'vite';

/** The front end asks Candle where its api lives, so neither port stands in any file. */
function apiPort(): string {
  if (process.env.API_PORT) return process.env.API_PORT;
  try {
    return execFileSync('candle', ['get-reserved-port', 'api'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'candle is not on the PATH' : 'candle knows no port';
    throw new Error(`The front end cannot find its api: ${why}. Run: candle reserve-port api (or set API_PORT)`, {
      cause,
    });
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
