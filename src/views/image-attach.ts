import { attached } from './containers.ts';
import { object, type TypeOf } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({ attached });

export const imageAttachView = defineView({
  command: 'image attach',
  about: 'The CycloneDX files that were attached to images',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: (data) => data.attached.map(({ reference, digest }) => `${reference} has the CycloneDX file ${digest}\n`).join(''),
});
