/** Names derived only from project, base and topic, so that repeating an operation has no further effect. */
import { sha256 } from '../base/sha256.ts';
import type { BotTopic } from '../manifest/bot-section.ts';
import type { BotSettings } from './settings.ts';

export interface TopicName {
  /** Path of the manifest in the repository. */
  readonly manifest: string;
  readonly base: string;
  /** `update`, `bump`, `holds`, or `update-SOURCE`; with `only: security` `security-update` and so on. */
  readonly topic: string;
}

/** Default names of manifests, which are omitted in names of branches. */
const USUAL = /^rpm-packages\.(?:ya?ml|json)$/;

const SECURITY = 'security-';

/** What is only for security has topics of its own: it does not replace proposals of everything. */
export const topicFor = (topic: string, { only }: Pick<BotSettings, 'only'>): string =>
  only === 'security' ? `${SECURITY}${topic}` : topic;

export function kindOf(topic: string): BotTopic {
  const plain = topic.startsWith(SECURITY) ? topic.slice(SECURITY.length) : topic;
  return plain === 'bump' || plain === 'holds' ? plain : 'update';
}

/** Whether a run with these settings works out a topic. Of the others it knows nothing. */
export const isWorkedOut = (topic: string, { topics, only }: Pick<BotSettings, 'topics' | 'only'>): boolean =>
  topic === 'holds' || (topics.includes(kindOf(topic)) && topic.startsWith(SECURITY) === (only === 'security'));

/** `rpm-deps/main/update`, or `rpm-deps/main/images.update` for a manifest in `images`. */
export function branchName(prefix: string, { manifest, base, topic }: TopicName): string {
  const project = projectPart(manifest);
  return `${branchFolder(prefix, base)}${project === '' ? '' : `${project}.`}${slug(topic)}`;
}

/** The common prefix of all branches for a base. */
export const branchFolder = (prefix: string, base: string): string => `${prefix}/${slug(base)}/`;

/** Whether a branch belongs to a project; names of projects are never prefixes of each other. */
export function isBranchOf(branch: string, prefix: string, { manifest, base }: Omit<TopicName, 'topic'>): boolean {
  const folder = branchFolder(prefix, base);
  if (!branch.startsWith(folder)) return false;
  const name = branch.slice(folder.length);
  const project = projectPart(manifest);
  return project === '' ? !name.includes('.') : name.startsWith(`${project}.`);
}

/** One manifest on one base branch. */
export const projectName = ({ manifest, base }: Omit<TopicName, 'topic'>): string => `${base}:${manifest}`;

/** Identifies a topic in hidden markers. */
export const topicKey = ({ topic, ...project }: TopicName): string => `${topic}@${projectName(project)}`;

function projectPart(manifest: string): string {
  if (USUAL.test(manifest)) return '';
  const slash = manifest.lastIndexOf('/');
  // Other manifest names are used completely, so that `a.yaml` differs from the manifest in the directory `a`.
  return slug(USUAL.test(manifest.slice(slash + 1)) ? manifest.slice(0, slash) : manifest);
}

/** Converts a text to a part of a branch name, without dots and slashes. Changed texts get a digest, so that names stay unique. */
function slug(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9_+-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (plain === text) return plain;
  return `${plain}${plain === '' ? '' : '-'}${sha256(text).slice(0, 8)}`;
}
