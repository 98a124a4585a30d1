import { type ContainerData, containerView, images } from './containers.ts';
import type { ObjectOf } from './shape.ts';

const shape = { ...images };

export const imageBuildView = containerView(
  'image build',
  'The images that were built',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
