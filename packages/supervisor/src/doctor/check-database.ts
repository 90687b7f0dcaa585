import { existsSync } from 'node:fs';
import { type DatabaseInspection, inspectDatabase, shellWord } from '@candle/core';
import { type Check, counted, type Finding, ok, problem, warning } from './check.ts';

/** It is made each day while a service runs. Milliseconds. */
const oldCopyMs = 7 * 24 * 60 * 60 * 1000;

const mending = 'The next command that needs it, like candle ps, restores what is known and says what is lost';

/** Is it sound, of a schema that this Candle knows, and copied now and then? Are there damaged ones of earlier days? */
export const checkDatabase: Check = {
  name: 'database',
  run: ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('There is none yet');
    const inspection = inspectDatabase(stateDir);
    return [...conditionOf(inspection), ...setAsideOf(inspection)];
  },
};

function conditionOf(inspection: DatabaseInspection): readonly Finding[] {
  const { path, condition, damage, schema, knownSchema, copiedAtMs } = inspection;
  if (condition === 'not made yet') return ok('There is none yet');
  if (condition === 'gone') return [problem(`${path} is gone, and there was one`, mending)];
  if (condition === 'damaged') return [problem(`${path} is damaged (${damage})`, mending)];
  const newer =
    schema !== undefined && schema > knownSchema ? ', made by a newer Candle that lets this one use it' : '';
  const copied = copiedAtMs === undefined ? 'not copied yet' : `copied ${new Date(copiedAtMs).toISOString()}`;
  const sound = `${path} is sound (schema ${schema}${newer}, ${copied})`;
  if (copiedAtMs === undefined || Date.now() - copiedAtMs < oldCopyMs) return ok(sound);
  return [warning(`${sound}: the copy is more than a week old`, 'It is renewed while a service runs')];
}

function setAsideOf({ setAside }: DatabaseInspection): readonly Finding[] {
  if (setAside.length === 0) return [];
  const reports = setAside.filter((path) => path.endsWith('.json'));
  const sentence = `${counted(reports.length, 'database was', 'databases were')} damaged or gone, and replaced; what was restored and what was lost stands in ${reports.join(', ')}`;
  const hint = `When nothing is missed any more: rm ${setAside.map(shellWord).join(' ')}`;
  return [warning(sentence, hint)];
}
