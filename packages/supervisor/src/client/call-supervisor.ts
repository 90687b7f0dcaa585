import { connect, type Socket } from 'node:net';
import { openRpc, type SupervisorApi } from './protocol.ts';
import { openSocketAddress } from './socket-address.ts';

export type SupervisorAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** No process listens on the socket. */
  | { readonly kind: 'absent' }
  /** A process listens, but did not answer in time. */
  | { readonly kind: 'silent' };

/** Makes a single call to the supervisor of a state directory. */
export async function callSupervisor<T>(
  stateDir: string,
  call: (supervisor: SupervisorApi) => Promise<T>,
  { timeoutMs }: { timeoutMs: number },
): Promise<SupervisorAnswer<T>> {
  const socket = await connectTo(stateDir);
  if (socket === undefined) return { kind: 'absent' };
  try {
    const supervisor = openRpc<SupervisorApi, object>(socket, {}, { timeoutMs });
    const closed = new Promise<'closed'>((resolve) => socket.once('close', () => resolve('closed')));
    const value = await Promise.race([call(supervisor as unknown as SupervisorApi), closed]);
    return value === 'closed' ? { kind: 'absent' } : { kind: 'answered', value };
  } catch {
    return { kind: 'silent' };
  } finally {
    socket.destroy();
  }
}

/** A socket without a listener refuses immediately. With a full queue, connecting takes until the listener accepts. */
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
