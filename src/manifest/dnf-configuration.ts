/** Settings in dnf's configuration that a Containerfile writes (dnf.conf(5), `[main]`) and that change which packages are installed. */

import { splitList } from '../base/split-list.ts';
import { parseFlag, readSections } from './repo-file.ts';

export interface DnfConfiguration {
  readonly weakDependencies?: boolean;
  readonly best?: boolean;
  readonly exclude?: readonly string[];
  /** Unsupported settings. */
  readonly others?: readonly string[];
}

export const DNF_CONFIGURATIONS: readonly string[] = ['/etc/dnf/dnf.conf', '/etc/yum.conf', '/etc/yum/yum.conf'];

/** Unsupported settings of dnf.conf and `--setopt` (also for one repository) that change the result. */
export const OTHER_SETTINGS =
  /^(?:(?:.*\.)(?:excludepkgs|module_hotfixes|priority|cost)|(?:.*\.)?includepkgs|obsoletes|multilib_policy|arch|basearch|ignorearch|exclude_from_weak(?:_autodetect)?|allow_vendor_change|module_(?:platform_id|stream_switch|obsoletes)|installonlypkgs|protected_packages)$/;

/** Values equal to the default, or without effect on the result here. */
const HARMLESS =
  /^(?:(?:obsoletes|allow_vendor_change|exclude_from_weak_autodetect)=(?:1|yes|true|on)|multilib_policy=best|module_\w+=.*|protected_packages=.*)$/i;

/** Parses a configuration file that replaces the previous one. */
export function readConfiguration(text: string): DnfConfiguration {
  const main = readSections(text).sections.filter(({ id }) => id === 'main');
  return main
    .flatMap(({ options }) => [...options])
    .map(([key, { value }]) => ({ key, value }))
    .reduce(withSetting, {});
}

/** Adds the settings that a script writes to the configuration, directly or with `dnf config-manager`. */
export function configuredByScript(script: string, before: DnfConfiguration): DnfConfiguration {
  if (!/\/etc\/(?:dnf\/dnf|yum(?:\/yum)?)\.conf\b|\bconfig-manager\b.*(?:--save\b|\bsetopt\b)/s.test(script)) return before;
  const text = script.replaceAll('\\n', '\n');
  return [...text.matchAll(SWITCH), ...text.matchAll(LIST)]
    .map(([, key = '', value = '']) => ({ key, value: value.trim() }))
    .filter(({ value }) => value !== '' && !value.includes('.*'))
    .reduce(withSetting, before);
}

const SWITCH = /(?<![\w.-])(install_weak_deps|best)\s*=\s*(\w+)/g;
/** Matches names and globs, up to other text such as the next setting. */
const LIST = /(?<![\w.-])(exclude(?:pkgs)?)\s*=[ ]*((?:[\w+*?[\]:~^.-]+(?![\w+*?[\]:~^.=-])[, ]*)*)/g;

function withSetting(found: DnfConfiguration, { key, value }: { readonly key: string; readonly value: string }): DnfConfiguration {
  const flag = parseFlag(value);
  if (key === 'install_weak_deps' || key === 'best')
    return flag === undefined ? found : { ...found, [key === 'best' ? key : 'weakDependencies']: flag };
  // Repeated lists are joined; an empty list resets them.
  if (key === 'exclude' || key === 'excludepkgs')
    return { ...found, exclude: value === '' ? [] : [...(found.exclude ?? []), ...splitList(value)] };
  if (!OTHER_SETTINGS.test(key) || HARMLESS.test(`${key}=${value}`)) return found;
  return { ...found, others: [...(found.others ?? []), key] };
}
