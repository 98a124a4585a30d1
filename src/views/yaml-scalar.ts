/** A YAML scalar: plain if every reader parses it as a string, else in JSON's double quotes, which are valid YAML. */
export const yamlScalar = (text: string): string =>
  /^[A-Za-z/][A-Za-z0-9 ._/+~^-]*$/.test(text) && text.trim() === text && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
