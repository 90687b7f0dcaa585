import { type Check, ok, problem } from './check.ts';

/** What the CLI itself refuses to run on, and may be asked from elsewhere. */
const oldestNode: readonly [number, number] = [22, 18];

/** Which Node and which Candle answer. */
export const checkVersions: Check = {
  name: 'versions',
  run: ({ candleVersion }) => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const sentence = `Candle ${candleVersion} on Node ${process.versions.node} (${process.platform}, ${process.arch})`;
    const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
    return isOld ? [problem(`${sentence}: too old`, `Use Node ${oldestNode.join('.')} or newer`)] : ok(sentence);
  },
};
