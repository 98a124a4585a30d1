/** The version of this program, the same as in package.json (checked by a test). */
export const VERSION = '0.1.0';

export const GENERATOR = `rpm-deps ${VERSION}`;

/** The commit of an executable, set by its build; undefined otherwise. */
declare const __RPM_DEPS_COMMIT__: string | undefined;

export function versionText(): string {
  const commit = typeof __RPM_DEPS_COMMIT__ === 'string' ? __RPM_DEPS_COMMIT__ : '';
  return commit === '' ? VERSION : `${VERSION} (${commit})`;
}
