import { attached, type ContainerData, containerView, images } from './containers.ts';
import { type ObjectOf, optional } from './shape.ts';

const shape = { ...images, attached: optional(attached) };

export const imagePushView = containerView(
  'image push',
  'The images that were pushed',
  shape,
  (data: ContainerData & ObjectOf<typeof shape>) => data,
);
