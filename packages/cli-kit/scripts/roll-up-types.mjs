// Rolls the types up into one file an entry, what they need of oclif's included, so that a plugin installs nothing else;
// and writes down what is public, for check-api.mjs.

import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import extractor from '@microsoft/api-extractor';

const { Extractor, ExtractorConfig, ExtractorLogLevel } = extractor;
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = join(dist, 'types');

// API Extractor leaves out what lies within node_modules.
const oclif = dirname(createRequire(import.meta.url).resolve('@oclif/core'));
cpSync(oclif, join(types, 'oclif'), { recursive: true, filter: (path) => !path.endsWith('.js') });
cpSync(fileURLToPath(new URL('promised-command.d.ts', import.meta.url)), join(types, 'oclif', 'command.d.ts'));

const compilerOptions = {
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  paths: {
    '@oclif/core/errors': [join(types, 'oclif', 'errors', 'index.d.ts')],
    '@oclif/core/*': [join(types, 'oclif', '*')],
  },
};
const none = { logLevel: ExtractorLogLevel.None };

for (const [name, file] of [
  ['index', 'index.d.ts'],
  ['testing', 'testing/index.d.ts'],
]) {
  const entry = join(types, file);
  const config = ExtractorConfig.prepare({
    // There is none; paths are relative to it.
    configObjectFullPath: join(dist, '..', 'api-extractor.json'),
    packageJsonFullPath: join(dist, '..', 'package.json'),
    configObject: {
      projectFolder: join(dist, '..'),
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      // What is marked as internal is left out.
      dtsRollup: { enabled: true, untrimmedFilePath: '', publicTrimmedFilePath: join(dist, `${name}.d.ts`) },
      apiReport: {
        enabled: true,
        reportFileName: name === 'index' ? 'cli-kit' : `cli-kit-${name}`,
        reportFolder: join(types, 'api'),
        reportTempFolder: join(types, 'api', 'temporary'),
        reportVariants: ['public'],
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // Types of oclif that stand behind the public ones have no names of their own.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-forgotten-export': none,
          'ae-missing-release-tag': none,
          'ae-internal-missing-underscore': none,
          'ae-undocumented': none,
        },
        tsdocMessageReporting: { default: none },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      // Who changed what, and that a file is new: check-api.mjs says it.
      if (message.category === 'console') message.handled = true;
    },
  });
  if (!succeeded) process.exitCode = 1;
}
