/** Left by WSL in every shell: a page opens in the browser of Windows, without a display of Linux. */
const wslMarks = ['WSL_DISTRO_NAME', 'WSL_INTEROP'];
const displays = ['DISPLAY', 'WAYLAND_DISPLAY'];

/** Can a page be shown to the person who calls? Pure. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'darwin') return true;
  return [...displays, ...wslMarks].some((name) => Boolean(env[name]));
}
