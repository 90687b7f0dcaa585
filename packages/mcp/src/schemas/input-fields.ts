import { z } from 'zod';

/** Lengths are told to clients, but checked by the use cases, so that a bad name gets the same sentence everywhere. */
export function serviceName(description: string) {
  return z.string().meta({ description, minLength: 1, maxLength: 100 });
}

export const projectDir = z
  .string()
  .min(1, 'projectDir must not be empty')
  .optional()
  .describe(
    "Directory of the project, or one below it: absolute, or relative to the server's working directory. Left out, the server's own project; where it has none, the one that the client works in (its roots).",
  );

/** The fields of a tool that lists, of one project or of all. */
export function listFields(what: string) {
  const showAll = z
    .boolean()
    .optional()
    .describe(`Show ${what} of every project of this state directory, not only of one.`);
  return { showAll, projectDir };
}

/** For `refine`: all projects, and something narrower. */
export function refuseBoth<Narrower extends 'projectDir' | 'serviceName'>(narrower: Narrower) {
  return [
    (input: { showAll?: boolean | undefined } & { [name in Narrower]?: string | undefined }) =>
      !input.showAll || input[narrower] === undefined,
    `showAll asks for all projects, so ${narrower} cannot be given`,
  ] as const;
}

/** The input of a tool that lists, of one project or of all. */
export function listInput(what: string) {
  return z.strictObject(listFields(what)).refine(...refuseBoth('projectDir'));
}
