import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** The name of a user: of the caller, or from /etc/passwd. Users of a directory service are not looked up, which may take long. */
export function findUserName(uid: number): string | undefined {
  try {
    const self = userInfo();
    if (self.uid === uid) return self.username;
  } catch {
    // The caller has no name: a container may be run as any user.
  }
  try {
    return userNameIn(readFileSync('/etc/passwd', 'utf8'), uid);
  } catch {
    return undefined;
  }
}

/** `name:x:uid:…`, a user a line. */
export function userNameIn(passwd: string, uid: number): string | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , id] = line.split(':');
    if (id === String(uid)) return name;
  }
  return undefined;
}
