import { defineConfig } from 'vite';

/** Candle passes both ports to the front end, its own and the api's. No file contains them. */
function portIn(variable: string, service: string): number {
  const port = Number(process.env[variable]);
  if (!port) {
    throw new Error(
      `${variable} is not set. Reserve a port and start the services: candle reserve-port ${service} && candle start`,
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
