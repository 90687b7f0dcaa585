import { InvalidServiceNameError } from './errors.ts';

const maxNameLength = 100;

interface NameRule {
  readonly broken: (name: string) => boolean;
  readonly problem: string;
}

/** Only the first broken rule is reported, so the order is by usefulness to the user. */
const rules: readonly NameRule[] = [
  { broken: (name) => name === '', problem: 'must not be empty' },
  { broken: (name) => [...name].length > maxNameLength, problem: `must be at most ${maxNameLength} characters long` },
  { broken: (name) => /\p{Cc}/u.test(name), problem: 'must not contain control characters' },
  { broken: (name) => /[\p{Zl}\p{Zp}]/u.test(name), problem: 'must be a single line' },
  {
    // Node replaces invalid UTF-8 in arguments with U+FFFD, so that different names could become equal.
    broken: (name) => /[\p{Cs}\ufffd]/u.test(name),
    problem: 'must be valid Unicode text',
  },
  {
    // With such characters, a terminal could show a different name.
    broken: (name) => /[\u202a-\u202e\u2066-\u2069]/u.test(name),
    problem: 'must not contain characters that change the direction of text',
  },
  { broken: (name) => name !== name.trim(), problem: 'must not begin or end with white space' },
  {
    broken: (name) => /^[\p{Default_Ignorable_Code_Point}\p{Z}]*$/u.test(name),
    problem: 'must contain a visible character',
  },
  { broken: (name) => name.startsWith('-'), problem: "must not begin with '-'" },
  {
    broken: (name) => name.split(/[/\\]/).some((segment) => segment === '.' || segment === '..'),
    problem: "must not contain '.' or '..' as a path segment",
  },
];

/** What is wrong with a service name, as "must …"; undefined for a valid name. */
export function findServiceNameProblem(name: string): string | undefined {
  return rules.find((rule) => rule.broken(name))?.problem;
}

/**
 * Returns the name if it is valid: 1 to 100 characters (code points) of printable text on a single line, without a leading
 * `-`, white space at the ends, or `.` and `..` as a path segment.
 * @throws InvalidServiceNameError
 */
export function parseServiceName(name: string): string {
  const problem = findServiceNameProblem(name);
  if (problem !== undefined) throw new InvalidServiceNameError(name, problem);
  return name;
}
