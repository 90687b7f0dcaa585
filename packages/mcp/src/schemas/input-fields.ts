import { z } from 'zod';

/** Clients see the length limits, but the use cases check them, so that errors read the same everywhere. */
export function serviceName(description: string) {
  return z.string().meta({ description, minLength: 1, maxLength: 100 });
}

export const projectDir = z
  .string()
  .min(1, 'projectDir must not be empty')
  .optional()
  .describe(
    "Project directory, or a directory below it: absolute, or relative to the server's working directory. If omitted: the server's own project or, if it has none, the project that the client works in (its roots).",
  );

/** Input fields of a tool that lists things of one project or of all projects. */
export function listFields(what: string) {
  const showAll = z.boolean().optional().describe(`Show ${what} of all projects, not only of one project.`);
  return { showAll, projectDir };
}

/** Arguments for `refine`: rejects showAll together with a narrower field. */
export function refuseBoth<Narrower extends 'projectDir' | 'serviceName'>(narrower: Narrower) {
  return [
    (input: { showAll?: boolean | undefined } & { [name in Narrower]?: string | undefined }) =>
      !input.showAll || input[narrower] === undefined,
    `showAll covers all projects, so it cannot be combined with ${narrower}`,
  ] as const;
}

/** Input of a tool that lists things of one project or of all projects. */
export function listInput(what: string) {
  return z.strictObject(listFields(what)).refine(...refuseBoth('projectDir'));
}
