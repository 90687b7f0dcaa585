// Writes the entries of the changelogs: the text of each changeset, without the hash of its commit. An entry about a new
// version of a dependency tells a reader nothing, because all packages have the same version.

/** @returns {Promise<string>} */
export async function getReleaseLine({ summary }) {
  const [first, ...more] = summary.trim().split('\n');
  return [`- ${first}`, ...more.map((line) => `  ${line}`.trimEnd())].join('\n');
}

/** @returns {Promise<string>} */
export async function getDependencyReleaseLine() {
  return '';
}
