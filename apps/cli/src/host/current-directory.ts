/** The current directory; when it has been deleted, the path that the shell still has for it. */
export function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env.PWD ?? '/';
  }
}
