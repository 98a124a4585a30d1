import { type ContainerData, containerView, images } from './containers.ts';
import type { ObjectOf } from './shape.ts';

const shape = { ...images };

export const imagePushView = containerView(
  'image push',
  'The images that were pushed',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
