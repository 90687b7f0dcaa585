import * as v from 'valibot';

/** A string that satisfies a domain rule; `findProblem` returns "must …" for an invalid string. */
export function ruledString(typeProblem: string, findProblem: (text: string) => string | undefined) {
  return v.pipe(
    v.string(typeProblem),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? findProblem(dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
  );
}
