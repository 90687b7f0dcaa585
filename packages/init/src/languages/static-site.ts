import { Findings, nameFor, pathIn, rootOf, type Source } from '../source.ts';

const hugoNames = ['hugo.toml', 'hugo.yaml', 'hugo.yml', 'hugo.json', 'config/_default/hugo.toml'];
/** The names before version 0.110, which other programs use too. */
const oldHugoNames = ['config.toml', 'config.yaml'];

/** Without a build tool, files are served by Python, which is installed on most systems; npx would download a server. */
export const staticSite: Source = {
  fileNames: ['index.html', ...hugoNames],
  find(files, directory) {
    const findings = new Findings();
    const existing = (names: readonly string[]) =>
      names.find((name) => files.kindOf(pathIn(directory, name)) === 'file');
    const hasArchetypes = files.kindOf(pathIn(directory, 'archetypes')) === 'directory';
    const hugo = existing(hugoNames) ?? (hasArchetypes ? existing(oldHugoNames) : undefined);
    const page = existing(['index.html', 'public/index.html']);
    const folder = page?.startsWith('public/') === true ? ' --directory public' : '';
    const found =
      hugo !== undefined
        ? { file: hugo, shell: 'hugo server --port ${port}' }
        : page !== undefined
          ? { file: page, shell: `python3 -m http.server \${port} --bind 127.0.0.1${folder}` }
          : undefined;
    if (found === undefined) return findings;
    findings.services.push({
      service: { name: nameFor(directory, 'site'), shell: found.shell, ...rootOf(directory), port: 'auto' },
      from: { file: pathIn(directory, found.file) },
      isSelected: true,
      ...(hugo === undefined ? { guess: `${found.file} is the only sign of a server` } : {}),
    });
    return findings;
  },
};
