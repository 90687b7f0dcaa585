import { dirname } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to tell the commands of a coding agent from those of a person. */
interface CodingAgent {
  readonly name: string;
  /** Variables that only this agent sets, for the commands it runs. */
  readonly marks: readonly string[];
  /** Further variables that it sets with its marks, and that say nothing by themselves. */
  readonly alsoSet?: readonly string[];
}

const codingAgents: readonly CodingAgent[] = [
  { name: 'any that follows the convention', marks: ['AI_AGENT'] },
  { name: 'Claude Code', marks: ['CLAUDECODE'], alsoSet: ['CLAUDE_CODE_ENTRYPOINT'] },
  {
    name: 'Codex',
    marks: ['CODEX_SANDBOX', 'CODEX_THREAD_ID', 'CODEX_CI'],
    alsoSet: ['CODEX_SANDBOX_NETWORK_DISABLED'],
  },
  { name: 'Copilot CLI', marks: ['COPILOT_CLI'] },
  { name: 'Cursor', marks: ['CURSOR_AGENT'], alsoSet: ['CURSOR_TRACE_ID'] },
  { name: 'Gemini CLI', marks: ['GEMINI_CLI'] },
  { name: 'OpenCode', marks: ['OPENCODE'] },
];

/** The variables that known coding agents set for the commands they run. */
export const codingAgentMarks: readonly string[] = codingAgents.flatMap(({ marks }) => marks);

/** Settings and credentials of an agent are not among them: a person may have set them for a program that uses it. */
const agentVariables = new Set([...codingAgentMarks, ...codingAgents.flatMap(({ alsoSet = [] }) => alsoSet)]);

/** Whether a known coding agent runs this command. */
export function isRunByAgent(env: Environment): boolean {
  return codingAgentMarks.some((mark) => Boolean(env[mark]));
}

/** What started Candle, and set a variable for that. */
export type Launcher = 'agent' | 'package-manager' | 'git';

/** What is left of the value of a variable without the part of a launcher. */
export interface LaunchedValue {
  readonly launcher: Launcher;
  /** Undefined if nothing is left. */
  readonly rest: string | undefined;
}

/**
 * Finds out whether a launcher of Candle has set a variable, for Candle and not for its services. Some dev servers behave
 * differently if a variable of an agent is set (`astro dev` moves to the background), and a service must not depend on who
 * started it. What a person has set is not among them. Undefined for any other variable. Pure.
 */
export function findLauncher(name: string, env: Environment): LaunchedValue | undefined {
  if (agentVariables.has(name)) return { launcher: 'agent', rest: undefined };
  if (isOfGit(name, env)) return { launcher: 'git', rest: undefined };
  if (isOfPackageManager(name, env)) return { launcher: 'package-manager', rest: undefined };
  const rest = findRest(name, env[name] ?? '');
  return rest === undefined ? undefined : { launcher: 'package-manager', rest: rest === '' ? undefined : rest };
}

/** What `git rev-parse --local-env-vars` lists, without settings, and what hooks get. */
const repositoryVariables = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REFLOG_ACTION',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

function isOfGit(name: string, env: Environment): boolean {
  if (repositoryVariables.has(name)) return true;
  // Git sets this for hooks and aliases, together with the author of a commit.
  if (env.GIT_EXEC_PATH === undefined) return false;
  return name === 'GIT_EXEC_PATH' || /^GIT_AUTHOR_/.test(name) || (name === 'GIT_EDITOR' && env[name] === ':');
}

/** Describe the script or the package that is run. npm and pnpm, Yarn and Bun use the same names. */
const runVariables =
  /^(?:npm_(?:lifecycle|package)_.+|npm_(?:command|execpath|node_execpath)|INIT_CWD|PROJECT_CWD|BERRY_BIN_FOLDER|PNPM_SCRIPT_SRC_DIR|PNPM_PACKAGE_NAME|pnpm_config_verify_deps_before_run)$/;

/** Settings that package managers set for their own run, such as `--workspace`. */
const runSettings =
  /^npm_config_(?:call|global_prefix|if_present|include_workspace_root|local_prefix|node_gyp|npm_version|package|user_agent|verify_deps_before_run|workspaces?|_jsr_registry)$/;

function isOfPackageManager(name: string, env: Environment): boolean {
  if (runVariables.test(name) || runSettings.test(name)) return true;
  if (env.npm_lifecycle_event === undefined && env.npm_command === undefined) return false;
  const given = defaultsOfRun(env)[name];
  return (given !== undefined && env[name] === given) || name === 'COLOR' || name === 'npm_config_loglevel';
}

/** Settings that npm passes to a script although nobody has set them, with their default values. */
function defaultsOfRun({
  HOME,
  npm_node_execpath: node = '',
  npm_config_global_prefix: prefix,
}: Environment): Environment {
  return {
    // Programs use vi anyway if nothing is set.
    EDITOR: 'vi',
    NODE: node,
    npm_config_allow_scripts: '',
    npm_config_cache: `${HOME}/.npm`,
    npm_config_globalconfig: `${prefix}/etc/npmrc`,
    npm_config_init_module: `${HOME}/.npm-init.js`,
    npm_config_noproxy: '',
    npm_config_prefix: dirname(dirname(node)),
    npm_config_userconfig: `${HOME}/.npmrc`,
  };
}

/** Where pnpm keeps packages, and where Candle is. pnpm adds these to NODE_PATH for each program that it links. */
const linkedPackages = /(?:^|\/)(?:\.pnpm|@candle)(?:\/|$)/;

/** How Yarn and pnpm load Plug'n'Play into the programs of their run. */
const plugAndPlay =
  /(?:^|\s+)(?:(?:-r|--require)(?:\s+|=)\S*\.pnp\.c?js|--(?:experimental-)?loader(?:\s+|=)\S*\.pnp\.loader\.mjs)(?=\s|$)/g;

/** What is left of a list without what a package manager adds to it; undefined if it has added nothing. */
function findRest(name: string, value: string): string | undefined {
  if (name !== 'NODE_PATH' && name !== 'NODE_OPTIONS') return undefined;
  const entries = value.split(':');
  const rest =
    name === 'NODE_PATH'
      ? entries.filter((entry) => !linkedPackages.test(entry)).join(':')
      : value.replace(plugAndPlay, '').trim();
  return rest === value.trim() ? undefined : rest;
}
