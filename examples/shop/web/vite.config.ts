import { defineConfig } from 'vite';

/** Candle tells the front end both ports, its own and the api's: neither stands in any file. */
function portIn(variable: string, service: string): number {
  const port = Number(process.env[variable]);
  if (!port) {
    throw new Error(
      `The front end needs ${variable}. Reserve it and start: candle reserve-port ${service} && candle start`,
    );
  }
  return port;
}

export default defineConfig(() => ({
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: portIn('PORT', 'web'),
    strictPort: true,
    proxy: {
      '/api': {
        target: `http://127.0.0.1:${portIn('API_PORT', 'api')}`,
        rewrite: (path) => path.replace(/^\/api/, ''),
      },
    },
  },
}));
