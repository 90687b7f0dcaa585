import { connect } from 'node:net';

/** On loopback an answer takes microseconds; a listener whose queue is full does not answer at all. */
const answerTimeoutMs = 250;

/** Does somebody accept connections on this port of the loopback? Connects and hangs up at once. */
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
