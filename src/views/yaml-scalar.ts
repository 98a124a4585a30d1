/** A YAML scalar: plain where every reader takes it for a text, else in JSON's double quotes, which are YAML's too. */
export const yamlScalar = (text: string): string =>
  /^[A-Za-z/][A-Za-z0-9 ._/+~^-]*$/.test(text) && text.trim() === text && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
