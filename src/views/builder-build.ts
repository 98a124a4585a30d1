import { type ContainerData, containerView, images, version } from './containers.ts';
import type { ObjectOf } from './shape.ts';

const shape = { ...version, ...images };

export const builderBuildView = containerView(
  'builder build',
  'The builder images that were built',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
