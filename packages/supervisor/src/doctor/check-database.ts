import { existsSync } from 'node:fs';
import { advise, candle, type DatabaseInspection, inspectDatabase, phrase, program } from '@candle/core';
import { type Check, counted, type Finding, ok, problem, warning } from './check.ts';

/** A copy is made every day while a service is running. Milliseconds. */
const oldCopyMs = 7 * 24 * 60 * 60 * 1000;

const recoveryHint = phrase(
  'The next command that needs it, such as ',
  { command: candle('ps') },
  ', restores what it can and reports what is lost',
);

/** Checks that the database is intact, has a known schema and is copied regularly, and looks for earlier damaged ones. */
export const checkDatabase: Check = {
  name: 'database',
  run: ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('No database yet');
    const inspection = inspectDatabase(stateDir);
    return [...conditionOf(inspection), ...setAsideOf(inspection)];
  },
};

function conditionOf(inspection: DatabaseInspection): readonly Finding[] {
  const { path, condition, damage, schema, knownSchema, copiedAtMs } = inspection;
  if (condition === 'not made yet') return ok('No database yet');
  if (condition === 'gone') return [problem(`${path} existed before, but is missing`, recoveryHint)];
  if (condition === 'damaged') return [problem(`${path} is damaged (${damage})`, recoveryHint)];
  const newer = schema !== undefined && schema > knownSchema ? ', created by a newer, compatible Candle' : '';
  const copied = copiedAtMs === undefined ? 'no copy yet' : `copied ${new Date(copiedAtMs).toISOString()}`;
  const intact = `${path} is intact (schema ${schema}${newer}, ${copied})`;
  if (copiedAtMs === undefined || Date.now() - copiedAtMs < oldCopyMs) return ok(intact);
  return [
    warning(
      `${intact}: the copy is more than a week old`,
      'Start a service: Candle renews the copy while a service is running',
    ),
  ];
}

function setAsideOf({ setAside }: DatabaseInspection): readonly Finding[] {
  if (setAside.length === 0) return [];
  const reports = setAside.filter((path) => path.endsWith('.json'));
  const sentence = `${counted(reports.length, 'database was', 'databases were')} damaged or missing, and replaced; what was restored and what was lost is listed in ${reports.join(', ')}`;
  const hint = advise('If nothing is missing', program('rm', ...setAside));
  return [warning(sentence, hint)];
}
