import { type ContainerData, containerView, verifiedImage } from './containers.ts';
import { flag, list, type TypeOf } from './shape.ts';

type Verified = TypeOf<typeof verifiedImage>;

export interface ImageVerifyData extends ContainerData {
  readonly equal: boolean;
  readonly images: readonly (Omit<Verified, 'other_version'> & { readonly otherVersion: Verified['other_version'] })[];
}

export const imageVerifyView = containerView(
  'image verify',
  'How the packages of images differ from the lockfiles',
  { equal: flag('Whether the exit code is 0: no difference anywhere'), images: list(verifiedImage, 'One entry an image') },
  ({ equal, images }: ImageVerifyData) => ({
    equal,
    images: images.map(({ otherVersion, ...image }) => ({ ...image, other_version: otherVersion })),
  }),
);
