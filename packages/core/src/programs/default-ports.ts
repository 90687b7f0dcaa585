import type { Framework } from './framework.ts';

/** The port on which each framework listens if nothing sets another one, from its documentation. */
const defaultPorts: Readonly<Record<string, number>> = {
  Vite: 5173,
  Astro: 4321,
  Angular: 4200,
  'Next.js': 3000,
  Nuxt: 3000,
  'webpack-dev-server': 8080,
  'Create React App': 3000,
  'Vue CLI': 8080,
  Gatsby: 8000,
  Docusaurus: 3000,
  Parcel: 1234,
  Storybook: 6006,
  Wrangler: 8787,
  Deno: 8000,
  Rsbuild: 3000,
  Rspack: 8080,
  Eleventy: 8080,
  VitePress: 5173,
  Rails: 3000,
  Puma: 9292,
  Jekyll: 4000,
  Laravel: 8000,
  'Spring Boot': 8080,
  Quarkus: 8080,
  Hugo: 1313,
  Redis: 6379,
  PostgreSQL: 5432,
  MongoDB: 27017,
  Django: 8000,
  Flask: 5000,
  Uvicorn: 8000,
  FastAPI: 8000,
  Gunicorn: 8000,
  'http.server': 8000,
  Streamlit: 8501,
};

export function defaultPortOf({ name }: Pick<Framework, 'name'>): number | undefined {
  return defaultPorts[name];
}
