// Writes drizzle-kit's SQL into a module, so that a bundle contains its migrations. With --check, it only checks that the module is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const drizzle = new URL('../drizzle/', import.meta.url);
const target = fileURLToPath(new URL('../src/store/migrations.ts', import.meta.url));
const { entries } = JSON.parse(readFileSync(new URL('meta/_journal.json', drizzle), 'utf8'));

const body = entries.map(({ tag }) => {
  const sql = readFileSync(new URL(`${tag}.sql`, drizzle), 'utf8')
    .replaceAll('--> statement-breakpoint', '')
    .trim();
  return `  {\n    name: '${tag}',\n    sql: \`${sql.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\`,\n  },\n`;
});
const text = `// Written by scripts/embed-migrations.mjs from drizzle/*.sql: edit schema.ts, then run \`pnpm run migrations\`.
// biome-ignore-all format: generated

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order. The schema version is the number of applied migrations. */
export const migrations: readonly Migration[] = [
${body.join('')}];
`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/store/migrations.ts does not match drizzle/: run `pnpm --filter @candle/core run migrations`');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
