import { defineConfig } from 'vite';

export default defineConfig({
  server: {
    proxy: { '/api': process.env.SERVER_URL ?? 'http://localhost:3001' },
  },
});
