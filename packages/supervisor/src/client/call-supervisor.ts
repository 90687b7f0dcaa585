import { connect, type Socket } from 'node:net';
import { openRpc, type SupervisorApi } from './protocol.ts';
import { openSocketAddress } from './socket-address.ts';

export type SupervisorAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Nobody listens. */
  | { readonly kind: 'absent' }
  /** Somebody listens, and has not answered in time. */
  | { readonly kind: 'silent' };

/** Calls the supervisor of a state directory once. */
export async function callSupervisor<T>(
  stateDir: string,
  call: (supervisor: SupervisorApi) => Promise<T>,
  { timeoutMs }: { timeoutMs: number },
): Promise<SupervisorAnswer<T>> {
  const socket = await connectTo(stateDir);
  if (socket === undefined) return { kind: 'absent' };
  try {
    const supervisor = openRpc<SupervisorApi, object>(socket, {}, { timeoutMs });
    const hungUp = new Promise<'hung up'>((resolve) => socket.once('close', () => resolve('hung up')));
    const value = await Promise.race([call(supervisor as unknown as SupervisorApi), hungUp]);
    return value === 'hung up' ? { kind: 'absent' } : { kind: 'answered', value };
  } catch {
    return { kind: 'silent' };
  } finally {
    socket.destroy();
  }
}

/** A socket that nobody listens on refuses at once; one with a full queue takes until somebody accepts. */
async function connectTo(stateDir: string): Promise<Socket | undefined> {
  let address: ReturnType<typeof openSocketAddress>;
  try {
    address = openSocketAddress(stateDir);
  } catch {
    return undefined;
  }
  try {
    return await new Promise<Socket | undefined>((resolve) => {
      const socket = connect(address.path);
      socket.once('connect', () => {
        socket.removeAllListeners('error').on('error', () => undefined);
        resolve(socket);
      });
      socket.once('error', () => resolve(undefined));
    });
  } finally {
    address.close();
  }
}
