import { type CandleError, isCandleError } from '../errors/candle-error.ts';

/**
 * Why the config of a project directory cannot be read; undefined if it can, or if there is none. The parser is imported
 * dynamically because port commands do not need it for anything else.
 */
export async function findConfigProblem(projectDir: string): Promise<CandleError | undefined> {
  const { findConfig } = await import('./read-config.ts');
  try {
    await findConfig(projectDir);
  } catch (error) {
    if (isCandleError(error)) return error;
    throw error;
  }
  return undefined;
}
