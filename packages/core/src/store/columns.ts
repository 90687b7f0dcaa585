import { getTableColumns, type Table } from 'drizzle-orm';
import { runs, services } from './schema.ts';

/**
 * What to select from these tables to get rows as drizzle returns them: all columns, with the names that they have in the code.
 * The CLI contains these texts instead of this file, because drizzle takes longer to load than most commands take.
 */
export const columns = {
  runs: selectionOf(runs),
  services: selectionOf(services),
};

function selectionOf(table: Table): string {
  return Object.entries(getTableColumns(table))
    .map(([name, column]) => `${column.name} AS ${name}`)
    .join(', ');
}
