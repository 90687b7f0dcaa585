import * as v from 'valibot';

/** A string that a rule of the domain accepts; the rule answers with "must …". */
export function ruledString(typeProblem: string, findProblem: (text: string) => string | undefined) {
  return v.pipe(
    v.string(typeProblem),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? findProblem(dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
  );
}
