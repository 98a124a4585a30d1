/** Shapes and views of the commands that run podman or docker. */
import {
  type AllDeclared,
  count,
  flag,
  list,
  object,
  oneOf,
  optional,
  path,
  prose,
  type Shape,
  type TypeOf,
  text,
  texts,
} from './shape.ts';
import { defineView, type View } from './view.ts';

export interface ContainerData {
  readonly dryRun: boolean;
  readonly commands: readonly (readonly string[])[];
  /** Output lines for users. */
  readonly lines: readonly string[];
}

const base = {
  dry_run: flag('Whether `--dry-run` was given: no command was run'),
  commands: list(list(prose('An argument'), 'The program and its arguments'), 'The commands that were run, or with `--dry-run` would be'),
};

const imageShape = object(
  {
    reference: text('Name and tag'),
    set: optional(text('The package set')),
    architecture: text('The architecture, as containers name it'),
    lock_digest: optional(text('Digest of the lockfile that it was built from')),
    packages: optional(count('Locked packages in it')),
    image_id: optional(text('Id of the image; absent in a dry run')),
    not_run: optional(
      list(
        object({
          package: text('A package, as NEVRA'),
          scripts: texts("Its scriptlets, under rpm's names"),
          missing: texts('Its `%ghost` files that are missing in the image'),
        }),
        'Packages whose scriptlets were not run',
      ),
    ),
    digest: optional(text('Digest in the registry; absent in a dry run')),
  },
  'An image',
);

const manifestShape = object(
  {
    reference: text('Name and tag'),
    architectures: texts('The architectures, as containers name them'),
    digest: optional(text('Digest in the registry; absent in a dry run')),
  },
  'A name for the images of all architectures',
);

const attachedShape = object(
  {
    reference: text('Name and tag of the image'),
    image_digest: text('Digest of the image in the registry'),
    digest: text("Digest of the artifact's manifest"),
    found_by: oneOf(
      ['referrers', 'tag'],
      "How it is found: by the registry's list of referrers, or by the tag `sha256-DIGEST` of the image",
    ),
  },
  'A CycloneDX file that is attached to an image',
);

export const attached = list(attachedShape, 'One entry an image');
export const images = { images: list(imageShape, 'One entry an image') };
export const manifests = { manifests: list(manifestShape, 'One entry a name') };
export const version = { version: text('The built or pushed version: the tag without the architecture') };

export const verifiedImage = object({
  image: text('Name of the image'),
  set: text('The package set'),
  architecture: text('The architecture, as containers name it'),
  lockfile: path('The lockfile'),
  locked: count('Locked packages'),
  equal: flag('Whether the image has exactly the locked packages'),
  missing: texts('Locked and not installed, as NEVRA'),
  extra: texts('Installed and not locked, as NEVRA'),
  other_version: list(
    object({
      name: text('Name'),
      arch: text('Architecture'),
      locked: text('The locked version'),
      installed: text('The installed version'),
    }),
    'Installed in another version',
  ),
  files: list(
    object({
      path: text('Path in the image'),
      package: text('Its package, as NEVRA; empty if it is in no package'),
      what: text('What differs; `unpackaged`: a file with setuid, setgid or capabilities in no package'),
      expected: text('As the package has it'),
      found: text('As the image has it'),
    }),
    'Files that differ from their packages, and files in no package that give rights',
  ),
  database: texts("What is wrong with rpm's database"),
});

/** The view of a command that runs podman or docker, with its keys besides `dry_run` and `commands`. */
export function containerView<
  P extends Readonly<Record<string, Shape<never>>>,
  Data extends ContainerData,
  Given extends TypeOf<ReturnType<typeof object<P>>>,
>(
  command: string,
  about: string,
  properties: P,
  json: ((data: Data) => Given) & AllDeclared<Omit<Given, keyof ContainerData>, TypeOf<ReturnType<typeof object<P>>>>,
): View<Data> {
  return defineView({
    command,
    about,
    schema: 1,
    shape: object({ ...base, ...properties }) as Shape<object>,
    json: (data: Data): object => ({ dry_run: data.dryRun, commands: data.commands, ...json(data) }),
    text: ({ lines }) => lines.map((line) => `${line}\n`).join(''),
  });
}
