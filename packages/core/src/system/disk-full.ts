/** What the system and SQLite report if there is no space left on the disk, or in the user's quota. */
const codes = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];

/** Whether a write failed because the disk is full. @param error a system error, an error of SQLite, or only its code */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  return typeof code === 'string' && codes.some((full) => code.startsWith(full));
}
