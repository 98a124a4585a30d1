/** Names that are functions of project, base and topic: doing something twice under them is doing it once. */
import { sha256 } from '../base/sha256.ts';

export interface TopicName {
  /** Path of the manifest in the repository. */
  readonly manifest: string;
  readonly base: string;
  /** `update`, `bump`, `holds`, or `update-SOURCE`. */
  readonly topic: string;
}

/** Manifests that need no name of their own. */
const USUAL = /^rpm-packages\.(?:ya?ml|json)$/;

/** `rpm-deps/main/update`, or `rpm-deps/main/images.update` for a manifest in `images`. */
export function branchName(prefix: string, { manifest, base, topic }: TopicName): string {
  const project = projectPart(manifest);
  return `${branchFolder(prefix, base)}${project === '' ? '' : `${project}.`}${slug(topic)}`;
}

/** Where all branches for a base are. */
const branchFolder = (prefix: string, base: string): string => `${prefix}/${slug(base)}/`;

/** What branches of one project begin with, within the folder of their base; none of them is the beginning of another's. */
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
  // Another name than the usual one counts whole, so that `a.yaml` is not the manifest of the folder `a`.
  return slug(USUAL.test(manifest.slice(slash + 1)) ? manifest.slice(0, slash) : manifest);
}

/** Fit for a part of a branch's name, without dots and slashes. What had to be changed gets a digest, so that no two names become one. */
function slug(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9_+-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (plain === text) return plain;
  return `${plain}${plain === '' ? '' : '-'}${sha256(text).slice(0, 8)}`;
}
