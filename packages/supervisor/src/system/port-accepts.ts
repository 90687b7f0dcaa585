import { connect } from 'node:net';

/** On loopback, connecting takes microseconds. A listener with a full queue does not respond at all. */
const answerTimeoutMs = 250;

/** Whether a process accepts connections on this loopback port. Connects and disconnects immediately. */
export async function portAccepts(port: number): Promise<boolean> {
  return (await accepts(port, '127.0.0.1')) || (await accepts(port, '::1'));
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(answerTimeoutMs, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
