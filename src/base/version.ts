/** The version of this program, as package.json has it; a test holds the two together. */
export const VERSION = '0.1.0';

export const GENERATOR = `rpm-deps ${VERSION}`;

/** The commit that an executable was built from, set by its build; undefined elsewhere. */
declare const __RPM_DEPS_COMMIT__: string | undefined;

export function versionText(): string {
  const commit = typeof __RPM_DEPS_COMMIT__ === 'string' ? __RPM_DEPS_COMMIT__ : '';
  return commit === '' ? VERSION : `${VERSION} (${commit})`;
}
