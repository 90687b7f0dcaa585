import { portInCode } from '../default-port.ts';
import { type Entries, entriesOf, readReported, readToml, reported, textOf, textsOf } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { ProposedService, WrittenService } from '../proposal.ts';
import {
  Findings,
  nameFor,
  pathIn,
  quoteWord,
  readHint,
  resolvePath,
  rootOf,
  type Source,
  setupIn,
} from '../source.ts';

/** The first start compiles the program and what it depends on. */
const afterCompilation = { ready: { port: true, timeout: '5m' } } as const;

const goServer = /\bListenAndServe|\bnet\.Listen\(|\.Run\(|\.Start\(|\.Listen\(|\bPORT\b/;

/** Flags of the standard library and of pflag, which Cobra uses. */
const goPortFlag = /(?:\bflag|[fF]lags\(\))\.(?:Int|String|Uint)\w*\([^)\n]{0,200}"port"/;

/** The main package of a module, and those in `cmd`. */
export const go: Source = {
  fileNames: ['go.mod'],
  find(files, directory) {
    const findings = new Findings();
    const file = pathIn(directory, 'go.mod');
    const module = readReported(files, file, findings);
    if (module === undefined) return findings;
    const [, path = ''] = /^[ \t]*module[ \t]+"?([^\s"]+)/m.exec(module) ?? [];
    const moduleName =
      path
        .replace(/\/v\d+$/, '')
        .split('/')
        .at(-1) || 'app';
    const packages = [
      { path: '.', name: nameFor(directory, moduleName) },
      ...files.list(pathIn(directory, 'cmd')).map((name) => ({ path: `./cmd/${name}`, name })),
    ];
    for (const { path, name } of packages) {
      const found = readGoPackage(
        files,
        pathIn(directory, path)
          .replace(/(^|\/)\.\/?/, '$1')
          .replace(/\/$/, ''),
      );
      if (found === undefined) continue;
      const service = goService({ directory, path, name, ...found });
      findings.services.push(service);
      if (service.defaultPort !== undefined && !/\bPORT\b/.test(found.text))
        findings.advise(
          { file: found.file },
          `Port ${service.defaultPort} is fixed in this package; read PORT from the environment instead`,
        );
    }
    const isUsed = findings.services.length > 0;
    const inputs = ['go.sum', 'go.mod'].filter((name) => files.kindOf(pathIn(directory, name)) === 'file');
    return isUsed ? { ...findings, setup: setupIn(directory, 'go mod download', inputs) } : findings;
  },
};

interface GoPackage {
  /** The file with the function `main`. */
  readonly file: string;
  readonly text: string;
}

function readGoPackage(files: ProjectFiles, directory: string): GoPackage | undefined {
  const sources = files
    .list(directory)
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .slice(0, 20)
    .map((name) => ({ file: pathIn(directory, name), text: readHint(files, pathIn(directory, name)) }));
  const main = sources.find(({ text }) => /^package main\b/m.test(text) && /^func main\(/m.test(text));
  return main && { file: main.file, text: sources.map(({ text }) => text).join('\n') };
}

function goService(found: GoPackage & { directory: string; path: string; name: string }): ProposedService {
  const { directory, path, name, file, text } = found;
  const hasFlag = goPortFlag.test(text);
  const serves = hasFlag || goServer.test(text) || /\bserve/i.test(name) || /^(?:api|web|app)$/.test(name);
  const service: WrittenService = {
    name,
    shell: `go run ${quoteWord(path)}${hasFlag ? ' --port ${port}' : ''}`,
    ...rootOf(directory),
    port: 'auto',
    ...afterCompilation,
  };
  const defaultPort = portInCode(text);
  return {
    service,
    from: { file },
    ...(defaultPort === undefined ? {} : { defaultPort }),
    isSelected: serves,
    ...(serves
      ? { guess: hasFlag ? 'its code has a flag for the port' : 'it has to read its port from PORT' }
      : { unselectedBecause: 'its code does not show that it opens a port' }),
  };
}

const rustServers = /^(?:axum|actix-web|rocket|warp|hyper|tide|poem|salvo|tonic|ntex|loco-rs|leptos_axum)$/;

/** The programs of a package or of the members of a workspace. */
export const rust: Source = {
  fileNames: ['Cargo.toml'],
  find(files, directory) {
    const findings = new Findings();
    const manifest = entriesOf(reported(findings, readToml(files, pathIn(directory, 'Cargo.toml')))?.value);
    const members = memberDirectories(files, directory, textsOf(entriesOf(manifest.workspace).members));
    addRustPrograms(findings, files, { directory, manifest, directoryOfPackage: directory });
    for (const member of members) {
      const memberManifest = entriesOf(reported(findings, readToml(files, pathIn(member, 'Cargo.toml')))?.value);
      addRustPrograms(findings, files, { directory, manifest: memberManifest, directoryOfPackage: member });
    }
    const inputs = ['Cargo.lock', 'Cargo.toml'].filter((name) => files.kindOf(pathIn(directory, name)) === 'file');
    return findings.services.length > 0
      ? { ...findings, setup: setupIn(directory, 'cargo fetch', inputs.slice(0, 1)) }
      : findings;
  },
};

/** More is a mistake, or not written by hand. */
const maxMembers = 50;

/** The members of a workspace; a pattern may end with `/*`. */
function memberDirectories(files: ProjectFiles, directory: string, patterns: readonly string[]): readonly string[] {
  const found = patterns.flatMap((pattern) => {
    const parent = resolvePath(directory, pattern.replace(/\/?\*$/, ''));
    if (parent === undefined || parent.includes('*')) return [];
    return pattern.endsWith('*') ? files.list(parent).map((name) => pathIn(parent, name)) : [parent];
  });
  return [...new Set(found)]
    .filter((path) => path !== directory && files.kindOf(pathIn(path, 'Cargo.toml')) === 'file')
    .slice(0, maxMembers);
}

interface RustPackage {
  readonly directory: string;
  readonly manifest: Entries;
  readonly directoryOfPackage: string;
}

function addRustPrograms(findings: Findings, files: ProjectFiles, rustPackage: RustPackage): void {
  const { directory, manifest, directoryOfPackage } = rustPackage;
  const declared = Array.isArray(manifest.bin) ? manifest.bin.map((bin) => textOf(entriesOf(bin).name)) : [];
  const packageName = textOf(entriesOf(manifest.package).name);
  const isImplied = files.kindOf(pathIn(directoryOfPackage, 'src/main.rs')) === 'file';
  const names = declared.length > 0 ? declared : isImplied ? [packageName] : [];
  const server = Object.keys(entriesOf(manifest.dependencies)).find((name) => rustServers.test(name));
  const isMember = directory !== directoryOfPackage;
  const defaultPort = portInCode(readHint(files, pathIn(directoryOfPackage, 'src/main.rs')));
  for (const name of names) {
    if (name === undefined || packageName === undefined) continue;
    const options = [
      ...(isMember ? [`-p ${quoteWord(packageName)}`] : []),
      ...(names.length > 1 ? [`--bin ${quoteWord(name)}`] : []),
    ];
    findings.services.push({
      service: {
        name,
        shell: ['cargo run', ...options].join(' '),
        ...rootOf(directory),
        port: 'auto',
        ...(server === 'rocket' ? { portEnv: 'ROCKET_PORT' } : {}),
        ...afterCompilation,
      },
      from: { file: pathIn(directoryOfPackage, 'Cargo.toml') },
      ...(defaultPort === undefined ? {} : { defaultPort }),
      isSelected: server !== undefined,
      ...(server === undefined
        ? { unselectedBecause: 'it depends on no web framework' }
        : server === 'rocket'
          ? {}
          : { guess: `it uses ${server}, and has to read its port from PORT` }),
    });
  }
}

interface JavaBuild {
  /** The build file, the wrapper, and the command without a wrapper. */
  readonly files: readonly string[];
  readonly wrapper: string;
  readonly command: string;
  readonly springBoot: string;
  readonly quarkus: string;
}

const javaBuilds: readonly JavaBuild[] = [
  {
    files: ['build.gradle.kts', 'build.gradle'],
    wrapper: 'gradlew',
    command: 'gradle',
    springBoot: 'bootRun',
    quarkus: 'quarkusDev',
  },
  { files: ['pom.xml'], wrapper: 'mvnw', command: 'mvn', springBoot: 'spring-boot:run', quarkus: 'quarkus:dev' },
];

/** Spring Boot and Quarkus, built with Gradle or Maven. */
export const java: Source = {
  fileNames: javaBuilds.flatMap(({ files }) => files),
  find(files, directory) {
    const findings = new Findings();
    for (const build of javaBuilds) {
      const name = build.files.find((file) => files.kindOf(pathIn(directory, file)) === 'file');
      if (name === undefined || findings.services.length > 0) continue;
      const file = pathIn(directory, name);
      const text = readReported(files, file, findings) ?? '';
      const isQuarkus = /\bio\.quarkus\b/.test(text);
      // A plugin that is only declared for subprojects does not run here.
      if (!isQuarkus && !/spring-boot-maven-plugin|org\.springframework\.boot['")\s](?!.*apply false)/.test(text))
        continue;
      const hasWrapper = files.kindOf(pathIn(directory, build.wrapper)) === 'file';
      findings.services.push({
        service: {
          name: nameFor(directory, 'app'),
          shell: `${hasWrapper ? `./${build.wrapper}` : build.command} ${isQuarkus ? build.quarkus : build.springBoot}`,
          ...rootOf(directory),
          port: 'auto',
          portEnv: isQuarkus ? 'QUARKUS_HTTP_PORT' : 'SERVER_PORT',
          ...afterCompilation,
        },
        from: { file },
        isSelected: true,
      });
    }
    return findings;
  },
};

const projectFile = /\.(?:cs|fs|vb)proj$/;

/** ASP.NET Core. */
export const dotnet: Source = {
  fileNames: ['*.csproj'],
  readsOther: (name) => projectFile.test(name),
  find(files, directory) {
    const findings = new Findings();
    const projects = files.list(directory).filter((name) => projectFile.test(name));
    for (const name of projects) {
      const file = pathIn(directory, name);
      if (!/Sdk="Microsoft\.NET\.Sdk\.Web"/.test(readReported(files, file, findings) ?? '')) continue;
      const option = projects.length > 1 ? ` --project ${quoteWord(name)}` : '';
      findings.services.push({
        service: {
          name: nameFor(directory, name.replace(/\.\w+$/, '').toLowerCase()),
          shell: `dotnet run${option} --urls http://localhost:\${port}`,
          ...rootOf(directory),
          port: 'auto',
          ...afterCompilation,
        },
        from: { file },
        isSelected: true,
      });
    }
    return findings.services.length > 0
      ? { ...findings, setup: setupIn(directory, 'dotnet restore', projects) }
      : findings;
  },
};
