import { findNodeAtLocation } from 'jsonc-parser';
import { findCycle } from '../../config/dependencies.ts';
import { fieldOf, isRecord, listMembers, type ServiceNode } from '../../config/document.ts';
import type { TextProblem } from '../../config/syntax-tree.ts';
import { quote } from '../../errors/quote.ts';
import { findReferenceProblem } from './reference-problem.ts';
import { referencesIn } from './template-syntax.ts';

/** A text that can contain templates, with its location in the file. */
interface TemplateText {
  readonly offset: number;
  readonly field: string;
  readonly text: string;
}

/** Invalid references, each at its own text, and cycles of variables. */
export function findTemplateProblems(services: readonly ServiceNode[]): readonly TextProblem[] {
  const names = services.flatMap(({ value }) => (isRecord(value) && typeof value.name === 'string' ? value.name : []));
  return services.flatMap((service) => {
    const env = listVariables(service);
    const known = { services: names, variables: env.map(({ name }) => name) };
    const texts = [...listTexts(service), ...env];
    const invalid = texts.flatMap(({ offset, field, text }) =>
      referencesIn(text).flatMap((reference) => {
        const problem = findReferenceProblem(reference, known);
        return problem === undefined ? [] : [{ offset, field, problem }];
      }),
    );
    return [...invalid, ...findCycleProblems(env)];
  });
}

const plainFields = [['shell'], ['ready', 'http'], ['ready', 'log'], ['ready', 'exec'], ['ready', 'port']] as const;

function listTexts({ node, field }: ServiceNode): readonly TemplateText[] {
  return plainFields.flatMap((path) => {
    const found = findNodeAtLocation(node, [...path]);
    if (found?.type !== 'string') return [];
    return [{ offset: found.offset, field: path.reduce<string>(fieldOf, field), text: String(found.value) }];
  });
}

function listVariables({ node, field }: ServiceNode): readonly (TemplateText & { readonly name: string })[] {
  const env = findNodeAtLocation(node, ['env']);
  if (env === undefined) return [];
  return listMembers(env).flatMap(({ key, value }) => {
    if (value === undefined) return [];
    const name = String(key.value);
    return [{ name, offset: value.offset, field: fieldOf(`${field}.env`, name), text: String(value.value) }];
  });
}

/** Cycles, each at its first variable. A cycle that shares a variable with another appears once the other is fixed. */
function findCycleProblems(env: readonly (TemplateText & { readonly name: string })[]): readonly TextProblem[] {
  const cycle = findCycle(
    env.map(({ name, text }) => ({
      name,
      dependsOn: referencesIn(text).flatMap((reference) => (reference.kind === 'variable' ? [reference.name] : [])),
    })),
  );
  const first = cycle && env.find(({ name }) => name === cycle[0]);
  if (cycle === undefined || first === undefined) return [];
  const { offset, field } = first;
  const problem = `is circular: ${cycle.map(quote).join(' → ')}; give one of them a value`;
  return [{ offset, field, problem }, ...findCycleProblems(env.filter(({ name }) => !cycle.includes(name)))];
}
