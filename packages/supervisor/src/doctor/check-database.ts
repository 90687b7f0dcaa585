import { existsSync } from 'node:fs';
import { advise, candle, type DatabaseInspection, inspectDatabase, phrase, program } from '@candle/core';
import { type Check, counted, type Finding, ok, problem, warning } from './check.ts';

/** A change is copied within a minute. Milliseconds. */
const maxCopyDelayMs = 120_000;

const recoveryHint = phrase(
  'The next command that needs it, such as ',
  { command: candle('ps') },
  ', restores it from its copy and reports what is lost',
);

const copyHint =
  'The next command that reserves or releases a port replaces the copy; if this warning stays, check that the disk is not full';

/** Checks that the database is intact, has a known schema and a current copy, and looks for earlier damaged ones. */
export const checkDatabase: Check = {
  name: 'database',
  run: ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('No database yet');
    const inspection = inspectDatabase(stateDir);
    return [...conditionOf(inspection), ...setAsideOf(inspection)];
  },
};

function conditionOf(inspection: DatabaseInspection): readonly Finding[] {
  const { path, condition, damage, schema, knownSchema, copy } = inspection;
  if (condition === 'not made yet') return ok('No database yet');
  if (condition === 'gone') return [problem(`${path} existed before, but is missing`, recoveryHint)];
  if (condition === 'damaged') return [problem(`${path} is damaged (${damage})`, recoveryHint)];
  const newer = schema !== undefined && schema > knownSchema ? ', created by a newer, compatible Candle' : '';
  const copied = copy === undefined ? 'no copy yet' : `copied ${new Date(copy.copiedAtMs).toISOString()}`;
  const intact = `${path} is intact (schema ${schema}${newer}, ${copied})`;
  if (copy?.problem !== undefined) return [warning(`${intact}, but its copy is damaged (${copy.problem})`, copyHint)];
  const isLate = copy !== undefined && !copy.isCurrent && Date.now() - copy.copiedAtMs > maxCopyDelayMs;
  return isLate ? [warning(`${intact}, but the latest reservations are not in its copy`, copyHint)] : ok(intact);
}

function setAsideOf({ setAside }: DatabaseInspection): readonly Finding[] {
  if (setAside.length === 0) return [];
  const reports = setAside.filter((path) => path.endsWith('.json'));
  const sentence = `${counted(reports.length, 'database was', 'databases were')} damaged or missing, and replaced; what was restored and what was lost is listed in ${reports.join(', ')}`;
  const hint = advise('If nothing is missing', program('rm', ...setAside));
  return [warning(sentence, hint)];
}
