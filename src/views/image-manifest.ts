import { type ContainerData, containerView, manifests } from './containers.ts';
import type { ObjectOf } from './shape.ts';

const shape = { ...manifests };

export const imageManifestView = containerView(
  'image manifest',
  'The names for all architectures that were pushed',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
