/** Whether to write escape sequences. Checks FORCE_COLOR first, then NO_COLOR, then whether the stream is a terminal. */
export function showsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return !env.NO_COLOR && stream.isTTY === true;
}
