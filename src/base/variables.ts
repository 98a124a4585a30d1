/** `$name` and `${name}` in URLs and ids, as dnf has them. */
export type VariableValues = Readonly<Record<string, string>>;

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

/** What has no value stays as it is. */
export function fillVariables(text: string, values: VariableValues): string {
  return text.replace(VARIABLE, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(values, name) ? values[name]! : whole;
  });
}
