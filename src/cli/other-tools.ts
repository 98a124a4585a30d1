/** Commands of dnf, uv, cargo and npm that people type by habit, and the commands of rpm-deps that do the same. */
const ADD = '`rpm-deps add NAME --set SET` adds a package to the manifest and locks it; `rpm-deps image build` makes images with it';
const REMOVE = '`rpm-deps remove NAME` removes a package from the manifest and the lockfiles';
const UPDATE = '`rpm-deps update [NAME...]` locks newer versions';
const LOCK = '`rpm-deps lock` updates the lockfiles after the manifest was edited';
const TREE = '`rpm-deps tree NAME` shows what a locked package needs';
const GROUP = '`rpm-deps add @GROUP --set SET` adds a group of packages, and `rpm-deps remove @GROUP` removes it';

const WORDS: Readonly<Record<string, string>> = {
  install: ADD,
  erase: REMOVE,
  uninstall: REMOVE,
  autoremove: LOCK,
  upgrade: UPDATE,
  'distro-sync': UPDATE,
  sync: `${LOCK}; \`rpm-deps fetch\` downloads what is locked`,
  freeze: LOCK,
  compile: LOCK,
  download: '`rpm-deps fetch --output DIR` downloads what is locked',
  repoquery: '`rpm-deps search PATTERN` and `rpm-deps info NAME` ask the repositories',
  provides: '`rpm-deps search CAPABILITY` asks the repositories',
  list: '`rpm-deps tree` shows what is locked',
  depends: TREE,
  deplist: TREE,
  'check-update': '`rpm-deps outdated` compares locked packages with the repositories',
  downgrade: '`rpm-deps update --allow-downgrade NAME` follows a repository to an older version; a version in the manifest pins one',
  show: '`rpm-deps info NAME` asks the repositories, `rpm-deps why NAME` the lockfiles',
  up: UPDATE,
  'update-minimal': UPDATE,
  groupinstall: GROUP,
  group: GROUP,
  'generate-lockfile': LOCK,
  versionlock: '`holds` in the manifest keeps versions, `versions` pins them',
  module: '`modules` in the manifest enables and disables module streams',
  mark: '`holds` in the manifest keeps versions, `versions` pins them',
  repolist: '`repositories` in the manifest lists the repositories',
  'config-manager': '`repositories` in the manifest lists the repositories',
  makecache: '`rpm-deps update` and other commands read what is new by themselves',
  history: '`rpm-deps diff REVISION` compares with lockfiles in git',
  builddep: '`rpm-deps search` finds packages; `rpm-deps add NAME --set SET` adds them',
  version: '`rpm-deps --version` prints it',
  clean: '`rpm-deps cache clean` removes files from the cache',
  new: '`rpm-deps init` writes a manifest to start from',
};

export const WORDS_OF_OTHER_TOOLS: readonly string[] = Object.keys(WORDS);

/** The hint for a command of another tool; undefined for other words. */
export const hintForOtherTool = (word: string): string | undefined => (Object.hasOwn(WORDS, word) ? WORDS[word] : undefined);
