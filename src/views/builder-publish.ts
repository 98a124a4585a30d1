import { attached, type ContainerData, containerView, images, manifests, version } from './containers.ts';
import { type ObjectOf, optional } from './shape.ts';

const shape = { ...version, ...images, ...manifests, attached: optional(attached) };

export const builderPublishView = containerView(
  'builder publish',
  'The builder images that were pushed, and the name for all of them',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
