/** `$name` and `${name}` in URLs and ids, as in dnf. */
export type VariableValues = Readonly<Record<string, string>>;

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

/** Names without a value stay unchanged. */
export function fillVariables(text: string, values: VariableValues): string {
  return text.replace(VARIABLE, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(values, name) ? values[name]! : whole;
  });
}
