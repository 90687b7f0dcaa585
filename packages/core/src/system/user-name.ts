import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * The name of the caller, or of a user in /etc/passwd. Does not query a directory service, because that may take long.
 */
export function findUserName(uid: number): string | undefined {
  try {
    const self = userInfo();
    if (self.uid === uid) return self.username;
  } catch {
    // The caller has no name, because a container can run as any user id.
  }
  try {
    return userNameIn(readFileSync('/etc/passwd', 'utf8'), uid);
  } catch {
    return undefined;
  }
}

/** Finds a name in lines of the form `name:x:uid:…`. */
export function userNameIn(passwd: string, uid: number): string | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , id] = line.split(':');
    if (id === String(uid)) return name;
  }
  return undefined;
}
